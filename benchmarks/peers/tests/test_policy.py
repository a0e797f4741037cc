"""The list and the rules are what the tables call them."""

import ipaddress
import unittest

from harness import policy


class PolicyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.networks = policy.blocked_networks()

    def test_the_list_has_its_size_and_no_entry_twice(self):
        self.assertEqual(len(self.networks), policy.CIDRS)
        self.assertEqual(len(set(self.networks)), policy.CIDRS)

    def test_the_list_is_the_same_in_every_run(self):
        self.assertEqual(policy.blocked_networks.__wrapped__(), self.networks)

    def test_the_list_holds_both_families_without_host_bits(self):
        versions = {ipaddress.ip_network(network).version for network in self.networks}  # strict: raises on host bits
        self.assertEqual(versions, {4, 6})

    def test_the_load_is_not_on_the_list_and_the_probe_is(self):
        def listed(client):
            address = ipaddress.ip_address(client)
            return any(address in ipaddress.ip_network(network) for network in self.networks if "." in network)

        self.assertFalse(listed("127.0.0.1"))
        self.assertTrue(listed(policy.BLOCKED_CLIENT))

    def test_rules_are_as_many_as_said_and_all_different(self):
        for count in (10, 10_000):
            rules = policy.rules(count)
            self.assertEqual(len(rules), count)
            self.assertEqual(len({(rule.first, rule.second) for rule in rules}), count)

    def test_a_request_for_one_condition_does_not_meet_the_other(self):
        for rule in policy.rules(3):
            one = policy.request_meeting([rule.first])
            both = policy.request_meeting([rule.first, rule.second])
            self.assertNotEqual(one, both, rule)


if __name__ == "__main__":
    unittest.main()
