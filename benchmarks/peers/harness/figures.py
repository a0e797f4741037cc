"""From samples to figures: medians, and medians of the ratios of the same round."""

from dataclasses import dataclass
from statistics import median

from .measure import Sample


@dataclass(frozen=True)
class Ratio:
    """How two costs compare over all rounds."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}-{self.most:.2f})"


def cost(samples: list[Sample]) -> float:
    return median(sample.cpu_micros for sample in samples)


def rate(samples: list[Sample]) -> float:
    return median(sample.rate for sample in samples)


def ratio(ours: list[Sample], theirs: list[Sample]) -> Ratio:
    """Cost to cost, round by round."""
    ratios = [one.cpu_micros / other.cpu_micros for one, other in zip(ours, theirs, strict=True)]
    return Ratio(median(ratios), min(ratios), max(ratios))


def best(samples: dict[str, list[Sample]], peers: list[str]) -> str:
    """The peer with the lowest median cost; not the lowest of each round, which noise would choose."""
    return min(peers, key=lambda peer: cost(samples[peer]))
