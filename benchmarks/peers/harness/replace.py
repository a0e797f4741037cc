"""How long one client waits while a list of a million prefixes is put in the place of another one, beside rest."""

import functools
import http.client
import os
import random
import statistics
import time
import urllib.request
from dataclasses import dataclass

from .measure import say
from .proxies.proxy import Proxy

PREFIXES = 1_000_000
ROUNDS = 5
PAUSE_SECONDS = 0.001  # between two requests, so that it is the latency of a proxy that has time
LOOK_SECONDS = 0.25  # from one look whether the new list is in force to the next
PATIENCE_SECONDS = 60
LOADED = 'weir_list_last_load_timestamp_seconds{list="blocked"}'


@dataclass(frozen=True)
class Replacement:
    """One list in the place of another: times in seconds, those of requests at rest for as long as it took."""

    seconds: float  # from the new file until its list is in force
    longest: float
    p99: float
    rest_longest: float
    rest_p99: float
    requests: int  # while it was replaced


@functools.cache
def _prefixes(seed: int) -> bytes:
    """Distinct ones, a tenth of them IPv6, in no order; none holds a loopback address."""
    luck = random.Random(seed)
    four = luck.sample(range(1 << 24, 127 << 24), PREFIXES * 9 // 10)
    six = luck.sample(range(1 << 40), PREFIXES // 10)
    lines = [f"{a >> 24}.{a >> 16 & 255}.{a >> 8 & 255}.{a & 255}/32\n" for a in four]
    lines += [f"2001:{a >> 32:x}:{a >> 16 & 0xffff:x}:{a & 0xffff:x}::/64\n" for a in six]
    luck.shuffle(lines)
    return "".join(lines).encode()


def measure(proxy: Proxy) -> list[Replacement]:
    """Replaces the list of a proxy again and again. Blocks."""
    _replace(proxy, 0)
    _await_list(proxy)  # a large one, which the next takes the place of
    rounds = []
    for number in range(1, ROUNDS + 2):
        before = _loaded(proxy)
        client = _Client(proxy)
        began = time.perf_counter()
        _replace(proxy, number)
        client.asks_until(lambda: _loaded(proxy) > before)
        seconds = time.perf_counter() - began
        rest = _Client(proxy)
        end = time.perf_counter() + seconds
        rest.asks_until(lambda end=end: _loaded(proxy) > 0 and time.perf_counter() > end)  # looks, too
        if _status(proxy, _listed(number)) != 403 or _status(proxy, _listed(number - 1)) != 200:
            raise ConnectionError(f"{proxy.name}: the new list is not in force")
        found = Replacement(
            seconds, max(client.taken), client.p99(), max(rest.taken), rest.p99(), len(client.taken)
        )
        say(f"  {proxy.name}: replaced in {found.seconds:.1f} s, longest {found.longest * 1e3:.1f} ms,"
            f" at rest {found.rest_longest * 1e3:.1f} ms")
        rounds.append(found)
    return rounds[1:]  # the first one warms up


def _listed(number: int) -> str:
    return f"127.66.1.{number + 1}"


def _replace(proxy: Proxy, number: int) -> None:
    """All at once, as whoever fetches lists should."""
    fresh = proxy.site.directory / "blocked.new"
    fresh.write_bytes(_prefixes(number % 2) + f"{_listed(number)}/32\n".encode())
    os.replace(fresh, proxy.site.directory / "blocked.txt")


def _loaded(proxy: Proxy) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{proxy.site.admin_port}/metrics", timeout=30) as page:
        for line in page.read().decode().splitlines():
            if line.startswith(LOADED):
                return float(line.split()[-1])
    raise ConnectionError(f"{proxy.name}: {LOADED} is not in its metrics")


def _await_list(proxy: Proxy) -> None:
    began = time.perf_counter()
    while _status(proxy, _listed(0)) != 403:
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise ConnectionError(f"{proxy.name}: the list was not read in time")
        time.sleep(LOOK_SECONDS)


def _status(proxy: Proxy, source: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.site.port, timeout=30, source_address=(source, 0))
    try:
        connection.request("GET", "/small")
        return connection.getresponse().status
    finally:
        connection.close()


class _Client:
    """Asks on one connection, one request after the other."""

    def __init__(self, proxy: Proxy):
        self._proxy = proxy
        self.taken: list[float] = []

    def p99(self) -> float:
        return statistics.quantiles(self.taken, n=100)[98]

    def asks_until(self, done) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._proxy.site.port, timeout=30)
        looked = started = time.perf_counter()
        try:
            while True:
                began = time.perf_counter()
                connection.request("GET", "/small")
                response = connection.getresponse()
                response.read()
                self.taken.append(time.perf_counter() - began)
                if response.status != 200:
                    raise ConnectionError(f"{self._proxy.name}: an honest client got {response.status}")
                time.sleep(PAUSE_SECONDS)
                now = time.perf_counter()
                if now - looked >= LOOK_SECONDS:
                    looked = now
                    if done():
                        return
                    if now - started > PATIENCE_SECONDS:
                        raise ConnectionError(f"{self._proxy.name}: the list was not replaced in time")
        finally:
            connection.close()
