"""CPU time and the end of a process tree, with real processes."""

import os
import tempfile
import time
import unittest
from pathlib import Path

from harness.process import Process, tree

BURN = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"

RESTLESS = """
import threading
print("started", flush=True)
while True:
    threading.Thread(target=int).start()
"""

RESTLESS = """
import threading
print("started", flush=True)
while True:
    threading.Thread(target=int).start()
"""


class ProcessTest(unittest.TestCase):
    def start(self, script: str) -> Process:
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        core = str(min(os.sched_getaffinity(0)))
        process = Process(["sh", "-c", script], core, directory, directory / "output.log")
        self.addCleanup(process.stop)
        return process

    def wait_for(self, process: Process, text: str) -> None:
        deadline = time.monotonic() + 30
        while text not in process.log.read_text():
            self.assertLess(time.monotonic(), deadline, process.tail())
            time.sleep(0.01)

    def test_cpu_time_is_that_of_stat_over_the_whole_tree(self):
        process = self.start(f"(({BURN}; echo child; exec sleep 60) & {BURN}; wait)")
        self.wait_for(process, "child")
        time.sleep(0.05)
        self.assertAlmostEqual(process.cpu_seconds(), stat_seconds(process.pid), delta=0.1)
        self.assertGreater(process.cpu_seconds(), 0.05)

    def test_cpu_time_is_read_while_threads_come_and_go(self):
        process = self.start(f"exec python3 -c '{RESTLESS}'")
        self.wait_for(process, "started")
        for _ in range(2_000):
            self.assertGreater(process.cpu_seconds(), 0)

    def test_nothing_of_the_tree_outlives_stop(self):
        process = self.start("sleep 60 & echo ready; wait")
        self.wait_for(process, "ready")
        pids = tree(process.pid)
        self.assertEqual(len(pids), 2)
        process.stop()
        deadline = time.monotonic() + 10  # a killed orphan is not ours to wait for: init reaps it soon
        while any(map(running, pids)) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual([pid for pid in pids if running(pid)], [])


def running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def stat_seconds(pid: int) -> float:
    ticks = 0
    for each in tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime, counted after the name
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    unittest.main()
