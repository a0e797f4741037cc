"""What others feel while thousands of slow clients hold connections: the 99th percentile of their latency, and memory."""

import http.client
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from .backends import PEERS
from .measure import say
from .proxies.proxy import Proxy
from .slow import Form

COUNT = 5_000
SAMPLE_SECONDS = 11  # longer than the ten seconds of all proxies for a head, so that who is sent away is in each round
PAUSE_SECONDS = 0.002  # so that it is the latency of a proxy that has time
ROUNDS = 5
SETTLE_SECONDS = 12  # the times for headers have run out once, so that sent away clients are coming back


@dataclass(frozen=True)
class Siege:
    """One round of one form against one proxy: times in microseconds, memory in bytes."""

    rest_p99: float
    p99: float
    connected: int
    rest_resident: int
    resident: int

    @property
    def ratio(self) -> float:
        return self.p99 / self.rest_p99


@dataclass(frozen=True)
class Sieges:
    """All rounds of one form against one proxy."""

    first: Siege  # shows the memory, and is warm-up for all else: a JVM compiles what slow clients need only now
    rounds: list[Siege]


def measure(proxies: list[Proxy], form: Form, cpus: str) -> dict[str, Sieges]:
    """Rounds of rest and siege, the proxies in turn: by their names. Blocks."""
    for proxy in proxies:
        _latencies(proxy)  # warms up
    taken: dict[str, list[Siege]] = {proxy.name: [] for proxy in proxies}
    for number in range(1 + ROUNDS):
        for proxy in proxies:
            one = _siege(proxy, form, cpus)
            taken[proxy.name].append(one)
            megabytes = (one.resident - one.rest_resident) / 1e6
            say(f"  {proxy.name}: {form.value} {number}/{ROUNDS}: p99 {one.rest_p99:.0f} -> {one.p99:.0f} µs,"
                f" {one.connected} connected, {megabytes:+.0f} MB")
    return {name: Sieges(rounds[0], rounds[1:]) for name, rounds in taken.items()}


def _siege(proxy: Proxy, form: Form, cpus: str) -> Siege:
    rest, resident = _p99(proxy), proxy.process.resident_bytes()
    attackers = subprocess.Popen(
        ["taskset", "-c", cpus, sys.executable, "-m", "harness.slow", str(proxy.site.port), form.value, str(COUNT)],
        cwd=PEERS,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        connected = int(attackers.stdout.readline())
        time.sleep(SETTLE_SECONDS)
        return Siege(rest, _p99(proxy), connected, resident, proxy.process.resident_bytes())
    finally:
        attackers.terminate()
        attackers.wait()
        time.sleep(2)  # so that the next rest is one


def _p99(proxy: Proxy) -> float:
    return statistics.quantiles(_latencies(proxy), n=100)[98] * 1e6


def _latencies(proxy: Proxy) -> list[float]:
    """Of requests one after the other on one connection, in seconds; any other answer than 200 fails."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.site.port, timeout=30)
    taken = []
    try:
        end = time.perf_counter() + SAMPLE_SECONDS
        while time.perf_counter() < end:
            began = time.perf_counter()
            connection.request("GET", "/small")
            response = connection.getresponse()
            response.read()
            taken.append(time.perf_counter() - began)
            if response.status != 200:
                raise ConnectionError(f"{proxy.name}: an honest client got {response.status}")
            time.sleep(PAUSE_SECONDS)
    finally:
        connection.close()
    return taken
