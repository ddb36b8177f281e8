"""A snapshot put back into an empty state topic, and the group's offsets to where it stands.

The order matters. First every partition's offset is committed with a word for how many persons there will be; then the
states follow, in transactions. Stopped half-way, the state is not whole by that word, and no service goes on from it.
Last the topic is read back and held against the file.
"""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import BinaryIO

from aiokafka import TopicPartition
from aiokafka.errors import ProducerFenced
from msgspec.structs import replace

from adapter.custody.refusal import CustodyRefusedError, Seen, deleted_unread, refusal
from adapter.custody.sealed_file import FileBrokenError
from adapter.custody.snapshot import Hode, Rad, fingerprint, head_of, read_snapshot
from adapter.custody.take_out import Held
from adapter.domain.tilstand import Tilstand
from adapter.domain.vouching import voucher
from adapter.kafka.clients import transactional_producer
from adapter.kafka.groups import group_of
from adapter.kafka.log_reader import Progress, untold
from adapter.kafka.offsets import end_offsets, first_offset, partitions_of
from adapter.report.spool import Spool
from adapter.sealing import Sealer
from adapter.settings.config import Config
from adapter.state_topic import StateTopic, send_states

# Bytes of states in one transaction: some seconds, far below its timeout.
TRANSACTION_BYTES = 8 * 1024 * 1024


def verified(file: BinaryIO, sealer: Sealer, progress: Progress) -> Hode:
    """The head of a file that is as it was written, to its end.

    Raises `FileBrokenError`, `SealBrokenError`, and `UnknownStateVersionError` for what a newer program wrote.
    """
    hode = head_of(file)
    if fingerprint(_readable(_told(read_snapshot(file, sealer), hode.personer, progress))) != hode.sha256:
        raise FileBrokenError("does not hold what its head says")
    return hode


async def look_and_judge(config: Config, hode: Hode, *, from_start: bool) -> int:
    """See that it may be put back; how many events are lost. Raises `CustodyRefusedError` and what Kafka raises."""
    kafka, topics = config.kafka, config.topics
    group = await group_of(kafka, kafka.gruppe)
    topic = StateTopic(kafka, topics.tilstand, topics.buss, kafka.gruppe)
    persons = set[str]()
    async for page in topic.read():
        for one in page.persons:
            (persons.discard if one.state is None else persons.add)(one.key)
    # By number: the cluster tells of partitions in any order.
    ends = sorted((await end_offsets(kafka, topics.buss)).items())
    partitions = len(await partitions_of(kafka, topics.tilstand))
    seen = Seen(
        kafka.gruppe, group.members, topics.tilstand, len(persons), partitions, topics.buss, [end for _, end in ends]
    )
    if why := refusal(hode, seen, from_start=from_start):
        raise CustodyRefusedError(why)
    firsts = [await first_offset(kafka, topics.buss, number) for number, _ in ends]
    return deleted_unread(hode, firsts, from_start=from_start)


async def put_back(
    config: Config, hode: Hode, file: BinaryIO, sealer: Sealer, progress: Progress, *, from_start: bool
) -> int:
    """Carry it out with a `verified` file; how many events the bus has deleted since. Raises as `look_and_judge`."""
    deleted = await look_and_judge(config, hode, from_start=from_start)
    owner = _Owner(config, hode, from_start=from_start)
    try:
        for number in range(len(hode.deler)):
            await owner.write(number, [{}])
        rows = _told(read_snapshot(file, sealer), hode.personer, progress)
        for number, rader in groupby(rows, lambda rad: rad.partisjon):
            await owner.write(number, _portions(rader))
    except ProducerFenced:
        raise CustodyRefusedError(
            "somebody started the service meanwhile: stop it, delete the state topic, make it with `iplos-adapter "
            "topics apply`, and import again"
        ) from None
    await _compare(config, hode)
    return deleted


class _Owner:
    """Writes to a partition as the service would, and fences whoever else does."""

    def __init__(self, config: Config, hode: Hode, *, from_start: bool) -> None:
        self._config = config
        self._deler = [replace(one, offset=0) for one in hode.deler] if from_start else hode.deler

    async def write(self, number: int, portions: Iterable[dict[str, bytes | None]]) -> None:
        """Each portion of states in a transaction of its own, with the offset and the word for all of them."""
        kafka, topics, part = self._config.kafka, self._config.topics, self._deler[number]
        bus = TopicPartition(topics.buss, number)
        producer = transactional_producer(kafka, f"{kafka.gruppe}.{topics.buss}.{number}")
        await producer.start()
        try:
            for states in portions:
                async with producer.transaction():
                    await asyncio.gather(*await send_states(producer, topics.tilstand, number, states))
                    committed = {bus: (part.offset, voucher(part.personer))}
                    await producer.send_offsets_to_transaction(committed, kafka.gruppe)
        finally:
            await producer.stop()


def _portions(rader: Iterable[Rad]) -> Iterator[dict[str, bytes | None]]:
    """Persons, as many at a time as go into one transaction."""
    held: dict[str, bytes | None] = {}
    size = 0
    for rad in rader:
        held[rad.nokkel] = rad.tilstand
        size += len(rad.tilstand)
        if size >= TRANSACTION_BYTES:
            yield held
            held, size = {}, 0
    yield held


def _readable(rader: Iterable[Rad]) -> Iterator[Rad]:
    """The same rows, if this version can read their states."""
    for rad in rader:
        Tilstand.decode(rad.tilstand)
        yield rad


def _told(rader: Iterable[Rad], total: int, progress: Progress) -> Iterator[Rad]:
    for done, rad in enumerate(rader, start=1):
        yield rad
        progress(done, total)


async def _compare(config: Config, hode: Hode) -> None:
    """What lies there now is what the file held, to the byte."""
    topic = StateTopic(config.kafka, config.topics.tilstand, config.topics.buss, config.kafka.gruppe)
    with Spool() as spool:
        held = Held(spool)
        await held.read(topic, untold)
        if fingerprint(held.rows()) != hode.sha256:
            raise CustodyRefusedError(
                f"{topic.name} does not hold what was written: something else writes to it. Stop that, delete the "
                "topic, make it with `iplos-adapter topics apply`, and import again"
            )
