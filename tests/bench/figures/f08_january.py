"""8: the whole of January for a city: from the command to the last district's messages committed."""

from tests.bench.courses import city
from tests.bench.figure import Figure, Measure, at_most
from tests.bench.figures.f06_build import LIMITS
from tests.bench.race import Contender, Round

BARE_READ = Contender("bare read of the city", "bare", "state")
JANUARY = Contender("january", "report")


def _over_reading_and_limits(one: Round) -> float:
    return one[JANUARY.name].wall / (one[BARE_READ.name].wall + one[LIMITS.name].wall)


FIGURE = Figure(
    number=8,
    title="January for a city of 15 districts, command → all committed",
    against="reading the state topic + figure 6's limit",
    course=city,
    contenders=(BARE_READ, LIMITS, JANUARY),
    measures=(Measure("wall", _over_reading_and_limits, at_most(1.6)),),
)
