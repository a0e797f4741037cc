"""nginx as a careful operator runs it: one worker, connections to the backends kept, buffers that hold the bodies."""

import re
from pathlib import Path

from .. import machine, policy
from ..backends import FOREVER, nginx_main, nginx_temporary_paths
from ..policy import Field, Rule
from ..scenarios import Wire
from .proxy import Proxy

STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so"
JOINED = "$request_method $http_host $uri $http_user_agent"  # what the map of the rules is asked for


class Nginx(Proxy):
    """A master and one worker."""

    name = "nginx"

    @staticmethod
    def version() -> str:
        return machine.first_line([machine.program("nginx"), "-v"])

    @staticmethod
    def require() -> list[str]:
        return ["nginx", STREAM]

    def write_configuration(self) -> list[str]:
        directory = self.site.directory
        path = self.file("nginx.conf", self._configuration())
        return [machine.program("nginx"), "-e", "stderr", "-p", str(directory), "-c", str(path)]

    @property
    def access_log(self) -> Path:
        return self.site.directory / "access.log"

    def _configuration(self) -> str:
        setup, site = self.setup, self.site
        if setup.wire is Wire.RELAY or setup.wire is Wire.PASSTHROUGH:
            return self._relay()
        servers = "\n".join(f"    server 127.0.0.1:{port};" for port in site.backends)
        listen = f"127.0.0.1:{site.port} backlog=4096" + (" ssl" if setup.tls else "")
        listen += " http2" if setup.wire in (Wire.H2, Wire.GRPC) else ""
        log = f"{self.access_log} combined buffer=64k flush=1s" if setup.access_log else "off"
        return f"""{nginx_main(site.directory, setup.connections)}
pcre_jit on;
http {{
  access_log {log};
  tcp_nodelay on;
  keepalive_timeout 600s;
  keepalive_requests {FOREVER};
{nginx_temporary_paths(site.directory)}
{self._policy()}
  upstream app {{
{servers}
    keepalive 512;
    keepalive_requests {FOREVER};
    keepalive_timeout 60s;
  }}
  server {{
    listen {listen};
{self._tls()}
{self._refusals()}
    location / {{
{self._limit()}
{self._upstream()}
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header Via "1.1 nginx";
      proxy_buffer_size 16k;
      proxy_buffers 16 32k;
      proxy_busy_buffers_size 64k;
      proxy_max_temp_file_size 0;
    }}
  }}
}}
"""

    def _upstream(self) -> str:
        match self.setup.wire:
            case Wire.GRPC:
                return """      grpc_pass grpc://app;
      grpc_set_header X-Forwarded-For $remote_addr;
      grpc_set_header X-Forwarded-Proto $scheme;
      grpc_set_header X-Forwarded-Host $http_host;
      grpc_set_header Via "2.0 nginx";"""
            case Wire.WEBSOCKET:
                connection = 'proxy_set_header Connection $connection_upgrade;\n      proxy_set_header Upgrade $http_upgrade;'
            case _:
                connection = 'proxy_set_header Connection "";'
        return f"""      proxy_pass http://app;
      proxy_http_version 1.1;
      {connection}"""

    def _relay(self) -> str:
        setup, site = self.setup, self.site
        servers = "\n".join(f"    server 127.0.0.1:{port};" for port in site.backends)
        by_name = setup.wire is Wire.PASSTHROUGH
        chosen = "  map $ssl_preread_server_name $chosen { localhost app; }\n" if by_name else ""
        return f"""load_module {STREAM};
{nginx_main(site.directory, setup.connections)}
stream {{
  tcp_nodelay on;
  proxy_timeout 600s;
{chosen}  upstream app {{
{servers}
  }}
  server {{
    listen 127.0.0.1:{site.port} backlog=4096;
    {"ssl_preread on; proxy_pass $chosen;" if by_name else "proxy_pass app;"}
  }}
}}
"""

    def _tls(self) -> str:
        if not self.setup.tls:
            return ""
        files = self.site.certificate
        return f"""    ssl_certificate {files.chain};
    ssl_certificate_key {files.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:sessions:10m;
    ssl_session_tickets on;"""

    def _policy(self) -> str:
        setup = self.setup
        parts = []
        if setup.wire is Wire.WEBSOCKET:
            parts.append('  map $http_upgrade $connection_upgrade { default upgrade; "" ""; }')
        if setup.blocked_list:
            path = self.file("blocked.geo", "".join(f"{network} 1;\n" for network in policy.blocked_networks()))
            parts.append(f"  geo $blocked {{\n    default 0;\n    include {path};\n  }}")
        if setup.rules:
            expressions = "\n".join(f'    "~{_expression(rule)}" 1;' for rule in policy.rules(setup.rules))
            parts.append(f'  map "{JOINED}" $refused {{\n    default 0;\n{expressions}\n  }}')
        if setup.limit:
            zone = f"zone=clients:10m rate={policy.LIMIT_PER_SECOND}r/s"
            parts.append(f"  limit_req_zone $binary_remote_addr {zone};\n  limit_req_status 429;")
        return "\n".join(parts)

    def _refusals(self) -> str:
        asked = [("$blocked", self.setup.blocked_list), ("$refused", self.setup.rules)]
        return "\n".join(f"    if ({variable}) {{ return 403; }}" for variable, present in asked if present)

    def _limit(self) -> str:
        return f"      limit_req zone=clients burst={policy.LIMIT_PER_SECOND} nodelay;" if self.setup.limit else ""


def _expression(rule: Rule) -> str:
    """Over JOINED. A decoded path can hold a space, which a map in production would have to exclude."""
    pattern = {condition.field: re.escape(condition.value) for condition in (rule.first, rule.second)}
    method = pattern.get(Field.METHOD, "[^ ]*")
    host = pattern.get(Field.HOST, "[^ ]*")
    path = pattern.get(Field.PATH_PREFIX, "") + "[^ ]*"
    path = pattern.get(Field.PATH, path)
    agent = f".*{pattern[Field.AGENT]}" if Field.AGENT in pattern else ""
    return f"^{method} {host} {path} {agent}"
