"""9: national size, once: no cliff between what the other figures measure and all of it.

What the same work would take is the time of the smaller size, event by event and person by person.
"""

from tests.bench.courses import nation
from tests.bench.figure import Figure, Measure, at_most
from tests.bench.race import Contender, Round

USUAL = Contender("ingest", "ingest", course="bus")
WHOLE = Contender("ingest, nation", "ingest", course="nation-bus")
CITY = Contender("report, city", "report", course="city")
ALL = Contender("report, nation", "report", course="nation")


def _over_extrapolated(one: Round) -> float:
    events, persons = one[WHOLE.name], one[ALL.name]
    expected = events.done / one[USUAL.name].speed + persons.done / one[CITY.name].speed
    return (events.wall + persons.wall) / expected


FIGURE = Figure(
    number=9,
    title="national size: ingest of the year, then the report of all units",
    against="extrapolation of the smaller sizes",
    course=nation,
    contenders=(USUAL, CITY, WHOLE, ALL),
    measures=(
        Measure("wall", _over_extrapolated, at_most(1.25)),
        Measure("ingest, wall", lambda one: one[USUAL.name].speed / one[WHOLE.name].speed),
        Measure("report, wall", lambda one: one[CITY.name].speed / one[ALL.name].speed),
    ),
    rounds=1,
)
