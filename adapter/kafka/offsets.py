"""Where topics end and how far a group has come, asked afresh each time: what barriers and restores go by."""

from collections.abc import Sequence

from aiokafka import TopicPartition

from adapter.kafka.clients import Access, admin, lone_consumer


class NoSuchTopicError(LookupError):
    """The topic is not there; the text says how to make it."""


async def partitions_of(access: Access, topic: str) -> list[int]:
    """The partition numbers of a topic, in order. Raises `NoSuchTopicError`."""
    client = admin(access)
    await client.start()
    try:
        described = await client.describe_topics([topic])
    finally:
        await client.close()
    found = [entry for entry in described if entry["topic"] == topic and not entry["error_code"]]
    if not found:
        raise NoSuchTopicError(f"topic {topic} is not there: run `iplos-adapter topics apply`")
    return sorted(partition["partition"] for partition in found[0]["partitions"])


async def end_offsets(access: Access, topic: str) -> dict[int, int]:
    """For each partition the offset after the last committed record."""
    wanted = [TopicPartition(topic, number) for number in await partitions_of(access, topic)]
    consumer = lone_consumer(access)
    await consumer.start()
    try:
        return {one.partition: offset for one, offset in (await consumer.end_offsets(wanted)).items()}
    finally:
        await consumer.stop()


async def committed_offsets(access: Access, group: str, topic: str, partitions: Sequence[int]) -> dict[int, int]:
    """For each partition where the group goes on; 0 where it has not begun."""
    wanted = [TopicPartition(topic, number) for number in partitions]
    client = admin(access)
    await client.start()
    try:
        stored = await client.list_consumer_group_offsets(group, partitions=wanted)
    finally:
        await client.close()
    return {one.partition: max(stored[one].offset, 0) if one in stored else 0 for one in wanted}
