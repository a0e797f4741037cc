"""Weir, from the tree that the build leaves; the launcher's collector and heap are the shipped ones."""

import os
from pathlib import Path

from .. import machine, policy
from ..policy import Condition, Field, Rule
from ..scenarios import Wire
from .proxy import Proxy

REPOSITORY = Path(__file__).resolve().parents[4]
LAUNCHER = Path(os.environ.get("WEIR", REPOSITORY / "packaging/target/weir/bin/weir"))


class Weir(Proxy):
    """Pinned to one core it has one worker: the JVM counts the cores that it may use."""

    name = "weir"
    warms_up = True

    @staticmethod
    def version() -> str:
        return machine.first_line([str(LAUNCHER), "version"])

    @staticmethod
    def require() -> list[str]:
        if not os.access(LAUNCHER, os.X_OK):
            raise machine.Unready(f"{LAUNCHER} is not there: build it, or name its peers only (--peers haproxy,nginx)")
        return []

    def write_configuration(self) -> list[str]:
        path = self.file("weir.yaml", self._configuration())
        return [str(LAUNCHER), "run", "-c", str(path)]

    @property
    def access_log(self) -> Path:
        return self.site.directory / "access.log"

    def _configuration(self) -> str:
        setup, site = self.setup, self.site
        backends = ", ".join(f"127.0.0.1:{port}" for port in site.backends)
        return "".join(
            [
                "version: 1\n",
                f"limits: {{ connections: {setup.connections}, connections_per_ip: {setup.connections},",
                " requests_per_connection: 1000000000 }\n",
                "timeouts: { idle: 600s }\n",
                "listeners:\n",
                f'  web: {{ bind: "127.0.0.1:{site.port}"{self._listener()} }}\n',
                self._certificates(),
                self._firewall(),
                "pools:\n",
                "  app:\n",
                "    balance: round_robin\n",
                f"    backends: [{backends}]\n",
                "    keep_alive: { idle: 60s, per_worker: 512 }\n",
                "    protocol: h2c\n" if setup.wire is Wire.GRPC else "",
                "" if setup.wire is Wire.RELAY or setup.wire is Wire.PASSTHROUGH else "routes:\n  - pool: app\n",
                self._logging(),
                f'admin: {{ bind: "127.0.0.1:{site.admin_port}", socket: "{site.directory}/admin.sock" }}\n',
            ]
        )

    def _listener(self) -> str:
        match self.setup.wire:
            case Wire.RELAY:
                return ", mode: tcp, pool: app"
            case Wire.PASSTHROUGH:
                return ', mode: tcp, sni: { "localhost": app }'
            case Wire.GRPC:
                return ", protocols: [h2c, http/1.1]"
            case Wire.H2:
                return ", tls: { certificates: [bench] }"
        return ", tls: { certificates: [bench] }, protocols: [http/1.1]" if self.setup.tls else ""

    def _certificates(self) -> str:
        if not self.setup.tls:
            return ""
        files = self.site.certificate
        return f'certificates:\n  bench: {{ cert_file: "{files.chain}", key_file: "{files.key}" }}\n'

    def _logging(self) -> str:
        if not self.setup.access_log:
            return ""
        return f'logging:\n  access: {{ file: "{self.access_log}", format: combined }}\n'

    def _firewall(self) -> str:
        setup = self.setup
        rules = []
        lists = ""
        if setup.blocked_list:
            self.file("blocked.txt", "\n".join(policy.blocked_networks()) + "\n")
            lists = "lists:\n  blocked: { file: blocked.txt }\n"
            rules.append("{ name: blocked, match: { ip: { in: blocked } }, action: { deny: 403 } }")
        if setup.rules:
            rules += [_rule(rule) for rule in policy.rules(setup.rules)]
        if setup.limit:
            limit = f"key: ip, rate: {policy.LIMIT_PER_SECOND}/s, burst: {policy.LIMIT_PER_SECOND}"
            rules.append(f"{{ name: per-client, action: {{ limit: {{ {limit} }} }} }}")
        if not rules:
            return ""
        return f"{lists}firewall:\n  rules:\n" + "".join(f"    - {rule}\n" for rule in rules)


def _rule(rule: Rule) -> str:
    match = f"{_condition(rule.first)}, {_condition(rule.second)}"
    return f"{{ name: {rule.name}, match: {{ {match} }}, action: {{ deny: 403 }} }}"


def _condition(condition: Condition) -> str:
    value = condition.value
    match condition.field:
        case Field.PATH_PREFIX:
            return f'path: "{value}*"'
        case Field.PATH:
            return f'path: "{value}"'
        case Field.HOST:
            return f'host: "{value}"'
        case Field.METHOD:
            return f"method: {value}"
        case Field.AGENT:
            return f'header: {{ user-agent: {{ contains: "{value}" }} }}'
