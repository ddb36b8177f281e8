"""Where topics begin and end and how far a group has come, asked afresh each time: what barriers and restores go by."""

from collections.abc import Sequence
from typing import NamedTuple

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    NoError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)

from adapter.kafka.asking import ask
from adapter.kafka.clients import Access, lone_consumer


class NoSuchTopicError(LookupError):
    """The topic is not there; the text says how to make it."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        super().__init__(
            f"topic {topic} is not there: run `iplos-adapter topics apply`, "
            "or `topics check`, which says whose it is to make"
        )


async def partition_counts(access: Access, topics: Sequence[str]) -> dict[str, int]:
    """How many partitions each topic has. Raises `NoSuchTopicError`, and what Kafka raises when it does not tell."""
    entries = await ask(access, lambda client: client.describe_topics(list(topics)))
    described = {entry["topic"]: entry for entry in entries}
    for topic in topics:
        code = described[topic]["error_code"] if topic in described else UnknownTopicOrPartitionError.errno
        if code == UnknownTopicOrPartitionError.errno:
            raise NoSuchTopicError(topic)
        if code:
            raise for_code(code)(topic)
    return {topic: len(described[topic]["partitions"]) for topic in topics}


async def partitions_of(access: Access, topic: str) -> list[int]:
    """The partition numbers of a topic, in order. Raises `NoSuchTopicError`."""
    return [*range((await partition_counts(access, [topic]))[topic])]


async def end_offsets(access: Access, topic: str) -> dict[int, int]:
    """For each partition the offset after the last committed record."""
    wanted = [TopicPartition(topic, number) for number in await partitions_of(access, topic)]
    consumer = lone_consumer(access)
    await consumer.start()
    try:
        return {one.partition: offset for one, offset in (await consumer.end_offsets(wanted)).items()}
    finally:
        await consumer.stop()


async def first_offset(access: Access, topic: str, partition: int) -> int:
    """The offset of the oldest record that the topic still holds, or its end when it holds none."""
    wanted = TopicPartition(topic, partition)
    consumer = lone_consumer(access)
    await consumer.start()
    try:
        offset: int = (await consumer.beginning_offsets([wanted]))[wanted]
        return offset
    finally:
        await consumer.stop()


class Committed(NamedTuple):
    """A group's commit in a partition: the next offset (-1: it has not begun) and the text that was left beside it."""

    offset: int
    text: str = ""


async def committed_offsets(access: Access, group: str, topic: str, partitions: Sequence[int]) -> dict[int, int]:
    """For each partition where the group goes on; 0 where it has not begun. Raises as `committed` does."""
    found = await committed(access, group, topic, partitions)
    return {partition: max(one.offset, 0) for partition, one in found.items()}


async def committed(access: Access, group: str, topic: str, partitions: Sequence[int]) -> dict[int, Committed]:
    """For each partition what the group has committed.

    Raises `GroupCoordinatorNotAvailableError` when the group's coordinator has not come up in time.
    """
    wanted = [TopicPartition(topic, number) for number in partitions]

    async def stored(client: AIOKafkaAdminClient) -> dict[int, Committed]:
        try:
            found = await client.list_consumer_group_offsets(group, partitions=wanted)
        except NoError:
            # The client reports a partition's error by the code of the whole answer. There is one such error: denied.
            raise TopicAuthorizationFailedError(topic) from None
        # A coordinator that is just starting answers with an error for the whole group and no partitions, and the
        # client passes that on as an empty answer. Taken for "not begun" it would have the whole bus read again.
        if not all(one in found for one in wanted):
            raise GroupCoordinatorNotAvailableError(group)
        return {one.partition: Committed(found[one].offset, found[one].metadata or "") for one in wanted}

    return await ask(access, stored)
