"""Proves that a proxy does the work of its setup before any of it is measured."""

import http.client
import socket
import ssl
import time
from pathlib import Path

from . import policy
from .policy import Request
from .proxies.proxy import Proxy
from .scenarios import LARGE_SIZE, MEDIUM_SIZE, SMALL_SIZE

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
            status, _ = _exchange(proxy, Request("/small"))
            if status == 200:
                return
            problem = f"status {status}"
        except (OSError, http.client.HTTPException) as failure:
            problem = failure
        time.sleep(0.05)
    late = f"{proxy.name} not ready after {START_SECONDS} s ({proxy.setup.name}): {problem}"
    raise Unproven(f"{late}\n{proxy.process.tail()}")


def prove(proxy: Proxy) -> None:
    """Raises Unproven unless everything that the setup asks for can be seen from outside."""
    for path, size in BODIES.items():
        status, body = _exchange(proxy, Request(path))
        _expect(proxy, f"{path}: status and length", (200, size), (status, len(body)))
    _prove_forwarding(proxy)
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
    rules = policy.rules()
    for rule in rules[:3] + rules[500:503] + rules[-3:]:
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
    if proxy.setup.tls:
        connection = http.client.HTTPSConnection(*address, context=_client_context(), **common)
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
