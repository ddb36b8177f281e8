"""Runs figures: lays out each course once, races all who run on it, and judges every figure by the same rounds."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from adapter.sandbox import KafkaSandbox
from adapter.sandbox.topics import OwnTopics
from tests.bench.courses import Course
from tests.bench.figure import Figure, Verdict, judged
from tests.bench.ground import Ground
from tests.bench.race import Contender, Round, race
from tests.bench.sizes import Sizes

# A group's first members wait for each other, so that two processes are given their halves at once.
BROKER = {"group.initial.rebalance.delay.ms": "2000"}

Say = Callable[[str], None]


class Outcome(NamedTuple):
    """A figure, the rounds it was judged by, and what they say."""

    figure: Figure
    rounds: Sequence[Round]
    verdicts: Sequence[Verdict]


async def run(figures: Iterable[Figure], sizes: Sizes, say: Say, done: Callable[[Outcome], None]) -> None:
    """Tell `done` of every figure as soon as it is there."""
    courses: dict[Course, list[Figure]] = {}
    for figure in figures:
        courses.setdefault(figure.course, []).append(figure)
    for course, group in courses.items():
        say(f"figure {', '.join(str(one.number) for one in group)}")
        contenders = {one.name: one for figure in group for one in figure.contenders}
        few = min((figure.rounds for figure in group if figure.rounds), default=None)
        number, warm_up = few or sizes.rounds, few is None
        rounds = await raced(course, [*contenders.values()], sizes, number, say, warm_up=warm_up)
        for figure in group:
            done(Outcome(figure, rounds, judged(figure, rounds)))


async def raced(
    course: Course, contenders: Sequence[Contender], sizes: Sizes, rounds: int, say: Say, *, warm_up: bool = True
) -> list[Round]:
    """The course laid out on a broker of its own, so that none inherits another's log, and the rounds run on it."""
    with KafkaSandbox.start(extra=BROKER) as kafka, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with OwnTopics(kafka.bootstrap, "bench") as new_topic:
            start = await course(Ground(kafka.bootstrap, Path(folder), sizes, new_topic, say))
            return await race(contenders, start, rounds, say, warm_up=warm_up)
