"""What all proxies have in common: a place to run in, and one running instance."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from ..certificate import Certificate
from ..process import Process
from ..scenarios import Setup, Wire


@dataclass(frozen=True)
class Site:
    """Where one instance runs and what it may use."""

    directory: Path  # its own
    port: int
    admin_port: int
    backends: list[int]
    certificate: Certificate
    core: str


class Proxy(ABC):
    """A proxy running under one setup."""

    name: str
    warms_up = False  # a JIT makes its requests cheaper for a while

    def __init__(self, setup: Setup, site: Site):
        self.setup = setup
        self.site = site
        site.directory.mkdir(parents=True)
        self.process = Process(self.write_configuration(), site.core, site.directory, site.directory / "output.log")

    @staticmethod
    @abstractmethod
    def version() -> str:
        """One line."""

    @staticmethod
    @abstractmethod
    def require() -> list[str]:
        """The programs that have to be on this machine; raises Unready if more is missing."""

    @abstractmethod
    def write_configuration(self) -> list[str]:
        """Writes the files of the setup and returns the command to run."""

    @property
    @abstractmethod
    def access_log(self) -> Path:
        """Where its access log goes, if the setup has one."""

    @property
    def scheme(self) -> str:
        return "https" if self.setup.tls or self.setup.wire is Wire.PASSTHROUGH else "http"

    def file(self, name: str, text: str) -> Path:
        """Writes a file into its own folder."""
        path = self.site.directory / name
        path.write_text(text)
        return path

    def stop(self) -> None:
        self.process.stop()
