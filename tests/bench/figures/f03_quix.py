"""3: the same job by Quix Streams with its state store, with the guarantee it has by default and with exactly-once."""

from tests.bench.courses import bus
from tests.bench.figure import Figure, Measure, at_least
from tests.bench.figures.f01_ingest import INGEST
from tests.bench.race import Contender, Round
from tests.bench.sizes import SLOW_ONE_IN

DEFAULT = Contender("quix", "quix", "at-least-once", one_in=SLOW_ONE_IN)
EXACTLY_ONCE = Contender("quix exactly-once", "quix", "exactly-once", one_in=SLOW_ONE_IN)


def _over_the_faster(one: Round) -> float:
    return one["ingest"].speed / max(one[theirs.name].speed for theirs in (DEFAULT, EXACTLY_ONCE))


FIGURE = Figure(
    number=3,
    title="ingest, the same job",
    against="Quix Streams with its state store, the faster of its guarantees",
    course=bus,
    contenders=(INGEST, DEFAULT, EXACTLY_ONCE),
    measures=(Measure("speed", _over_the_faster, at_least(2)),),
)
