"""The proxies that are compared: how each is configured for a setup, and started."""

from . import haproxy, nginx, weir

PROXIES = {"weir": weir.Weir, "haproxy": haproxy.HAProxy, "nginx": nginx.Nginx}
