"""1: what it costs that nothing is lost: ingest beside a loop that reads and decodes the same events and drops them."""

from tests.bench.courses import bus
from tests.bench.figure import Figure, Measure, at_least, cpu, speed
from tests.bench.race import Contender

BARE = Contender("bare", "bare")
INGEST = Contender("ingest", "ingest")

FIGURE = Figure(
    number=1,
    title="ingest, durable, one process",
    against="bare aiokafka getmany + decode of the same topic",
    course=bus,
    contenders=(BARE, INGEST),
    measures=(
        Measure("speed", speed("ingest", "bare"), at_least(0.5)),
        Measure("CPU an event", cpu("ingest", "bare")),
    ),
)
