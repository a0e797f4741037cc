"""The command: its options, and the run from the backends' start to the tables."""

import argparse
import contextlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from . import certificate, machine, measure, memory, probe, replace, siege
from .backends import Backends
from .load import Generator, LoadFailed
from .measure import Entrant, Pace, say
from .proxies import PROXIES
from .proxies.proxy import Proxy, Site
from .report import PLAIN_SUFFIX, Report
from .scenarios import CROWD, LIST, MEMORY, NAMES, PLAIN, REPLACE, SCENARIOS, SLOW, Scenario, Setup
from .slow import Form

RESULTS = Path(__file__).resolve().parents[1] / "results"
LOAD_TOOLS = ["wrk", "h2load", "curl", "openssl", "taskset"]
FULL = Pace(rounds=7, seconds=3, slice_seconds=2, warm_up_seconds=90)
QUICK = Pace(rounds=3, seconds=1, slice_seconds=2, warm_up_seconds=40)  # proves that it works; figures are rough


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every finally runs
    try:
        return Run(options).main()
    except (machine.Unready, probe.Unproven, LoadFailed, subprocess.SubprocessError, ConnectionError) as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description="CPU time per request of weir, HAProxy and nginx.")
    parser.add_argument("--peers", type=_names(PROXIES), default=list(PROXIES), help="whom to measure (all)")
    parser.add_argument("--scenarios", type=_names(NAMES), default=NAMES, help=", ".join(NAMES))
    parser.add_argument("--rounds", type=_positive, help=f"({FULL.rounds})")
    parser.add_argument("--seconds", type=_positive, help=f"of load in a round ({FULL.seconds})")
    parser.add_argument("--connections", type=_positive, default=32, help="of the closed loop (32)")
    parser.add_argument("--json", type=Path, help="where to write all samples (results/TIME.json)")
    parser.add_argument("--quick", action="store_true", help="few short rounds: shows that it works")
    parser.add_argument("--check", action="store_true", help="start and prove every setup, measure nothing")
    return parser.parse_args(arguments)


def _names(known):
    def parse(text: str) -> list[str]:
        asked = text.split(",")
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} (expected: {', '.join(known)})")
        return [name for name in known if name in asked]

    return parse


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} (expected: a whole number above 0)")
    return int(text)


class Run:
    """One run: everything it starts ends with it."""

    def __init__(self, options: argparse.Namespace):
        self._options = options
        self._names: list[str] = options.peers
        base = QUICK if options.quick else FULL
        rounds, seconds = options.rounds or base.rounds, options.seconds or base.seconds
        self._pace = Pace(rounds, seconds, base.slice_seconds, base.warm_up_seconds)
        self._cores = machine.cores()
        self._started = 0

    def main(self) -> int:
        machine.provide(LOAD_TOOLS + ["nginx"] + [tool for name in self._names for tool in PROXIES[name].require()])
        machine.raise_file_limit()
        started = datetime.now(UTC)
        with contextlib.ExitStack() as stack:
            self._directory = Path(tempfile.mkdtemp(prefix="peers-", dir=machine.memory_directory()))
            stack.callback(shutil.rmtree, self._directory, ignore_errors=True)
            self._certificate = certificate.make(self._directory)
            self._backends = Backends(self._directory / "backends", self._cores.load, self._certificate)
            stack.callback(self._backends.stop)
            self._generator = Generator(self._directory, self._cores.load, self._options.connections)
            report = Report(self._names, self._about(started))
            if self._options.check:
                return self._check()
            try:
                self._measure(report)
            finally:
                self._write(report, started)  # a failure late in a run does not lose what came before
        return 0

    def _check(self) -> int:
        setups = dict.fromkeys([scenario.setup for scenario in SCENARIOS if scenario.name in self._options.scenarios])
        if {MEMORY, SLOW} & set(self._options.scenarios):
            setups[CROWD] = None
        if REPLACE in self._options.scenarios:
            setups[LIST] = None
        for setup in setups:
            for name in self._names:
                with self._running(name, setup):
                    say(f"{name}: {setup.name}: works")
        return 0

    def _measure(self, report: Report) -> None:
        asked = [scenario for scenario in SCENARIOS if scenario.name in self._options.scenarios]
        for scenario in asked:
            say(scenario.title)
            report.rows.append((scenario, self._measure_scenario(scenario)))
        if MEMORY in self._options.scenarios:
            say("memory")
            for name in self._names:
                with self._running(name, CROWD) as proxy:
                    report.memory[name] = memory.measure(proxy, self._generator, self._pace)
        if SLOW in self._options.scenarios:
            say("slow clients")
            for form in Form:
                with contextlib.ExitStack() as stack:
                    proxies = [stack.enter_context(self._running(name, CROWD)) for name in self._names]
                    for name, sieges in siege.measure(proxies, form, self._cores.load).items():
                        report.sieges[(form.value, name)] = sieges
        if REPLACE in self._options.scenarios and "weir" in self._names:
            say("a list of a million prefixes is replaced")
            with self._running("weir", LIST) as proxy:
                report.replacements = replace.measure(proxy)

    def _measure_scenario(self, scenario: Scenario):
        with contextlib.ExitStack() as stack:
            entrants = []
            for name in self._names:
                if scenario.compared_with_plain:
                    plain = stack.enter_context(self._running(name, PLAIN))
                    entrants.append(Entrant(name + PLAIN_SUFFIX, plain))
                entrants.append(Entrant(name, stack.enter_context(self._running(name, scenario.setup))))
            return measure.measure(scenario, entrants, self._generator, self._pace)

    @contextlib.contextmanager
    def _running(self, name: str, setup: Setup):
        """A fresh proxy that has been proven to do its work."""
        proxy = self._start(name, setup)
        try:
            probe.await_ready(proxy)
            probe.prove(proxy)
            yield proxy
        finally:
            proxy.stop()

    def _start(self, name: str, setup: Setup) -> Proxy:
        self._started += 1
        site = Site(
            directory=self._directory / f"{name}-{setup.name}-{self._started}",
            port=machine.free_port(),
            admin_port=machine.free_port(),
            backends=self._backends.ports(setup.wire),
            certificate=self._certificate,
            core=self._cores.proxy,
        )
        return PROXIES[name](setup, site)

    def _about(self, started: datetime) -> dict[str, object]:
        return {
            "started": started.isoformat(timespec="seconds"),
            "machine": machine.description(self._cores),
            "versions": {name: PROXIES[name].version() for name in self._names},
            "rounds": self._pace.rounds,
            "seconds": self._pace.seconds,
            "connections": self._options.connections,
        }

    def _write(self, report: Report, started: datetime) -> None:
        if not report.rows and not report.memory and not report.sieges and not report.replacements:
            return
        path = self._options.json or RESULTS / f"{started:%Y%m%dT%H%M%SZ}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(report.json(), indent=2) + "\n")
        print(report.markdown())
        say(f"all samples: {path}")
