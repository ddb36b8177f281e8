"""The courses contenders run on: each prepares its topics or files once, and says for every run what is told.

Figures on the same course are raced together, so that they are of the same minutes.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Any, TypeAlias

import msgspec

from tests.bench.contenders.job import Job
from tests.bench.ground import PARTITIONS, Ground, names
from tests.bench.race import Contender, Start
from tests.bench.workload import Unit, a_year, publish, states, write_states

Course: TypeAlias = Callable[[Ground], Awaitable[Start]]

ONE_UNIT: Sequence[Unit] = [("5001", "")]
# The city with districts; their numbers as in 2018.
DISTRICTS: Sequence[Unit] = [("0301", f"{number:02}") for number in range(1, 16)]
# A group has to give up a dead member before another can have its partitions; the shortest a broker allows by default.
SHORT_SESSION_MS = 6_000


async def bus(ground: Ground) -> Start:
    """Events of a year on a bus; each run has a state of its own."""
    return await _bus(ground, ground.sizes.persons, ground.sizes.events)


async def state(ground: Ground) -> Start:
    """A state topic with its group's word for it, and a bus with nothing new."""
    told = await _written(ground, ground.sizes.restored, ONE_UNIT, "kunde", sesjon_ms=SHORT_SESSION_MS)
    return _same(told)


async def people(ground: Ground) -> Start:
    """States in a file: no broker."""
    return _same(await _in_a_file(ground, ground.sizes.built, ONE_UNIT))


async def two_sizes(ground: Ground) -> Start:
    """Two state topics; the contender says which."""
    told = {
        "small": await _written(ground, ground.sizes.report_small, ONE_UNIT, "small"),
        "large": await _written(ground, ground.sizes.report_large, ONE_UNIT, "large"),
    }
    return _fresh_ledger(ground, told)


async def city(ground: Ground) -> Start:
    """A city's state with its districts, on a topic and in a file."""
    units = DISTRICTS[: ground.sizes.districts]
    told = await _written(ground, ground.sizes.city, units, "city")
    filed = await _in_a_file(ground, ground.sizes.city, units)
    return _fresh_ledger(ground, {"": msgspec.structs.replace(told, file=filed.file)})


async def one_size(ground: Ground) -> Start:
    """One state topic, to restore and to report from."""
    told = await _written(ground, ground.sizes.report_large, ONE_UNIT, "one", sesjon_ms=SHORT_SESSION_MS)
    return _fresh_ledger(ground, {"": told})


async def nation(ground: Ground) -> Start:
    """The bus and the city of the other figures, and both at national size; the contender says which."""
    sizes = ground.sizes
    usual, whole = await _bus(ground, sizes.persons, sizes.events), await _nation_bus(ground)
    reports = _fresh_ledger(
        ground,
        {
            "city": await _written(ground, sizes.city, DISTRICTS, "nation-city"),
            "nation": await _written(ground, sizes.nation_persons, DISTRICTS, "nation"),
        },
    )
    by_course = {"bus": usual, "nation-bus": whole, "city": reports, "nation": reports}

    async def start(contender: Contender, folder: str) -> Job:
        return await by_course[contender.course](contender, folder)

    return start


async def nothing(ground: Ground) -> Start:
    """Topics, and nothing on them."""

    async def start(_: Contender, folder: str) -> Job:
        return ground.job(folder=folder, topics=await ground.topics(), pieces=ground.sizes.idle_seconds)

    return start


async def _bus(ground: Ground, persons: int, events: int, units: Sequence[Unit] = ONE_UNIT) -> Start:
    topic = await ground.topic("buss")
    there = await publish(ground.job().config().kafka, topic, a_year(persons, events, units))
    ground.say(f"  {there:,} events of {persons:,} persons on the bus")

    async def start(_: Contender, folder: str) -> Job:
        topics = {"buss": topic, **await ground.topics("tilstand", "avvist")}
        return ground.job(folder=folder, topics=topics, pieces=there, kommune=units[0][0])

    return start


async def _nation_bus(ground: Ground) -> Start:
    return await _bus(ground, ground.sizes.nation_persons, ground.sizes.nation_events, DISTRICTS)


async def _written(ground: Ground, persons: int, units: Sequence[Unit], name: str, **told: Any) -> Job:
    """A state topic as ingest leaves it."""
    topics = await ground.topics("buss", "tilstand", "avvist")
    job = ground.job(f"bench-{name}", topics=topics, kommune=units[0][0], **told)
    kafka, reader = job.config().kafka, job.reader()
    pieces = states(persons, units, reader)
    there = await write_states(kafka, job.group, names(topics), reader, pieces, PARTITIONS)
    ground.say(f"  {there:,} persons in {len(units)} unit(s) in the state")
    return msgspec.structs.replace(job, pieces=there)


async def _in_a_file(ground: Ground, persons: int, units: Sequence[Unit]) -> Job:
    job = ground.job(kommune=units[0][0])
    found: dict[str, bytes] = {}
    for piece in states(persons, units, job.reader()):
        found |= piece
    file = ground.folder / f"states-{next(_numbers)}.msgpack"
    file.write_bytes(msgspec.msgpack.encode(found))
    return msgspec.structs.replace(job, file=str(file), pieces=len(found))


def _same(told: Job) -> Start:
    async def start(_: Contender, folder: str) -> Job:
        return msgspec.structs.replace(told, folder=folder)

    return start


def _fresh_ledger(ground: Ground, told: Mapping[str, Job]) -> Start:
    """A ledger and transport topics for each run: nothing was ever sent."""

    async def start(contender: Contender, folder: str) -> Job:
        job = told[contender.course]
        fresh = await ground.topics("rapport", "transport_ipl", "transport_ide")
        return msgspec.structs.replace(job, folder=folder, topics=job.topics | fresh)

    return start


_numbers = count()
