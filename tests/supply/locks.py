"""The lock files as data: which packages, in which version, with which hashes."""

import re
from pathlib import Path
from typing import NamedTuple

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
RUNTIME = REQUIREMENTS / "runtime.lock"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Pinned(NamedTuple):
    """One package of a lock."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read_lock(text: str) -> list[Pinned]:
    """Every package of a lock, in its order."""
    starts = [*_PIN.finditer(text)]
    ends = [*(one.start() for one in starts[1:]), len(text)]
    return [
        Pinned(start[1], start[2], tuple(_HASH.findall(text, start.end(), end)))
        for start, end in zip(starts, ends, strict=True)
    ]


def normalized(name: str) -> str:
    """One spelling of a package's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
