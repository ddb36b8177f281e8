"""What things cost, read off a run of the bench: what capacity is reckoned with, and no number of its own."""

import json
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from tests.bench.sample import Sample

HERE = Path("bench-out/bench.json")


class Costs(NamedTuple):
    """For one process on one core of the machine that was measured.

    `base_mb` is a service with nobody in its state. Speeds are by the wall clock, broker on the same machine.
    """

    events_a_second: float
    event_cpu_us: float
    restored_a_second: float
    person_bytes: float
    base_mb: float
    person_memory_bytes: float
    read_a_second: float
    built_a_second: float
    report_mb: float
    report_memory_bytes: float
    message_bytes: float


def read_costs(file: Path = HERE) -> Costs:
    """From figures 1, 5, 7, 8 and 11. KeyError when the run had not all of them."""
    run = _Run(json.loads(file.read_text())["figures"])
    restore = run.of(5, "restore")
    base = run.median(11, "idle service", "peak_mb")
    small, large = run.of(7, "report, small"), run.of(7, "report, large")
    january, reading = run.of(8, "january"), run.of(8, "bare read of the city")
    return Costs(
        events_a_second=median(one.speed for one in run.of(1, "ingest")),
        event_cpu_us=median(one.cpu_us for one in run.of(1, "ingest")),
        restored_a_second=median(one.speed for one in restore),
        person_bytes=median(one.parts["state_bytes"] / one.done for one in restore),
        base_mb=base,
        person_memory_bytes=max(median(one.peak_mb for one in restore) - base, 0) * 2**20 / restore[0].done,
        read_a_second=median(one.speed for one in reading),
        # What is left of January when the reading is taken out.
        built_a_second=median(
            one.done / max(one.wall - bare.wall, 1e-9) for one, bare in zip(january, reading, strict=True)
        ),
        report_mb=median(one.peak_mb for one in small),
        report_memory_bytes=(median(one.peak_mb for one in large) - median(one.peak_mb for one in small))
        * 2**20
        / max(large[0].done - small[0].done, 1),
        message_bytes=median(one.parts["megabytes"] * 1e6 / one.done for one in january),
    )


class _Run:
    """The samples of one run."""

    def __init__(self, figures: dict[str, dict[str, list[dict[str, object]]]]) -> None:
        self._figures = figures

    def of(self, figure: int, contender: str) -> list[Sample]:
        return [msgspec.convert(one[contender], Sample) for one in self._figures[str(figure)]["rounds"]]

    def median(self, figure: int, contender: str, field: str) -> float:
        return float(median(getattr(one, field) for one in self.of(figure, contender)))
