"""Two nginx backends as cheap as they can be: one worker, two ports, bodies from memory, connections kept."""

from pathlib import Path

from . import machine
from .process import Process
from .scenarios import LARGE_SIZE, MEDIUM_SIZE, SMALL_SIZE

SMALL_BODY = ("weir" * SMALL_SIZE)[: SMALL_SIZE - 1] + "\n"
FOREVER = 1_000_000_000  # requests on a connection: backends never close

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

    def __init__(self, directory: Path, cpus: str):
        directory.mkdir()
        (directory / "medium").write_bytes(b"m" * MEDIUM_SIZE)
        (directory / "large").write_bytes(b"l" * LARGE_SIZE)
        self.ports = [machine.free_port(), machine.free_port()]
        configuration = directory / "nginx.conf"
        configuration.write_text(_configuration(directory, self.ports))
        arguments = [machine.program("nginx"), "-e", "stderr", "-p", str(directory), "-c", str(configuration)]
        self.process = Process(arguments, cpus, directory, directory / "output.log")

    def stop(self) -> None:
        self.process.stop()


def _configuration(directory: Path, ports: list[int]) -> str:
    echo = "\\n".join(f"{name}={variable}" for name, variable in ECHO_FIELDS.items())
    listen = "\n".join(f"    listen 127.0.0.1:{port} backlog=4096;" for port in ports)
    return f"""{nginx_main(directory, connections=4_000)}
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
    root {directory};
    location / {{ default_type text/plain; return 200 "{SMALL_BODY.rstrip()}\\n"; }}
    location = /medium {{ }}
    location = /large {{ }}
    location = /echo {{ default_type text/plain; return 200 "{echo}\\n"; }}
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
