"""Read a topic, or one partition of it, from its beginning to where it ends now: restore, snapshot, ledger."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from aiokafka import TopicPartition

from adapter.kafka.clients import Access, lone_consumer
from adapter.kafka.offsets import partitions_of

# Offsets done, and offsets there were when the reading began.
Progress: TypeAlias = Callable[[int, int], None]


class Record(NamedTuple):
    """A record as everything above this folder sees it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records, and how far the reading has come: offsets done and offsets there were at the start."""

    records: list[Record]
    done: int
    total: int


def untold(_done: int, _total: int) -> None:
    """The progress of a reading that nobody follows."""


async def read_to_end(access: Access, topic: str, partitions: Sequence[int] | None = None) -> AsyncIterator[Chunk]:
    """Everything committed up to the end at the time of the call, in chunks. The last chunk may be empty.

    Offsets that hold no record (transaction markers, compacted records) count as read. What a transaction wrote before
    the call is waited for until the transaction ends, at the latest by its timeout.
    """
    numbers = await partitions_of(access, topic) if partitions is None else partitions
    wanted = [TopicPartition(topic, number) for number in numbers]
    consumer = lone_consumer(access)
    await consumer.start()
    try:
        consumer.assign(wanted)
        ends = await _ends(access, wanted)
        begins = await consumer.beginning_offsets(wanted)
        for partition in wanted:
            consumer.seek(partition, begins[partition])
        total = sum(ends[one] - begins[one] for one in wanted)
        left = {one for one in wanted if ends[one] > begins[one]}
        for one in set(wanted) - left:
            consumer.pause(one)
        done = 0
        while left:
            batches = await consumer.getmany(*left, timeout_ms=100, max_records=5_000)
            records = [
                Record(raw.topic, raw.partition, raw.offset, raw.timestamp, raw.key, raw.value, raw.headers)
                for one, raws in batches.items()
                for raw in raws
                if raw.offset < ends[one]
            ]
            positions = {one: await consumer.position(one) for one in wanted}
            left = {one for one in left if positions[one] < ends[one]}
            done = sum(min(positions[one], ends[one]) - begins[one] for one in wanted)
            yield Chunk(records, done, total)
        if not total:
            yield Chunk([], 0, 0)
    finally:
        await consumer.stop()


async def _ends(access: Access, wanted: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
    """Where the partitions end, records of unfinished transactions included.

    A commit is acknowledged, and the group's offset may be seen to have moved, some moments before the records can be
    read: their marker is written afterwards. Whoever stopped at the last readable record would miss them.
    """
    consumer = lone_consumer(access, "read_uncommitted")
    await consumer.start()
    try:
        ends: dict[TopicPartition, int] = await consumer.end_offsets(wanted)
        return ends
    finally:
        await consumer.stop()
