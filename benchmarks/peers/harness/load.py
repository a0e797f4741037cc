"""The load: wrk where connections are kept or sessions resumed, h2load for full TLS handshakes."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import machine
from .backends import GRPC_MESSAGE
from .scenarios import HANDSHAKES_PER_SECOND, Load

BURSTS_PER_SECOND = 20
HEADERS = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Accept": "*/*"}
GRPC_HEADERS = {"content-type": "application/grpc", "te": "trailers", "user-agent": "grpc-c/1"}
PEERS = Path(__file__).resolve().parents[1]
GRACE_SECONDS = 60  # after the asked-for time a load generator is stuck

# Every proxy negotiates the same: OpenSSL's and BoringSSL's own preferences differ.
OPENSSL_CLIENT = """openssl_conf = defaults
[defaults]
ssl_conf = ssl
[ssl]
system_default = client
[client]
MinProtocol = TLSv1.3
Ciphersuites = TLS_AES_128_GCM_SHA256
Groups = X25519
"""

# Runs once, at the end: nothing of it is called per request.
WRK_REPORT = """done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\n{"requests": %d, "microseconds": %d, "status": %d, "connect": %d, "read": %d, '
    .. '"write": %d, "timeout": %d}\\n', summary.requests, summary.duration, e.status, e.connect, e.read, e.write,
    e.timeout))
end
"""


class LoadFailed(Exception):
    """The load met errors: what it measured would be an error page."""


@dataclass(frozen=True)
class Served:
    """What one run of a load generator got: without an error."""

    requests: int
    seconds: float


class Generator:
    """Starts the load generators on their cores."""

    def __init__(self, directory: Path, cpus: str, connections: int):
        self._cpus = cpus
        self._connections = connections
        self._report = directory / "report.lua"
        self._report.write_text(WRK_REPORT)
        self._message = directory / "message.grpc"
        self._message.write_bytes(GRPC_MESSAGE)
        openssl = directory / "openssl.cnf"
        openssl.write_text(OPENSSL_CLIENT)
        self._environment = os.environ | {"OPENSSL_CONF": str(openssl)}

    def run(self, load: Load, scheme: str, port: int, path: str, seconds: int) -> Served:
        """Loads the proxy at this port; blocks for about `seconds`."""
        url = f"{scheme}://localhost:{port}{path}"
        match load:
            case Load.HANDSHAKE:
                return parse_h2load(self._output(self._handshakes(url, port, seconds), seconds))
            case Load.H2_ONE:
                shape = ["-c", str(self._connections), "-m", "1", *_header_arguments(HEADERS)]
                return parse_h2load(self._output(self._streams(url, port, seconds, shape), seconds))
            case Load.H2_MANY:
                shape = ["-c", "4", "-m", "100", *_header_arguments(HEADERS)]
                return parse_h2load(self._output(self._streams(url, port, seconds, shape), seconds))
            case Load.GRPC_UNARY:
                shape = ["-c", "4", "-m", "10", "-d", str(self._message), *_header_arguments(GRPC_HEADERS)]
                return parse_h2load(self._output(self._streams(url, port, seconds, shape), seconds))
            case Load.WEBSOCKET_ECHO:
                return parse_echo(self._output(self._echo(port, seconds), seconds))
        headers = HEADERS | ({"Connection": "close"} if load is Load.RESUMED else {})
        return parse_wrk(self._output(self._wrk(url, headers, seconds), seconds))

    def _wrk(self, url: str, headers: dict[str, str], seconds: int) -> list[str]:
        shape = ["-t", "1", "-c", str(self._connections), "-d", f"{seconds}s", "--timeout", "10s"]
        return [machine.program("wrk"), *shape, "-s", str(self._report), *_header_arguments(headers), url]

    def _streams(self, url: str, port: int, seconds: int, shape: list[str]) -> list[str]:
        connect = f"--connect-to=127.0.0.1:{port}"
        return [machine.program("h2load"), "-t", "1", "-D", str(seconds), connect, *shape, url]

    def _echo(self, port: int, seconds: int) -> list[str]:
        return [sys.executable, "-m", "harness.echo", "load", str(port), str(self._connections), str(seconds)]

    def _handshakes(self, url: str, port: int, seconds: int) -> list[str]:
        clients = str(HANDSHAKES_PER_SECOND * seconds)  # each opens one connection for one request
        period = f"{1000 // BURSTS_PER_SECOND}ms"
        rate = ["-r", str(HANDSHAKES_PER_SECOND // BURSTS_PER_SECOND), "--rate-period", period]
        shape = ["--h1", "-t", "1", "-n", clients, "-c", clients, *rate, f"--connect-to=127.0.0.1:{port}"]
        return [machine.program("h2load"), *shape, *_header_arguments(HEADERS), url]

    def _output(self, command: list[str], seconds: int) -> str:
        done = subprocess.run(
            ["taskset", "-c", self._cpus, *command],
            cwd=PEERS,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds + GRACE_SECONDS,
        )
        if done.returncode != 0:
            raise LoadFailed(f"{' '.join(command)}\n{done.stdout}")
        return done.stdout


def _header_arguments(headers: dict[str, str]) -> list[str]:
    return [argument for name, value in headers.items() for argument in ("-H", f"{name}: {value}")]


def parse_wrk(output: str) -> Served:
    """Reads the line of WRK_REPORT; any error and any status of 400 or more fails."""
    report = json.loads(output.strip().splitlines()[-1])
    errors = {kind: report[kind] for kind in ("status", "connect", "read", "write", "timeout") if report[kind]}
    if errors or not report["requests"]:
        raise LoadFailed(f"wrk: {report['requests']} requests, errors: {errors}")
    return Served(report["requests"], report["microseconds"] / 1e6)


def parse_h2load(output: str) -> Served:
    """Reads h2load's summary; every request must have succeeded with 2xx."""
    totals = re.search(r"^requests: (\d+) total, .* (\d+) succeeded", output, re.MULTILINE)
    good = re.search(r"^status codes: (\d+) 2xx", output, re.MULTILINE)
    time = re.search(r"^finished in ([\d.]+)(us|ms|s),", output, re.MULTILINE)
    # Requests that the end of the time cuts off may have got their status already.
    if not totals or not good or not time or totals[1] != totals[2] or int(good[1]) < int(totals[1]) or totals[1] == "0":
        raise LoadFailed(f"h2load:\n{output}")
    return Served(int(totals[1]), float(time[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1}[time[2]])


def parse_echo(output: str) -> Served:
    """Reads the line of harness.echo, which fails by itself on anything but the echo."""
    report = json.loads(output.strip().splitlines()[-1])
    if not report["messages"]:
        raise LoadFailed(f"no message came back:\n{output}")
    return Served(report["messages"], report["seconds"])
