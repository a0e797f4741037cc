"""Resident memory: after start, after load, and with 10,000 idle keep-alive connections."""

import contextlib
import socket
import time
from dataclasses import dataclass

from .backends import SMALL_BODY
from .load import Generator
from .measure import Pace, say
from .proxies.proxy import Proxy
from .scenarios import Load

CONNECTIONS = 10_000
SETTLE_SECONDS = 3
REQUEST = b"GET /small HTTP/1.1\r\nHost: localhost\r\nUser-Agent: holder\r\n\r\n"


@dataclass(frozen=True)
class Memory:
    """Bytes resident, the whole process tree."""

    after_start: int
    after_load: int
    with_connections: int

    @property
    def per_connection(self) -> float:
        return (self.with_connections - self.after_load) / CONNECTIONS


def measure(proxy: Proxy, generator: Generator, pace: Pace) -> Memory:
    """The proxy must be fresh. The load comes first, so that its heap is not what the connections are blamed for."""
    after_start = _resident(proxy)
    generator.run(Load.KEEP_ALIVE, proxy.scheme, proxy.site.port, "/small", pace.warm_up_seconds // 2)
    after_load = _resident(proxy)
    with contextlib.ExitStack() as held:
        for _ in range(CONNECTIONS):
            _ask(held.enter_context(socket.create_connection(("127.0.0.1", proxy.site.port), timeout=10)))
        with_connections = _resident(proxy)
    found = Memory(after_start, after_load, with_connections)
    say(f"  {proxy.name}: {found.per_connection:.0f} bytes per connection")
    return found


def _resident(proxy: Proxy) -> int:
    time.sleep(SETTLE_SECONDS)
    return proxy.process.resident_bytes()


def _ask(connection: socket.socket) -> None:
    """One request, its whole response read; the connection stays open."""
    connection.sendall(REQUEST)
    received = b""
    while not received.endswith(SMALL_BODY.encode()):
        part = connection.recv(4096)
        if not part:
            raise ConnectionError(f"closed after {received!r}")
        received += part
    if not received.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(f"answered {received!r}")
