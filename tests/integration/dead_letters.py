"""What tests of dead letters share: letters as ingest leaves them, taken in without a service, and dealt with."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from adapter.cli.dlq_replay import reading_now
from adapter.domain.outcome import Parked
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.dead_letter import HeaderList, seal_letter
from adapter.ingest.reading import Reader, Reading
from adapter.kafka.clients import plain_producer
from adapter.kafka.offsets import end_offsets
from adapter.letters.box import Box, Found
from adapter.letters.consider import Considered, consider
from adapter.letters.dealing import Who
from adapter.letters.letter import Origin
from adapter.letters.replay import discard, replay
from adapter.letters.selection import Selection
from adapter.letters.verdict import Terms
from adapter.sealing import Sealer
from tests.integration.house import House

T = TypeVar("T")
ALL = Selection()
NOW = datetime(2018, 6, 1, 12, tzinfo=UTC)
WHO = Who("kari", "rettet hos EPJ", lambda: NOW)


async def take_in(house: House, reader: Reader | None = None) -> None:
    """What the service does with all that is new on the bus, with this reader."""
    ends = await end_offsets(house.kafka, house.bus)
    records = await house.records(house.bus)
    for number, end in ends.items():
        partition = house.partition(number)
        if reader is not None:
            partition._reader = reader
        await partition.open(lambda _done, _total: None)
        new = [one for one in records if one.partition == number and one.offset >= partition.next_offset]
        await partition.commit(partition.fold(new), new, end)
        await partition.close()


def parts_of(
    origin: Origin, delivered: Delivered, parked: Parked, sealer: Sealer, version: str = ""
) -> list[tuple[bytes, HeaderList]]:
    """The records of one letter; as an older program wrote them, if one is named."""
    made = list(seal_letter(origin, delivered, Reading("unknown", "", parked), parked, sealer))
    if version:
        for _, headers in made:
            headers[:] = [(name, version.encode() if name == "adapter-version" else text) for name, text in headers]
    return made


async def park(house: House, records: Iterable[tuple[bytes, HeaderList]]) -> None:
    """Put them among the dead letters, in this order."""
    producer = plain_producer(house.kafka)
    async with producer:
        topic = house.config.topics.avvist
        await asyncio.gather(*[await producer.send(topic, value, headers=headers) for value, headers in records])


async def lying(house: House) -> list[Found]:
    """The letters nobody has dealt with."""
    return await drain(Box(house.kafka, house.config.topics.avvist).letters())


async def tried(house: House, selection: Selection = ALL, terms: Terms | None = None) -> list[Considered]:
    """A dry run."""
    return await drain(
        consider(
            house.config,
            Box(house.kafka, house.config.topics.avvist),
            selection,
            house.sealer,
            reading_now(house.config, house.sealer),
            terms or Terms(),
        )
    )


async def replayed(house: House, selection: Selection = ALL, terms: Terms | None = None) -> list[Considered]:
    """The letters that were gone through, really."""
    box, read = Box(house.kafka, house.config.topics.avvist), reading_now(house.config, house.sealer)
    return await drain(replay(house.config, box, selection, house.sealer, read, terms or Terms(), WHO))


async def discarded(house: House, selection: Selection) -> list[Considered]:
    """The letters that were marked."""
    return await drain(discard(house.config, Box(house.kafka, house.config.topics.avvist), selection, WHO))


def verdicts(considered: Sequence[Considered]) -> dict[str, int]:
    """How many there are of each."""
    found: dict[str, int] = {}
    for one in considered:
        found[one.verdict.name] = found.get(one.verdict.name, 0) + 1
    return found


def smaller(house: House, most: int) -> Reader:
    """The house's reader with a setting as it was before: events longer than this were parked."""
    return Reader(house.sealer, house.reader.municipalities, most)


async def drain(items: AsyncIterator[T]) -> list[T]:
    return [one async for one in items]
