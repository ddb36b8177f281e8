"""11: the service when nothing happens."""

from tests.bench.courses import nothing
from tests.bench.figure import Figure, Measure, at_most
from tests.bench.race import Contender

IDLE = Contender("idle service", "idle")

FIGURE = Figure(
    number=11,
    title="idle service, nobody in its state",
    against="-",
    course=nothing,
    contenders=(IDLE,),
    measures=(
        Measure("memory", lambda one: one[IDLE.name].peak_mb, at_most(120), "MB"),
        Measure("of one core", lambda one: 100 * one[IDLE.name].cpu / one[IDLE.name].wall, at_most(1), "%"),
    ),
)
