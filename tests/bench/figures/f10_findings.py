"""10: what live findings take from ingest."""

from tests.bench.courses import bus
from tests.bench.figure import Figure, Measure, at_least, cpu, speed
from tests.bench.figures.f01_ingest import INGEST
from tests.bench.race import Contender

FIGURE = Figure(
    number=10,
    title="ingest with live findings",
    against="ingest without them",
    course=bus,
    contenders=(INGEST, Contender("ingest + findings", "ingest", "live")),
    measures=(
        Measure("speed", speed("ingest + findings", "ingest"), at_least(0.9)),
        Measure("CPU an event", cpu("ingest + findings", "ingest")),
    ),
)
