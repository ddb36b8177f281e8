"""What one run of one contender came to, as the process itself measures it."""

import resource
import time
from pathlib import Path

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """`done` pieces of work in `wall` seconds with `cpu` seconds (user and system, children that ended included).

    `peak_mb` is the most memory the process ever had (VmHWM), what it had before the work began included. `parts` are
    seconds of single stages, where a contender knows them.
    """

    done: int
    wall: float
    cpu: float
    peak_mb: float
    parts: dict[str, float] = {}

    @property
    def speed(self) -> float:
        """Pieces of work a second."""
        return self.done / self.wall

    @property
    def cpu_us(self) -> float:
        """Microseconds of CPU time for a piece of work."""
        return self.cpu / self.done * 1e6


class Stopwatch:
    """Made when the work begins, so that what comes before it (imports, joining a group) is nobody's advantage."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = cpu_seconds()

    def sample(self, done: int, parts: dict[str, float] | None = None) -> Sample:
        """The time until now."""
        return Sample(done, time.perf_counter() - self._wall, cpu_seconds() - self._cpu, peak_mb(), parts or {})


def peak_mb(status: Path = Path("/proc/self/status")) -> float:
    """The most memory a process had so far."""
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def cpu_seconds() -> float:
    """What this process has used, and its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
