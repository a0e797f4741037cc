"""Proves that a proxy does the work of its setup before any of it is measured."""

import http.client
import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

from . import policy
from .backends import GRPC_MESSAGE, PEERS
from .load import GRPC_HEADERS
from .policy import Request
from .proxies.proxy import Proxy
from .scenarios import LARGE_SIZE, MEDIUM_SIZE, SMALL_SIZE, Wire

START_SECONDS = 60  # a JVM that compiles 100,000 prefixes on a busy machine, with room
LOG_SECONDS = 10  # logs are written in batches
BODIES = {"/small": SMALL_SIZE, "/medium": MEDIUM_SIZE, "/large": LARGE_SIZE}


class Unproven(Exception):
    """The proxy answered something else than its setup promises."""


def await_ready(proxy: Proxy) -> None:
    """Waits until it answers a request with 200."""
    deadline = time.monotonic() + START_SECONDS
    problem: object = "no answer"
    while time.monotonic() < deadline:
        if not proxy.process.alive():
            raise Unproven(f"{proxy.name} ended at start ({proxy.setup.name}):\n{proxy.process.tail()}")
        try:
            status = _first_status(proxy)
            if status == 200:
                return
            problem = f"status {status}"
        except (OSError, http.client.HTTPException) as failure:
            problem = failure
        time.sleep(0.05)
    late = f"{proxy.name} not ready after {START_SECONDS} s ({proxy.setup.name}): {problem}"
    raise Unproven(f"{late}\n{proxy.process.tail()}")


def _first_status(proxy: Proxy) -> int:
    if proxy.setup.wire is Wire.GRPC:
        return 200 if _call(proxy) else 0
    status, _ = _exchange(proxy, Request("/small"))
    return status


def prove(proxy: Proxy) -> None:
    """Raises Unproven unless everything that the setup asks for can be seen from outside."""
    match proxy.setup.wire:
        case Wire.GRPC:
            _expect(proxy, "a call", [":status: 200", "grpc-status: 0"], _call(proxy))
        case Wire.WEBSOCKET:
            echo = [sys.executable, "-m", "harness.echo", "load", str(proxy.site.port), "2", "0.3"]
            done = subprocess.run(echo, cwd=PEERS, capture_output=True, text=True, timeout=30)
            _expect(proxy, f"echoes {done.stderr}", True, done.returncode == 0 and '"messages": 0' not in done.stdout)
        case Wire.RELAY | Wire.PASSTHROUGH:
            _prove_bodies(proxy)
        case Wire.HTTP | Wire.H2:
            _prove_http(proxy)


def _call(proxy: Proxy) -> list[str]:
    """What a call was answered with, of HTTP and of gRPC; empty if it was not."""
    message = proxy.site.directory / "call.grpc"
    message.write_bytes(GRPC_MESSAGE)
    headers = [part for name, value in GRPC_HEADERS.items() for part in ("-H", f"{name}: {value}")]
    url = f"http://127.0.0.1:{proxy.site.port}/bench.Bench/Unary"
    nghttp = ["nghttp", "-nv", "--no-dep", "-t", "5", "-d", str(message), *headers, url]
    done = subprocess.run(nghttp, capture_output=True, text=True, timeout=30)
    return re.findall(r"recv \(stream_id=\d+\) (:status: \d+|grpc-status: \d+)", done.stdout)


def _prove_bodies(proxy: Proxy) -> None:
    for path, size in BODIES.items():
        status, body = _exchange(proxy, Request(path))
        _expect(proxy, f"{path}: status and length", (200, size), (status, len(body)))


def _prove_http(proxy: Proxy) -> None:
    _prove_bodies(proxy)
    _prove_forwarding(proxy)
    if proxy.setup.wire is Wire.H2:
        curl = ["curl", "-sk", "--http2", "-o", "/dev/null", "-w", "%{http_version}"]
        curl += [f"https://localhost:{proxy.site.port}/small"]
        done = subprocess.run(curl, capture_output=True, text=True, timeout=30)
        _expect(proxy, "version of HTTP", "2", done.stdout)
    if proxy.setup.tls:
        _prove_resumption(proxy)
    if proxy.setup.blocked_list:
        status, _ = _exchange(proxy, Request("/small"), source=policy.BLOCKED_CLIENT)
        _expect(proxy, "a client on the list", 403, status)
    if proxy.setup.rules:
        _prove_rules(proxy)
    if proxy.setup.access_log:
        _prove_access_log(proxy)


def _prove_forwarding(proxy: Proxy) -> None:
    spoofed = Request("/echo", headers={"Host": "bench.example", "X-Forwarded-For": "192.0.2.9"})
    for _ in range(4):  # over two backends: each sees a second request
        _, body = _exchange(proxy, spoofed)
    echo = dict(line.split("=", 1) for line in body.decode().splitlines())
    _expect(proxy, "X-Forwarded-For", "127.0.0.1", echo["for"])
    _expect(proxy, "X-Forwarded-Proto", proxy.scheme, echo["proto"])
    _expect(proxy, "X-Forwarded-Host", "bench.example", echo["host"])
    _expect(proxy, "Via", f"1.1 {proxy.name}", echo["via"])
    _expect(proxy, "backend connections kept", True, int(echo["requests"]) > 1)


def _prove_rules(proxy: Proxy) -> None:
    rules = policy.rules(proxy.setup.rules)
    middle = len(rules) // 2
    for rule in rules[:3] + rules[middle : middle + 3] + rules[-3:]:
        status, _ = _exchange(proxy, policy.request_meeting([rule.first, rule.second]))
        _expect(proxy, f"{rule.name}, both conditions", 403, status)
        for condition in (rule.first, rule.second):
            status, _ = _exchange(proxy, policy.request_meeting([condition]))
            _expect(proxy, f"{rule.name}, only {condition.field.value} {condition.value}", 200, status)


def _prove_resumption(proxy: Proxy) -> None:
    context = _client_context()
    session = None
    for resumed in (False, True):
        with socket.create_connection(("127.0.0.1", proxy.site.port), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname="localhost", session=session) as secure:
                _expect(proxy, "TLS version", "TLSv1.3", secure.version())
                _expect(proxy, "TLS session resumed", resumed, secure.session_reused)
                secure.sendall(b"GET /small HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                while secure.recv(65536):
                    pass
                session = secure.session


def _prove_access_log(proxy: Proxy) -> None:
    _exchange(proxy, Request("/seen-in-the-log", headers={"User-Agent": "prober/1"}))
    deadline = time.monotonic() + LOG_SECONDS
    line = ""
    while time.monotonic() < deadline and not line:
        time.sleep(0.1)
        line = next((line for line in _lines(proxy.access_log) if "/seen-in-the-log" in line), "")
    for part in ("127.0.0.1 - - [", '"GET /seen-in-the-log HTTP/1.1" 200 ', '"prober/1"'):
        _expect(proxy, f"access log line holds {part}: {line!r}", True, part in line)


def _lines(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines() if path.exists() else []


def _exchange(proxy: Proxy, request: Request, source: str = "127.0.0.1") -> tuple[int, bytes]:
    address = ("127.0.0.1", proxy.site.port)
    common = {"timeout": 10, "source_address": (source, 0)}
    if proxy.scheme == "https":
        by_name = ("localhost", proxy.site.port)  # which it sends, for those who choose by it
        connection = http.client.HTTPSConnection(*by_name, context=_client_context(), **common)
    else:
        connection = http.client.HTTPConnection(*address, **common)
    try:
        connection.request(request.method, request.path, headers=request.headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # made for the run; who it belongs to is not the question here
    return context


def _expect(proxy: Proxy, what: str, expected: object, found: object) -> None:
    if expected != found:
        raise Unproven(f"{proxy.name} ({proxy.setup.name}): {what}: {found} (expected: {expected})")
