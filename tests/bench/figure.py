"""A figure: who is measured beside whom on which course, and what is read off a round."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from tests.bench.courses import Course
from tests.bench.race import Contender, Round

Bound: TypeAlias = Literal[">=", "<="]


class Reach(NamedTuple):
    """What is aimed at."""

    sign: Bound
    value: float

    def holds(self, value: float) -> bool:
        """Whether a value is on the right side."""
        return value >= self.value if self.sign == ">=" else value <= self.value


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a round, with its unit; without a reach it is told for what it is worth."""

    what: str
    of: Callable[[Round], float]
    reach: Reach | None = None
    unit: str = "x"


@dataclass(frozen=True, slots=True)
class Figure:
    """`rounds` only where a round is too long for as many as the others have; then nothing warms up either."""

    number: int
    title: str
    against: str
    course: Course
    contenders: Sequence[Contender]
    measures: Sequence[Measure]
    rounds: int | None = None


class Verdict(NamedTuple):
    """A measure over all rounds: the median of what each round gave, and the spread."""

    measure: Measure
    median: float
    least: float
    most: float

    @property
    def reached(self) -> bool | None:
        """Whether the median is where it should be; None when nothing is aimed at."""
        return self.measure.reach.holds(self.median) if self.measure.reach else None


def judged(figure: Figure, rounds: Sequence[Round]) -> list[Verdict]:
    """What the rounds say. Contenders of the same round are compared with each other, never across rounds."""
    found = []
    for measure in figure.measures:
        values = [measure.of(one) for one in rounds]
        found.append(Verdict(measure, statistics.median(values), min(values), max(values)))
    return found


def at_least(value: float) -> Reach:
    return Reach(">=", value)


def at_most(value: float) -> Reach:
    return Reach("<=", value)


def speed(of: str, over: str) -> Callable[[Round], float]:
    """How many times as fast one is as the other, by the wall clock."""
    return lambda one: one[of].speed / one[over].speed


def cpu(of: str, over: str) -> Callable[[Round], float]:
    """How many times the CPU time for a piece of work."""
    return lambda one: one[of].cpu_us / one[over].cpu_us
