"""The audit trail on its topic: only ever added to, and read as a whole.

It is opened before what it tells of is begun: a topic that is not there, or not ours to write to, stops everything.
"""

from types import TracebackType
from typing import NamedTuple, Self

import msgspec
from aiokafka import AIOKafkaProducer

from adapter.kafka.clients import Access, plain_producer
from adapter.kafka.log_reader import Progress, read_to_end, untold
from adapter.kafka.offsets import partitions_of
from adapter.ops.audit import Innslag, decode, encode


class AuditTrail:
    """`async with AuditTrail(access, topic) as trail: await trail.write(entry)`"""

    def __init__(self, access: Access, topic: str) -> None:
        self._access = access
        self._topic = topic
        self._producer: AIOKafkaProducer = None

    async def __aenter__(self) -> Self:
        # Without this the producer would wait for the topic, or the cluster would make one that nobody planned.
        await partitions_of(self._access, self._topic)
        self._producer = plain_producer(self._access)
        await self._producer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._producer.stop()

    async def write(self, innslag: Innslag) -> None:
        """Returns when every copy has it. Raises what Kafka raises; then nothing may be shown or done."""
        await self._producer.send_and_wait(self._topic, encode(innslag))


class Trail(NamedTuple):
    """What the topic holds: entries, the oldest first, and the offsets of records that are none this program knows."""

    entries: list[Innslag]
    unreadable: list[int]


async def read_trail(access: Access, topic: str, progress: Progress = untold) -> Trail:
    """The whole trail. Raises `NoSuchTopicError` and what Kafka raises."""
    trail = Trail([], [])
    async for chunk in read_to_end(access, topic):
        progress(chunk.done, chunk.total)
        for record in chunk.records:
            try:
                trail.entries.append(decode(record.value or b""))
            except msgspec.MsgspecError:
                trail.unreadable.append(record.offset)
    return trail
