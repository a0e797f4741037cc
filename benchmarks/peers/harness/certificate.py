"""The certificate that all proxies serve: ECDSA P-256, made for the run."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """Files in PEM."""

    chain: Path
    key: Path
    both: Path  # as HAProxy wants it


def make(directory: Path) -> Certificate:
    made = Certificate(directory / "bench.pem", directory / "bench.key", directory / "bench.both.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        + ["-keyout", made.key, "-out", made.chain],
        check=True,
        capture_output=True,
    )
    made.both.write_text(made.chain.read_text() + made.key.read_text())
    return made
