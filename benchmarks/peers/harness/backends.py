"""Backends as cheap as they can be: nginx with one worker and two ports of each kind, bodies from memory, connections kept.

For WebSockets, which nginx does not speak, a small server of our own.
"""

import sys

from pathlib import Path

from . import machine
from .process import Process
from .certificate import Certificate
from .scenarios import LARGE_SIZE, MEDIUM_SIZE, SMALL_SIZE, Wire

SMALL_BODY = ("weir" * SMALL_SIZE)[: SMALL_SIZE - 1] + "\n"
PEERS = Path(__file__).resolve().parents[1]
FOREVER = 1_000_000_000  # requests on a connection: backends never close

# A message of gRPC: not compressed, its length, and that many bytes.
GRPC_MESSAGE = bytes(4) + b"\x14" + b"weir" * 5

# What /echo answers: what the proxy told the backend, and how many requests its connection has carried.
ECHO_FIELDS = {
    "for": "$http_x_forwarded_for",
    "proto": "$http_x_forwarded_proto",
    "host": "$http_x_forwarded_host",
    "via": "$http_via",
    "requests": "$connection_requests",
}


class Backends:
    """The running backends."""

    def __init__(self, directory: Path, cpus: str, certificate: Certificate):
        directory.mkdir()
        (directory / "medium").write_bytes(b"m" * MEDIUM_SIZE)
        (directory / "large").write_bytes(b"l" * LARGE_SIZE)
        (directory / "message").write_bytes(GRPC_MESSAGE)
        plain, secure, calls, echo = ([machine.free_port(), machine.free_port()] for _ in range(4))
        self._ports = {Wire.PASSTHROUGH: secure, Wire.GRPC: calls, Wire.WEBSOCKET: echo}
        self._plain = plain
        configuration = directory / "nginx.conf"
        configuration.write_text(_configuration(directory, certificate, plain, secure, calls))
        arguments = [machine.program("nginx"), "-e", "stderr", "-p", str(directory), "-c", str(configuration)]
        self.process = Process(arguments, cpus, directory, directory / "output.log")
        serve = [sys.executable, "-m", "harness.echo", "serve", *map(str, echo)]
        self._echo = Process(serve, cpus, PEERS, directory / "echo.log")

    def ports(self, wire: Wire) -> list[int]:
        """Where a proxy that speaks so finds its backends."""
        return self._ports.get(wire, self._plain)

    def stop(self) -> None:
        self.process.stop()
        self._echo.stop()


def _configuration(
    directory: Path, certificate: Certificate, plain: list[int], secure: list[int], calls: list[int]
) -> str:
    echo = "\\n".join(f"{name}={variable}" for name, variable in ECHO_FIELDS.items())
    listen = "\n".join(
        [f"    listen 127.0.0.1:{port} backlog=4096;" for port in plain]
        + [f"    listen 127.0.0.1:{port} backlog=4096 ssl;" for port in secure]
    )
    listen_calls = "\n".join(f"    listen 127.0.0.1:{port} backlog=4096 http2;" for port in calls)
    return f"""{nginx_main(directory, connections=11_000)}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 600s;
  keepalive_requests {FOREVER};
  open_file_cache max=10;
  default_type application/octet-stream;
{nginx_temporary_paths(directory)}
  server {{
{listen}
    ssl_certificate {certificate.chain};
    ssl_certificate_key {certificate.key};
    ssl_protocols TLSv1.3;
    root {directory};
    location / {{ default_type text/plain; return 200 "{SMALL_BODY.rstrip()}\\n"; }}
    location = /medium {{ }}
    location = /large {{ }}
    location = /sink {{
      client_max_body_size 0;
      client_body_timeout 600s;
      proxy_pass http://127.0.0.1:{plain[0]}/small;
    }}
    location = /echo {{ default_type text/plain; return 200 "{echo}\\n"; }}
  }}
  server {{
{listen_calls}
    root {directory};
    add_trailer grpc-status 0;
    rewrite ^ /message;
    location = /message {{ types {{ }} default_type application/grpc; error_page 405 =200 /message; }}
  }}
}}
"""


def nginx_main(directory: Path, connections: int) -> str:
    """The part outside `http` that every nginx here has."""
    user = "user root root;\n" if machine.is_root() else ""  # else the worker could not read the folder
    return f"""{user}daemon off;
worker_processes 1;
worker_rlimit_nofile {machine.FILES_NEEDED};
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections {connections}; }}"""


def nginx_temporary_paths(directory: Path) -> str:
    kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    return "\n".join(f"  {kind}_temp_path {directory}/{kind};" for kind in kinds)
