"""The tables of a run, in Markdown for people and as JSON for programs."""

from dataclasses import asdict, dataclass, field
from statistics import median

from . import figures
from .measure import Sample
from .memory import Memory
from .replace import Replacement
from .scenarios import Scenario
from .siege import Sieges

PLAIN_SUFFIX = " plain"  # label of a proxy measured without the feature of the row
MB = 1e6
NONE = "-"


@dataclass
class Report:
    """All that a run has found."""

    proxies: list[str]
    about: dict[str, object]  # machine, versions, options
    rows: list[tuple[Scenario, dict[str, list[Sample]]]] = field(default_factory=list)
    memory: dict[str, Memory] = field(default_factory=dict)
    sieges: dict[tuple[str, str], Sieges] = field(default_factory=dict)  # by form and proxy
    replacements: list[Replacement] = field(default_factory=list)  # of weir's list

    @property
    def peers(self) -> list[str]:
        return [name for name in self.proxies if name != "weir"]

    def markdown(self) -> str:
        parts = []
        if self.rows:
            parts += [self._cost_table(), self._notes()]
        if any(scenario.compared_with_plain for scenario, _ in self.rows):
            parts.append(self._feature_table())
        if self.memory:
            parts.append(self._memory_table())
        if self.sieges:
            parts.append(self._siege_table())
        if self.replacements:
            parts.append(self._replacement_table())
        return "\n\n".join(part for part in parts if part)

    def _cost_table(self) -> str:
        head = ["CPU per request", *(f"{name} µs" for name in self.proxies)]
        if "weir" in self.proxies:
            head += [f"weir / {peer}" for peer in self.peers]
            head += ["weir / best"] if self.peers else []
        head += [f"{name} req/s" for name in self.proxies]
        return table(head, [self._cost_row(*row) for row in self.rows])

    def _cost_row(self, scenario: Scenario, samples: dict[str, list[Sample]]) -> list[str]:
        cells = [scenario.title + self._marks(scenario)]
        cells += [f"{figures.cost(samples[name]):.1f}" for name in self.proxies]
        if "weir" in self.proxies and self.peers:
            cells += [f"{figures.ratio(samples['weir'], samples[peer]).median:.2f}" for peer in self.peers]
            cells.append(str(figures.ratio(samples["weir"], samples[figures.best(samples, self.peers)])))
        return cells + [f"{figures.rate(samples[name]):.0f}" for name in self.proxies]

    def _feature_table(self) -> str:
        rows = []
        for scenario, samples in self.rows:
            if scenario.compared_with_plain:
                ratios = [figures.ratio(samples[name], samples[name + PLAIN_SUFFIX]) for name in self.proxies]
                rows.append([scenario.title, *map(str, ratios)])
        return table(["CPU per request / the same proxy without", *self.proxies], rows)

    def _memory_table(self) -> str:
        found = [self.memory[name] for name in self.proxies]
        rows = [
            ["idle after start, MB", *(f"{memory.after_start / MB:.1f}" for memory in found)],
            ["idle after load, MB", *(f"{memory.after_load / MB:.1f}" for memory in found)],
            ["each of 10,000 idle connections, KiB", *(f"{memory.per_connection / 1024:.2f}" for memory in found)],
        ]
        return table(["resident memory", *self.proxies], rows)

    def _siege_table(self) -> str:
        head = ["5,000 slow clients", "p99 at rest, µs", "p99, µs", "ratio (range)", "held", "MB more"]
        rows = []
        for (form, name), sieges in self.sieges.items():
            rounds = sieges.rounds
            ratios = sorted(one.ratio for one in rounds)
            rows.append(
                [
                    f"{form}, {name}",
                    f"{median(one.rest_p99 for one in rounds):.0f}",
                    f"{median(one.p99 for one in rounds):.0f}",
                    f"{median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})",
                    f"{median(one.connected for one in rounds):.0f}",
                    f"{(sieges.first.resident - sieges.first.rest_resident) / MB:.0f}",
                ]
            )
        return table(head, rows)

    def _replacement_table(self) -> str:
        head = ["1,000,000 prefixes in place of as many", "longest wait, ms", "the same at rest", "p99, ms", "at rest"]
        rows = [
            [
                f"in {one.seconds:.1f} s, {one.requests:,} requests",
                *(f"{seconds * 1e3:.2f}" for seconds in (one.longest, one.rest_longest, one.p99, one.rest_p99)),
            ]
            for one in self.replacements
        ]
        return table(head, rows)

    def _all_notes(self) -> list[str]:
        return list(dict.fromkeys(note for scenario, _ in self.rows for note in scenario.notes))

    def _marks(self, scenario: Scenario) -> str:
        every = self._all_notes()
        return "".join(f" [{every.index(note) + 1}]" for note in scenario.notes)

    def _notes(self) -> str:
        return "\n".join(f"[{number}] {note}  " for number, note in enumerate(self._all_notes(), 1))

    def json(self) -> dict[str, object]:
        return {
            **self.about,
            "scenarios": {scenario.name: self._row_json(scenario, samples) for scenario, samples in self.rows},
            "slow": {f"{form}, {name}": asdict(sieges) for (form, name), sieges in self.sieges.items()},
            "replace": [asdict(one) for one in self.replacements],
            "memory": {name: _memory_json(memory) for name, memory in self.memory.items()},
        }

    def _row_json(self, scenario: Scenario, samples: dict[str, list[Sample]]) -> dict[str, object]:
        row: dict[str, object] = {
            "title": scenario.title,
            "load": scenario.load.value,
            "notes": scenario.notes,
            "cpu_micros": {label: figures.cost(taken) for label, taken in samples.items()},
            "requests_per_second": {label: figures.rate(taken) for label, taken in samples.items()},
            "rounds": {label: [asdict(sample) for sample in taken] for label, taken in samples.items()},
        }
        if "weir" in self.proxies and self.peers:
            best = figures.best(samples, self.peers)
            row["best_peer"] = best
            row["weir_to"] = {peer: asdict(figures.ratio(samples["weir"], samples[peer])) for peer in self.peers}
            row["weir_to_best"] = asdict(figures.ratio(samples["weir"], samples[best]))
        if scenario.compared_with_plain:
            pairs = {name: (samples[name], samples[name + PLAIN_SUFFIX]) for name in self.proxies}
            row["to_plain"] = {name: asdict(figures.ratio(*pair)) for name, pair in pairs.items()}
        return row


def _memory_json(memory: Memory) -> dict[str, float]:
    return asdict(memory) | {"per_connection": memory.per_connection}


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table whose columns are aligned in plain text too."""
    widths = [max(len(line[column]) for line in [head, *rows]) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join("| " + " | ".join(_aligned(line, widths)) + " |" for line in [head, rule, *rows])


def _aligned(line: list[str], widths: list[int]) -> list[str]:
    return [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
