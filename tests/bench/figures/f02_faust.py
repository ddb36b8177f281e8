"""2: the same job by a faust agent with a Table."""

from tests.bench.courses import bus
from tests.bench.figure import Figure, Measure, at_least, cpu, speed
from tests.bench.figures.f01_ingest import INGEST
from tests.bench.race import Contender
from tests.bench.sizes import SLOW_ONE_IN

FAUST = Contender("faust", "faust_table", one_in=SLOW_ONE_IN)

FIGURE = Figure(
    number=2,
    title="ingest, the same job",
    against="a faust agent with a Table",
    course=bus,
    contenders=(INGEST, FAUST),
    measures=(
        Measure("speed", speed("ingest", "faust"), at_least(12)),
        Measure("CPU an event, theirs over ours", cpu("faust", "ingest")),
    ),
)
