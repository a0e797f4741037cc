"""What is measured: the setups that a proxy runs in, and the load that each row of the table applies."""

from dataclasses import dataclass, field
from enum import Enum

SMALL_SIZE = 100  # bytes of body: an API's short answer, all cost is per request
MEDIUM_SIZE = 10 * 1024
LARGE_SIZE = 1024 * 1024
HANDSHAKES_PER_SECOND = 500  # half of what one core of clients can do


class Wire(Enum):
    """What the proxy speaks, from the clients to the backends."""

    HTTP = "HTTP/1.1 to HTTP/1.1"
    H2 = "HTTP/2 to HTTP/1.1"
    GRPC = "HTTP/2 in plain text to the same"
    WEBSOCKET = "HTTP/1.1 until it is left"
    RELAY = "TCP"
    PASSTHROUGH = "TLS, relayed by server name"


@dataclass(frozen=True)
class Setup:
    """One way to configure a proxy; every proxy is given the same work."""

    name: str
    wire: Wire = Wire.HTTP
    tls: bool = False
    blocked_list: bool = False
    rules: int = 0
    limit: bool = False
    access_log: bool = False
    connections: int = 2_000  # room for clients and backends together


PLAIN = Setup("plain")
TLS = Setup("tls", tls=True)
LIST = Setup("list", blocked_list=True, limit=True)
RULES = Setup("rules", rules=1_000)
FIREWALLS = [Setup(f"firewall-{count}", blocked_list=True, rules=count, limit=True) for count in (10, 1_000, 10_000)]
LOG = Setup("log", access_log=True)
H2 = Setup("h2", Wire.H2, tls=True)
GRPC = Setup("grpc", Wire.GRPC)
WEBSOCKET = Setup("websocket", Wire.WEBSOCKET)
RELAY = Setup("relay", Wire.RELAY)
PASSTHROUGH = Setup("passthrough", Wire.PASSTHROUGH)
CROWD = Setup("crowd", connections=11_000)  # for 10,000 idle clients


class Load(Enum):
    """How requests arrive."""

    KEEP_ALIVE = "wrk, closed loop, connections kept"
    RESUMED = "wrk, closed loop, a new connection per request, TLS session resumed"
    HANDSHAKE = "h2load, fixed rate, a new connection per request, full TLS handshake"
    H2_ONE = "h2load, closed loop, one stream per connection"
    H2_MANY = "h2load, closed loop, 4 connections with 100 streams each"
    GRPC_UNARY = "h2load, closed loop, 4 connections with 10 calls each"
    WEBSOCKET_ECHO = "closed loop, one message of 100 B per connection"


@dataclass(frozen=True)
class Scenario:
    """One row of the table."""

    name: str
    title: str
    setup: Setup
    load: Load = Load.KEEP_ALIVE
    path: str = "/small"
    compared_with_plain: bool = False  # also measure the same proxy without the feature, in the same rounds
    notes: list[str] = field(default_factory=list)  # footnotes: where a peer's work differs


_RULE_NOTES = [
    "HAProxy evaluates `http-request deny if A B` lines one after the other.",
    "nginx has no ordered rules: one `map` of a regular expression for each over the joined fields does the same work."
    " Rules keyed by path alone could be `location` blocks, which are looked up faster, but only one of those applies"
    " to a request.",
]
_LIMIT_NOTES = ["HAProxy limits by a counted rate in a stick table (a sliding period), weir and nginx by a bucket."]
_RESUMED_NOTES = ["TLS 1.3 with a ticket: no certificate and no signature, but a key exchange."]
_HANDSHAKE_NOTES = [f"{HANDSHAKES_PER_SECOND} connections a second are offered: h2load has no closed loop of these."]
_LARGE_NOTES = ["HAProxy splices large bodies (`option splice-response`): they never enter its memory."]
_SHARED_NOTES = ["Several requests arrive at once, and the proxy's reads and writes are shared by them."]
_GRPC_NOTES = ["A call of 20 B and an answer of 20 B with trailers; the backend is nginx, which answers without a program."]
_LOG_NOTES = [
    "HAProxy writes its log to standard output, here a file; more usual is a datagram to syslog, which leaves the"
    " writing to another process.",
]

SCENARIOS = [
    Scenario("small", "small response (100 B)", PLAIN),
    Scenario("medium", "10 KB", PLAIN, path="/medium"),
    Scenario("large", "1 MB", PLAIN, path="/large", notes=_LARGE_NOTES),
    Scenario("tls", "TLS, keep-alive, small", TLS),
    Scenario("tls-resumed", "TLS, new connection per request, resumed", TLS, Load.RESUMED, notes=_RESUMED_NOTES),
    Scenario("tls-handshake", "TLS, new connection per request, full", TLS, Load.HANDSHAKE, notes=_HANDSHAKE_NOTES),
    Scenario("h2", "HTTP/2 over TLS, one stream", H2, Load.H2_ONE),
    Scenario("h2-100", "HTTP/2 over TLS, 100 streams", H2, Load.H2_MANY, notes=_SHARED_NOTES),
    Scenario("grpc", "gRPC, unary", GRPC, Load.GRPC_UNARY, path="/bench.Bench/Unary", notes=_GRPC_NOTES),
    Scenario("websocket", "WebSocket, a message and its echo", WEBSOCKET, Load.WEBSOCKET_ECHO),
    Scenario("relay", "TCP relay, small", RELAY),
    Scenario("passthrough", "TLS passthrough, small", PASSTHROUGH),
    Scenario("list", "100,000 CIDRs and a limit", LIST, compared_with_plain=True, notes=_LIMIT_NOTES),
    Scenario("rules", "1,000 rules of two conditions", RULES, compared_with_plain=True, notes=_RULE_NOTES),
    *(
        Scenario(
            setup.name,
            f"100,000 CIDRs, {setup.rules:,} rules, a limit",
            setup,
            compared_with_plain=True,
            notes=_RULE_NOTES + _LIMIT_NOTES,
        )
        for setup in FIREWALLS
    ),
    Scenario("log", "access log on", LOG, compared_with_plain=True, notes=_LOG_NOTES),
]

MEMORY = "memory"  # not a row of requests: resident memory when idle, after load and with idle connections

SLOW = "slow"  # nor this: what others feel of 5,000 slow clients

REPLACE = "replace"  # nor this: what one client feels while weir replaces a list of a million prefixes

NAMES = [scenario.name for scenario in SCENARIOS] + [MEMORY, SLOW, REPLACE]
