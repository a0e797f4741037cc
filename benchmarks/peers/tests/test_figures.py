"""Ratios, the better peer, the end of the warm-up, the tables."""

import unittest

from harness import figures
from harness.measure import Sample, steady
from harness.memory import Memory
from harness.report import Report, table
from harness.scenarios import SCENARIOS


def costing(*micros):
    return [Sample(requests=1_000_000, seconds=2.0, cpu_seconds=cost) for cost in micros]


class FiguresTest(unittest.TestCase):
    def test_cost_and_rate_of_a_sample(self):
        sample = Sample(requests=1000, seconds=2.0, cpu_seconds=0.05)
        self.assertAlmostEqual(sample.cpu_micros, 50)
        self.assertAlmostEqual(sample.rate, 500)

    def test_a_ratio_compares_samples_of_the_same_round(self):
        # The machine doubles every cost in the second round: the ratio does not see it.
        found = figures.ratio(costing(11, 22, 12), costing(10, 20, 10))
        self.assertAlmostEqual(found.median, 1.1)
        self.assertAlmostEqual(found.least, 1.1)
        self.assertAlmostEqual(found.most, 1.2)

    def test_the_best_peer_is_the_one_with_the_lower_median(self):
        samples = {"haproxy": costing(10, 10, 10), "nginx": costing(1, 11, 12)}
        self.assertEqual(figures.best(samples, ["haproxy", "nginx"]), "haproxy")

    def test_falling_costs_are_not_steady(self):
        self.assertFalse(steady([90, 60]))
        self.assertFalse(steady([90] * 11 + [60]))
        self.assertFalse(steady([50] * 12 + [40, 38, 36]))

    def test_a_pause_at_the_beginning_is_not_steady(self):
        self.assertFalse(steady([90, 50, 50, 51, 49.5]))

    def test_costs_are_steady_when_the_last_slices_bring_nothing(self):
        self.assertTrue(steady([90, 70] + [50] * 10))


class ReportTest(unittest.TestCase):
    def setUp(self):
        scenario = next(scenario for scenario in SCENARIOS if scenario.name == "rules")
        samples = {
            "weir": costing(12, 12),
            "weir plain": costing(10, 10),
            "haproxy": costing(100, 100),
            "haproxy plain": costing(10, 10),
        }
        self.report = Report(["weir", "haproxy"], {}, [(scenario, samples)], {})

    def test_a_row_has_costs_ratios_and_rates(self):
        row = self.report.markdown().splitlines()[2]
        cells = [cell.strip() for cell in row.split("|")[2:-1]]
        self.assertEqual(cells, ["12.0", "100.0", "0.12", "0.12 (0.12-0.12)", "500000", "500000"])

    def test_a_feature_is_compared_with_the_same_proxy_without_it(self):
        row = self.report.json()["scenarios"]["rules"]
        self.assertAlmostEqual(row["to_plain"]["weir"]["median"], 1.2)
        self.assertAlmostEqual(row["to_plain"]["haproxy"]["median"], 10)

    def test_notes_are_numbered_and_printed(self):
        text = self.report.markdown()
        self.assertIn("[1] [2]", text)
        self.assertIn("\n[2] nginx has no ordered rules", text)

    def test_memory_per_connection_leaves_out_what_was_there_before(self):
        memory = Memory(after_start=50_000_000, after_load=60_000_000, with_connections=160_000_000)
        self.assertEqual(memory.per_connection, 10_000)

    def test_columns_are_aligned(self):
        lines = table(["what", "µs"], [["a", "1"], ["long name", "1000"]]).splitlines()
        self.assertEqual(len({len(line) for line in lines}), 1)
        self.assertEqual(lines[1], "| --------- | ---: |")


if __name__ == "__main__":
    unittest.main()
