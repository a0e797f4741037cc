"""A process of ours, pinned to cores: its CPU time, its memory, its end."""

import os
import signal
import subprocess
import time
from pathlib import Path

STOP_SECONDS = 10
CPUCLOCK_SCHED = 2  # the low bits of a clock id: CPU time as the scheduler counts it, see clock_getcpuclockid(3)
PAGE = os.sysconf("SC_PAGE_SIZE")


class Process:
    """A started process and its children, in a process group of their own."""

    def __init__(self, arguments: list[str], cpus: str, directory: Path, log: Path):
        self.log = log
        with open(log, "ab") as output:  # append: the log can be emptied while it is written
            self._process = subprocess.Popen(
                ["taskset", "-c", cpus, *arguments],
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def tail(self) -> str:
        """The last lines that it printed, for an error message."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def cpu_seconds(self) -> float:
        """CPU time of the whole tree so far, all threads, ended ones too.

        It is the sum of utime and stime of /proc/PID/stat, read from the process's CPU clock, since stat
        rounds it to ticks of 10 ms.
        """
        return sum(time.clock_gettime(cpu_clock(pid)) for pid in tree(self.pid))

    def resident_bytes(self) -> int:
        return sum(_resident_bytes(pid) for pid in tree(self.pid))

    def stop(self) -> None:
        """Ends the tree: asked first, then killed."""
        if self.alive():
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.pid, signal.SIGKILL)  # the group that start_new_session made; usually already empty
        except ProcessLookupError:
            pass
        self._process.wait()


def cpu_clock(pid: int) -> int:
    return (~pid << 3) | CPUCLOCK_SCHED


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # a thread that ended meanwhile: a JVM's compiler threads come and go
        for child in children:
            pids += tree(int(child))
    return pids


def _resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
