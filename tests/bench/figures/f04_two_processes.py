"""4: two processes instead of one, on two cores that the broker needs too."""

from tests.bench.courses import bus
from tests.bench.figure import Figure, Measure, at_least, speed
from tests.bench.race import Contender

FIGURE = Figure(
    number=4,
    title="ingest, 1 → 2 processes, broker on the same 2 cores",
    against="itself",
    course=bus,
    contenders=(Contender("1 process", "members", "1"), Contender("2 processes", "members", "2")),
    measures=(Measure("speed", speed("2 processes", "1 process"), at_least(1.5)),),
)
