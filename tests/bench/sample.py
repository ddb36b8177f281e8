"""What one run of one contender came to, as the process itself measures it."""

import resource
import time
from pathlib import Path
from typing import Self

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """`done` pieces of work in `wall` seconds with `cpu` seconds (user and system, children that ended included).

    `peak_mb` is the most memory the process ever had (VmHWM), what it had before the work began included.
    """

    done: int
    wall: float
    cpu: float
    peak_mb: float

    @property
    def speed(self) -> float:
        """Pieces of work a second."""
        return self.done / self.wall


class Stopwatch:
    """Started when the work begins, so that what comes before it (imports, joining a group) is nobody's advantage."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = _cpu()

    def sample(self, done: int) -> Sample:
        return Sample(done, time.perf_counter() - self._wall, _cpu() - self._cpu, peak_mb())

    @classmethod
    def start(cls) -> Self:
        return cls()


def peak_mb(status: Path = Path("/proc/self/status")) -> float:
    """The most memory a process had so far."""
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
