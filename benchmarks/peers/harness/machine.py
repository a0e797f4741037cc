"""This machine: its cores, the programs that are needed, free ports, versions."""

import os
import platform
import random
import resource
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGES = {  # program -> Debian package
    "haproxy": "haproxy",
    "nginx": "nginx",
    "wrk": "wrk",
    "h2load": "nghttp2-client",
    "openssl": "openssl",
    "curl": "curl",
    "/usr/lib/nginx/modules/ngx_stream_module.so": "libnginx-mod-stream",
    "taskset": "util-linux",
}
FILES_NEEDED = 12_000  # open files: 10,000 idle clients, or 5,000 slow ones with a backend connection each


class Unready(Exception):
    """Something is missing; the message says what and how to get it."""


@dataclass(frozen=True)
class Cores:
    """Which cores run what."""

    proxy: str  # one core
    load: str  # all others: the load generator and the backends


def cores() -> Cores:
    available = sorted(os.sched_getaffinity(0))
    if len(available) < 2:
        raise Unready("two cores are needed: one for the proxy, one for the load and the backends")
    return Cores(proxy=str(available[-1]), load=",".join(map(str, available[:-1])))


def provide(programs: list[str]) -> None:
    """Installs what is missing where that is possible, else names it."""
    missing = sorted({PACKAGES[program] for program in programs if not _is_here(program)})
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not is_root() or shutil.which("apt-get") is None:
        raise Unready(f"missing: {' '.join(missing)} (as root: {' '.join(install)})")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Unready(f"{' '.join(install)} failed (apt-get update first?):\n{done.stderr.strip()}")


def _is_here(program: str) -> bool:
    return os.path.exists(program) or shutil.which(_program(program)) is not None


def _program(name: str) -> str:
    return str(Path("/usr/sbin") / name) if name in ("haproxy", "nginx") else name


def program(name: str) -> str:
    """The path of a program, also where a user's PATH leaves out /usr/sbin."""
    return shutil.which(name) or shutil.which(_program(name)) or name


def is_root() -> bool:
    return os.geteuid() == 0


def raise_file_limit() -> None:
    """Children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= FILES_NEEDED:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_NEEDED, max(hard, FILES_NEEDED)))
    except ValueError:
        raise Unready(f"open files: {hard} allowed, {FILES_NEEDED} needed (ulimit -Hn {FILES_NEEDED})") from None


def free_port() -> int:
    """A port that is free now and that the kernel will not hand to an outgoing connection meanwhile."""
    first_ephemeral = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(1_000):
        port = random.randrange(min(10_000, first_ephemeral - 5_000), first_ephemeral)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Unready("no free port below the ephemeral range")


def memory_directory() -> str | None:
    """A folder in memory, so that bodies and logs cost no disk; None leaves the choice to the system."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def description(used: Cores) -> dict[str, object]:
    """What a reader of the figures needs to know of this machine."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "proxy_core": used.proxy,
        "load_cores": used.load,
        "java_opts": os.environ.get("JAVA_OPTS", ""),
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def first_line(command: list[str]) -> str:
    """The first line that a command prints, for `--version`."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
    return (done.stdout.strip().splitlines() or ["?"])[0]
