"""HAProxy as a careful operator runs it: one thread, connections to the backends kept and shared.

`no strict-limits`, since it reckons with two open files per client and the machine may not allow so many.
"""

from pathlib import Path

from .. import machine, policy
from ..policy import Condition, Field
from ..scenarios import Wire
from .proxy import Proxy

LOG_FORMAT = (  # the fields of the combined format
    '"%ci - - [%trg] %{+Q}r %ST %B %{+Q}[capture.req.hdr(0)] %{+Q}[capture.req.hdr(1)]"'
)


class HAProxy(Proxy):
    """One process in the foreground."""

    name = "haproxy"

    @staticmethod
    def version() -> str:
        return machine.first_line([machine.program("haproxy"), "-v"])

    @staticmethod
    def require() -> list[str]:
        return ["haproxy"]

    def write_configuration(self) -> list[str]:
        path = self.file("haproxy.cfg", self._configuration())
        return [machine.program("haproxy"), "-db", "-f", str(path)]

    @property
    def access_log(self) -> Path:
        return self.process.log

    def _configuration(self) -> str:
        setup, site = self.setup, self.site
        if setup.wire is Wire.RELAY or setup.wire is Wire.PASSTHROUGH:
            return self._relay()
        alpn = "h2,http/1.1" if setup.wire is Wire.H2 else "http/1.1"
        tls = f" ssl crt {site.certificate.both} alpn {alpn}" if setup.tls else ""
        h2c = " proto h2" if setup.wire is Wire.GRPC else ""
        firewall = "\n".join(f"  {line}" for line in self._firewall())
        log = "\n".join(f"  {line}" for line in self._log())
        servers = "\n".join(f"  server b{port} 127.0.0.1:{port}{h2c}" for port in site.backends)
        return f"""global
  nbthread 1
  maxconn {setup.connections}
  no strict-limits
  ssl-default-bind-options ssl-min-ver TLSv1.2

defaults
  mode http
  maxconn {setup.connections}
  timeout connect 3s
  timeout client 60s
  timeout server 30s
  timeout http-request 10s
  timeout http-keep-alive 600s
  timeout tunnel 600s
  option http-keep-alive
  http-reuse always
  option splice-response

frontend web
  bind 127.0.0.1:{site.port}{tls}{h2c}
{log}
{firewall}
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto {self.scheme}
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request add-header Via "1.1 haproxy"
  default_backend app

backend app
  balance roundrobin
{servers}
"""

    def _relay(self) -> str:
        setup, site = self.setup, self.site
        servers = "\n".join(f"  server b{port} 127.0.0.1:{port}" for port in site.backends)
        by_name = """
  tcp-request inspect-delay 5s
  tcp-request content accept if { req.ssl_hello_type 1 }
  use_backend app if { req.ssl_sni -i localhost }
""" if setup.wire is Wire.PASSTHROUGH else "  default_backend app\n"
        return f"""global
  nbthread 1
  maxconn {setup.connections}
  no strict-limits

defaults
  mode tcp
  maxconn {setup.connections}
  timeout connect 3s
  timeout client 600s
  timeout server 600s
  option splice-auto

frontend web
  bind 127.0.0.1:{site.port}
{by_name}
backend app
  balance roundrobin
{servers}
"""

    def _firewall(self) -> list[str]:
        setup = self.setup
        lines = []
        if setup.blocked_list:
            path = self.file("blocked.txt", "\n".join(policy.blocked_networks()) + "\n")
            lines.append(f"http-request deny deny_status 403 if {{ src -f {path} }}")
        if setup.rules:
            for rule in policy.rules(setup.rules):
                both = f"{{ {_condition(rule.first)} }} {{ {_condition(rule.second)} }}"
                lines.append(f"http-request deny deny_status 403 if {both}")
        if setup.limit:
            lines += [
                "stick-table type ip size 100k expire 60s store http_req_rate(1s)",
                "http-request track-sc0 src",
                f"http-request deny deny_status 429 if {{ sc_http_req_rate(0) gt {policy.LIMIT_PER_SECOND} }}",
            ]
        return lines

    def _log(self) -> list[str]:
        if not self.setup.access_log:
            return []
        return [
            "log stdout format raw local0",
            "capture request header Referer len 128",
            "capture request header User-Agent len 128",
            f"log-format {LOG_FORMAT}",
        ]


def _condition(condition: Condition) -> str:
    value = condition.value
    match condition.field:
        case Field.PATH_PREFIX:
            return f"path_beg {value}"
        case Field.PATH:
            return f"path {value}"
        case Field.HOST:
            return f"req.hdr(host) -m str -i {value}"
        case Field.METHOD:
            return f"method {value}"
        case Field.AGENT:
            return f"req.hdr(user-agent) -m sub {value}"
