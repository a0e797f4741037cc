"""The list and the rules that every proxy is given, the same in every run."""

import functools
import ipaddress
import random
from dataclasses import dataclass, field
from enum import Enum

CIDRS = 100_000
LIMIT_PER_SECOND = 1_000_000  # never reached: the limiter's work is measured, not its refusals
BLOCKED_CLIENT = "127.66.0.1"  # a loopback address on the list, so that a refusal can be seen
SEED = 1


@functools.cache
def blocked_networks() -> tuple[str, ...]:
    """100,000 distinct prefixes, IPv4 and IPv6; none holds 127.0.0.1, and 1,000 are its near neighbours."""
    luck = random.Random(SEED)
    networks = {f"{BLOCKED_CLIENT}/32"}
    while len(networks) < 1_000:  # so that the lookup of the load's own address is not settled by its first bits
        networks.add(f"127.{luck.randrange(1, 256)}.{luck.randrange(256)}.{luck.randrange(1, 255)}/32")
    while len(networks) < CIDRS:
        networks.add(_random_v6(luck) if luck.random() < 0.1 else _random_v4(luck))
    shuffled = sorted(networks)
    luck.shuffle(shuffled)
    return tuple(shuffled)


def _random_v4(luck: random.Random) -> str:
    length = luck.choices([32, 24, luck.randrange(12, 32)], weights=[5, 3, 2])[0]
    first = luck.choice([octet for octet in range(1, 224) if octet != 127])
    address = (first << 24) | luck.randrange(1 << 24)
    return str(ipaddress.ip_network((address, length), strict=False))


def _random_v6(luck: random.Random) -> str:
    address = (0x2001 << 112) | luck.randrange(1 << 112)
    return str(ipaddress.ip_network((address, luck.choice([32, 48, 56, 64])), strict=False))


class Field(Enum):
    """What a condition looks at, and how."""

    PATH_PREFIX = "path begins with"
    PATH = "path is"
    HOST = "host is"
    METHOD = "method is"
    AGENT = "user agent contains"


@dataclass(frozen=True)
class Condition:
    """One condition of a rule."""

    field: Field
    value: str


@dataclass(frozen=True)
class Rule:
    """Refuses with 403 what meets both conditions."""

    name: str
    first: Condition
    second: Condition


@dataclass(frozen=True)
class Request:
    """What a probe sends."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


def rules(count: int) -> list[Rule]:
    """So many rules of three kinds in turn; the load meets the first condition of the third kind and no other."""
    return [_rule(number) for number in range(count)]


def _rule(number: int) -> Rule:
    name = f"rule-{number:04}"
    match number % 3:
        case 0:
            first = Condition(Field.PATH_PREFIX, f"/app-{number:04}/")
            return Rule(name, first, Condition(Field.AGENT, f"scanner-{number:04}"))
        case 1:
            first = Condition(Field.HOST, f"t{number:04}.example")
            return Rule(name, first, Condition(Field.PATH_PREFIX, f"/inside-{number:04}/"))
        case _:
            first = Condition(Field.METHOD, "GET")
            return Rule(name, first, Condition(Field.PATH, f"/export-{number:04}"))


def request_meeting(conditions: list[Condition]) -> Request:
    """A request that meets these conditions and, by its other fields, no rule's."""
    path, method, headers = "/small", "POST", {}
    for condition in conditions:
        match condition.field:
            case Field.PATH_PREFIX:
                path = condition.value + "x"
            case Field.PATH:
                path = condition.value
            case Field.HOST:
                headers["Host"] = condition.value
            case Field.METHOD:
                method = condition.value
            case Field.AGENT:
                headers["User-Agent"] = f"Mozilla/5.0 ({condition.value})"
    return Request(path, method, headers)
