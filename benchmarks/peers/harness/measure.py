"""Rounds: the proxies take turns, so that what disturbs the machine disturbs all of them alike."""

import os
import sys
from dataclasses import dataclass

from .load import Generator
from .proxies.proxy import Proxy
from .scenarios import Scenario

STEADY_SLICES = 4
LEAST_SLICES = 12  # on one core a JVM needs some twenty seconds to compile what is hot
STEADY_GAIN = 0.02  # a slice that is cheaper by less than this has not become cheaper


@dataclass(frozen=True)
class Pace:
    """How long everything takes."""

    rounds: int
    seconds: int  # of load in a round
    slice_seconds: int  # of load in a slice of the warm-up
    warm_up_seconds: int  # at most


@dataclass(frozen=True)
class Sample:
    """One proxy in one round."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def cpu_micros(self) -> float:
        """CPU time of the whole process per request, in microseconds."""
        return self.cpu_seconds / self.requests * 1e6

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True)
class Entrant:
    """One column of a scenario: a running proxy and its label."""

    label: str
    proxy: Proxy


def measure(scenario: Scenario, entrants: list[Entrant], generator: Generator, pace: Pace) -> dict[str, list[Sample]]:
    """Warms every entrant up, then measures them in interleaved rounds: label -> one sample a round."""
    for entrant in entrants:
        _warm_up(scenario, entrant, generator, pace)
    samples: dict[str, list[Sample]] = {entrant.label: [] for entrant in entrants}
    for number in range(pace.rounds):
        for entrant in entrants:
            samples[entrant.label].append(_sample(scenario, entrant.proxy, generator, pace.seconds))
        latest = ", ".join(f"{label} {taken[-1].cpu_micros:.1f}" for label, taken in samples.items())
        say(f"  round {number + 1}/{pace.rounds}: {latest} µs")
    return samples


def _sample(scenario: Scenario, proxy: Proxy, generator: Generator, seconds: int) -> Sample:
    before = proxy.process.cpu_seconds()
    served = generator.run(scenario.load, proxy.scheme, proxy.site.port, scenario.path, seconds)
    spent = proxy.process.cpu_seconds() - before
    if proxy.setup.access_log:
        os.truncate(proxy.access_log, 0)  # it lies in memory
    return Sample(served.requests, served.seconds, spent)


def _warm_up(scenario: Scenario, entrant: Entrant, generator: Generator, pace: Pace) -> None:
    costs: list[float] = []
    while not costs or (entrant.proxy.warms_up and not steady(costs)):
        if len(costs) * pace.slice_seconds >= pace.warm_up_seconds:
            say(f"  {entrant.label}: still becoming cheaper after {pace.warm_up_seconds} s of warm-up")
            break
        costs.append(_sample(scenario, entrant.proxy, generator, pace.slice_seconds).cpu_micros)
    if entrant.proxy.warms_up:
        say(f"  {entrant.label} warm-up: {' '.join(f'{cost:.0f}' for cost in costs)} µs")


def steady(costs: list[float]) -> bool:
    """Whether none of the last slices was cheaper than all before them. A JIT stands still at times, so many count."""
    if len(costs) < LEAST_SLICES:
        return False
    return min(costs[-STEADY_SLICES:]) > min(costs[:-STEADY_SLICES]) * (1 - STEADY_GAIN)


def say(line: str) -> None:
    """Progress goes to stderr, results to stdout."""
    print(line, file=sys.stderr, flush=True)
