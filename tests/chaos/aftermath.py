"""What the topics hold when all is over, counted against what the same events come to without Kafka."""

import asyncio
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

from adapter.ingest.offline import Hendelser
from adapter.kafka.log_reader import Record
from adapter.kafka.offsets import end_offsets
from adapter.report.command import decode
from adapter.report.ledger import ENDED, Kjoring
from adapter.report.pair_run import message_id
from adapter.report.transport import Assembler
from adapter.simulate import SimulatedRecord
from tests.chaos.verdict import Diff
from tests.integration.house import House


def difference(expected: Iterable[Hashable], found: Iterable[Hashable]) -> Diff:
    """As bags: how often something is counts."""
    wanted, there = Counter(expected), Counter(found)
    return Diff(wanted.total(), (wanted - there).total(), (there - wanted).total())


async def bus(house: House, sent: Sequence[SimulatedRecord]) -> tuple[Diff, list[Record]]:
    """What was acknowledged against what is there, and the records as they are there."""
    records = await house.records(house.bus)
    return difference((_event(one.key, one.value, one.headers) for one in sent), map(_delivered, records)), records


async def open_events(house: House) -> int:
    """Events that the group has not committed."""
    ends, committed = await asyncio.gather(end_offsets(house.kafka, house.bus), house.committed())
    return sum(abs(ends[one] - committed[one]) for one in ends)


async def states(house: House, model: Hendelser) -> tuple[Diff, int]:
    """Persons that are missing or too many, and those whose state is another."""
    found = await house.state()
    wrong = sum(found[key] != state for key, state in model.states.items() if key in found)
    return difference(model.states.keys(), found.keys()), wrong


async def letters(house: House, records: Sequence[Record], sent: Sequence[SimulatedRecord]) -> Diff:
    """Parts of dead letters against the events that cannot be read, wherever on the bus they lie."""
    broken = {_event(one.key, one.value, one.headers) for one in sent if one.expected.startswith("parked")}
    origins = {(one.partition, one.offset) for one in records if _delivered(one) in broken}
    parts: list[tuple[int, int, int]] = []
    of_letter: dict[tuple[int, int], int] = {}
    for record in await house.records(house.config.topics.avvist):
        header = {name: value.decode() for name, value in record.headers}
        origin = int(header["origin-partition"]), int(header["origin-offset"])
        of_letter[origin] = int(header["parts"])
        parts.append((*origin, int(header["part"])))
    expected = [(*origin, part) for origin in origins for part in range(1, of_letter.get(origin, 1) + 1)]
    return difference(expected, parts)


class Pairs(NamedTuple):
    parts: Diff
    wrong: int


async def pairs(house: House, ledger: Mapping[str, Kjoring]) -> Pairs:
    """Every part of both messages of every run that was sent, once; and the hashes that the ledger has of them."""
    topics = house.config.topics
    wrong, expected, found = 0, [], []
    kinds: tuple[Literal["ipl", "ide"], ...] = ("ipl", "ide")
    for at, (kind, topic) in enumerate(zip(kinds, (topics.transport_ipl, topics.transport_ide), strict=True)):
        assembler, bodies = Assembler(), {}
        for record in await house.records(topic):
            header = {name: value.decode() for name, value in record.headers}
            found.append((topic, header["melding-id"], int(header["del"])))
            if (whole := assembler.add(record)) is not None:
                bodies[whole.melding_id] = whole
        wrong += len(assembler.incomplete())
        for run in ledger.values():
            if run.status == "sendt":
                told, ident = run.meldinger[at], message_id(run.kjoring, kind)
                expected += [(topic, ident, part) for part in range(1, told.deler + 1)]
                body = bodies[ident].body if ident in bodies else b""
                wrong += told.melding_id != ident or told.bytes != len(body) or told.sha256 != sha256(body).hexdigest()
    return Pairs(difference(expected, found), wrong)


async def commands(house: House, ledger: Mapping[str, Kjoring]) -> Diff:
    """Commands on their topic against those that the ledger has as ended."""
    given = {decode(record.value or b"").id for record in await house.records(house.config.topics.kommando)}
    ended = [run.kjoring for run in ledger.values() if run.kjoring == run.kommando and run.status in ENDED]
    return difference(given, ended)


def _event(key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> Hashable:
    return key, value or b"", tuple(headers)


def _delivered(record: Record) -> Hashable:
    return _event(record.key, record.value, record.headers)
