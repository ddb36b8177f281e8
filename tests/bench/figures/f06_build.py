"""6: from state to both messages, validated."""

from tests.bench.courses import people
from tests.bench.figure import Figure, Measure, at_most, cpu
from tests.bench.race import Contender

BUILD = Contender("build", "build")
LIMITS = Contender("limits", "limits")

FIGURE = Figure(
    number=6,
    title="report: state → both messages validated",
    against="filling templates + libxml2 SAX validation of the same bytes",
    course=people,
    contenders=(LIMITS, BUILD),
    measures=(Measure("CPU a person", cpu("build", "limits"), at_most(1.35)),),
)
