"""Three curves over the size of things: a bend in one is a cliff that no single figure shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from tests.bench.courses import Course, bus, city, one_size
from tests.bench.figures.f01_ingest import BARE, INGEST
from tests.bench.figures.f08_january import JANUARY
from tests.bench.race import Contender
from tests.bench.sample import Sample
from tests.bench.sizes import Sizes
from tests.bench.suite import raced

# Shares of the figure's own size, and numbers of districts.
SHARES = (0.04, 0.2, 0.5, 1.0, 2.0)
UNITS = (1, 3, 7, 15)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One size after another for the same contenders; `field` is the size that changes, the rest stays."""

    name: str
    title: str
    across: str
    up: str
    field: str
    values: Callable[[Sizes], Sequence[int]]
    course: Course
    contenders: Sequence[Contender]
    of: Callable[[Sample], float]


@dataclass(frozen=True, slots=True)
class Line:
    """Medians of one contender, size by size."""

    contender: str
    points: Sequence[tuple[int, float]]


SWEEPS = (
    Sweep(
        name="throughput",
        title="Throughput against persons",
        across="persons on the bus",
        up="events a second",
        field="persons",
        values=lambda sizes: [int(share * sizes.persons) for share in SHARES],
        course=bus,
        contenders=(BARE, INGEST),
        of=lambda sample: sample.speed,
    ),
    Sweep(
        name="memory",
        title="Peak memory against persons",
        across="persons in the state",
        up="MB",
        field="report_large",
        values=lambda sizes: [int(share * sizes.report_large) for share in SHARES],
        course=one_size,
        contenders=(Contender("service, restored", "restore"), Contender("report", "report")),
        of=lambda sample: sample.peak_mb,
    ),
    Sweep(
        name="units",
        title="Time of January against units, the same persons",
        across="districts",
        up="seconds",
        field="districts",
        values=lambda _: UNITS,
        course=city,
        contenders=(JANUARY,),
        of=lambda sample: sample.wall,
    ),
)


async def swept(sweep: Sweep, sizes: Sizes, say: Callable[[str], None]) -> list[Line]:
    """Measure it, size by size."""
    points: dict[str, list[tuple[int, float]]] = {one.name: [] for one in sweep.contenders}
    for value in sweep.values(sizes):
        say(f"{sweep.name}: {value:,} {sweep.across}")
        at = replace(sizes, **{sweep.field: value})
        rounds = await raced(sweep.course, sweep.contenders, at, sizes.rounds, say)
        for name, found in points.items():
            found.append((value, median(sweep.of(one[name]) for one in rounds)))
    return [Line(name, found) for name, found in points.items()]
