"""Contenders in turn, round after round, so that whatever the machine does meanwhile it does to all of them."""

import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from tests.bench.contenders.job import Job
from tests.bench.sample import Sample


PATIENCE_SECONDS = 900.0


class ContenderError(RuntimeError):
    """A contender did not come through; the text ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A module of `tests.bench.contenders`, and what it is told besides the job all share."""

    name: str
    module: str
    variant: str = ""
    events: int | None = None


@dataclass(slots=True)
class Runs:
    """What the rounds of one contender came to."""

    samples: list[Sample] = field(default_factory=list)

    def median(self, of: Callable[[Sample], float]) -> float:
        return statistics.median(map(of, self.samples))

    def spread(self, of: Callable[[Sample], float]) -> tuple[float, float]:
        values = [*map(of, self.samples)]
        return min(values), max(values)


def race(contenders: Sequence[Contender], start: Callable[[Contender], Job], rounds: int) -> dict[str, Runs]:
    """`rounds` rounds after one that only warms up. `start` prepares what a run needs and says what it is told."""
    runs = {one.name: Runs() for one in contenders}
    for number in range(rounds + 1):
        for contender in contenders:
            sample = _run(contender, start(contender))
            if number:
                runs[contender.name].samples.append(sample)
    return runs


def fresh(contender: Contender, prefix: str = "bench") -> str:
    """A name no other run has had."""
    return f"{prefix}-{contender.name}-{uuid.uuid4().hex[:8]}"


def _run(contender: Contender, told: Job) -> Sample:
    with tempfile.TemporaryDirectory() as folder:
        told = msgspec.structs.replace(
            told, folder=folder, variant=contender.variant, events=contender.events or told.events
        )
        command = [sys.executable, "-m", f"tests.bench.contenders.{contender.module}", msgspec.json.encode(told)]
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_SECONDS, check=False)
    lines = done.stdout.decode(errors="replace").splitlines()
    try:
        return msgspec.json.decode(next(line for line in reversed(lines) if line.startswith("{")), type=Sample)
    except (StopIteration, msgspec.MsgspecError):
        said = (done.stderr or done.stdout).decode(errors="replace")[-2000:]
        raise ContenderError(f"{contender.name} ended with {done.returncode} and no figures:\n{said}") from None
