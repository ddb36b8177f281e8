"""5: how soon a process that takes over from a killed one is ready."""

from tests.bench.courses import state
from tests.bench.figure import Figure, Measure, at_least, cpu, speed
from tests.bench.race import Contender

FIGURE = Figure(
    number=5,
    title="restore after kill -9, to ready",
    against="bare read of the same state topic",
    course=state,
    contenders=(Contender("bare read of the state", "bare", "state"), Contender("restore", "restore")),
    measures=(
        Measure("speed", speed("restore", "bare read of the state"), at_least(0.5)),
        Measure("CPU a person", cpu("restore", "bare read of the state")),
    ),
)
