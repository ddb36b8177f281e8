"""7: the most memory of a process that carries out the report command, ten times as many persons."""

from tests.bench.courses import two_sizes
from tests.bench.figure import Figure, Measure, at_most
from tests.bench.race import Contender

FIGURE = Figure(
    number=7,
    title="report: peak memory, ten times the persons",
    against="itself",
    course=two_sizes,
    contenders=(
        Contender("report, small", "report", course="small"),
        Contender("report, large", "report", course="large"),
    ),
    measures=(
        Measure("memory", lambda one: one["report, large"].peak_mb / one["report, small"].peak_mb, at_most(1.3)),
    ),
)
