"""A load that met an error is never a measurement."""

import unittest

from harness.load import LoadFailed, parse_echo, parse_h2load, parse_wrk

H2LOAD = """finished in 2.11s, 948.84 req/s, 141.77KB/s
requests: 2000 total, 2000 started, 2000 done, {good} succeeded, {bad} failed, {bad} errored, 0 timeout
status codes: {ok} 2xx, 0 3xx, {refused} 4xx, 0 5xx
"""


def wrk(status=0, timeout=0, requests=6000):
    return (
        "Running 2s test\n  6000 requests in 2.00s\n\n"
        f'{{"requests": {requests}, "microseconds": 2000000, "status": {status}, "connect": 0, "read": 0, '
        f'"write": 0, "timeout": {timeout}}}\n'
    )


class LoadTest(unittest.TestCase):
    def test_echoes_count(self):
        served = parse_echo('{"messages": 1200, "seconds": 2.5}\n')
        self.assertEqual((served.requests, served.seconds), (1200, 2.5))

    def test_no_echo_is_a_failure(self):
        with self.assertRaises(LoadFailed):
            parse_echo('{"messages": 0, "seconds": 2.0}\n')

    def test_wrk_without_errors_counts(self):
        served = parse_wrk(wrk())
        self.assertEqual((served.requests, served.seconds), (6000, 2.0))

    def test_wrk_with_a_status_a_timeout_or_no_request_fails(self):
        for output in (wrk(status=1), wrk(timeout=1), wrk(requests=0)):
            with self.assertRaises(LoadFailed):
                parse_wrk(output)

    def test_h2load_without_errors_counts(self):
        served = parse_h2load(H2LOAD.format(good=2000, bad=0, ok=2000, refused=0))
        self.assertEqual((served.requests, served.seconds), (2000, 2.11))

    def test_h2load_in_milliseconds(self):
        output = H2LOAD.format(good=2000, bad=0, ok=2000, refused=0).replace("2.11s", "950.5ms")
        self.assertAlmostEqual(parse_h2load(output).seconds, 0.9505)

    def test_h2load_with_a_failure_or_a_refusal_fails(self):
        failed = H2LOAD.format(good=1999, bad=1, ok=1999, refused=0)
        refused = H2LOAD.format(good=2000, bad=0, ok=1999, refused=1)
        for output in (failed, refused, "connect: refused"):
            with self.assertRaises(LoadFailed):
                parse_h2load(output)


if __name__ == "__main__":
    unittest.main()
