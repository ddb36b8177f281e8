"""The Kafka the demo plays on: one of its own, or the one KAFKA_BOOTSTRAP names; its topics, and the events on them."""

import asyncio
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from adapter.kafka.clients import admin, plain_producer
from adapter.kafka.log_reader import read_to_end
from adapter.sandbox import KafkaSandbox
from adapter.sandbox.ready import wait_until_ready
from adapter.settings.config import Config
from adapter.simulate import SimulatedRecord

# Sends under way at once: the client's buffer is small, and memory should be too.
_AT_A_TIME = 5_000


class Cluster(NamedTuple):
    """Where it is, and what the names of our topics begin with; empty on a cluster of our own."""

    bootstrap: str
    prefix: str


@contextmanager
def a_cluster() -> Iterator[Cluster]:
    """A Kafka that is ready. Raises `SandboxError` with what was tried."""
    if given := os.environ.get("KAFKA_BOOTSTRAP"):
        wait_until_ready(given, within=5)
        yield Cluster(given, f"demo-{uuid.uuid4().hex[:8]}.")
        return
    with KafkaSandbox.start() as kafka:
        yield Cluster(kafka.bootstrap, "")


def remove_topics(config: Config, prefix: str) -> None:
    """Leave a cluster that is not ours as we found it, faust's small topic for choosing a leader included."""

    async def remove() -> None:
        client = admin(config.kafka)
        await client.start()
        try:
            await client.delete_topics([name for name in await client.list_topics() if name.startswith(prefix)])
        finally:
            await client.close()

    if prefix:
        asyncio.run(remove())


def publish(config: Config, records: Sequence[SimulatedRecord]) -> None:
    """Put the events on the bus as a journal system would; returns when the brokers have them all."""

    async def send() -> None:
        producer = plain_producer(config.kafka)
        await producer.start()
        try:
            for start in range(0, len(records), _AT_A_TIME):
                some = records[start : start + _AT_A_TIME]
                sent = [
                    await producer.send(config.topics.buss, one.value, key=one.key, headers=list(one.headers))
                    for one in some
                ]
                await asyncio.gather(*sent)
        finally:
            await producer.stop()

    asyncio.run(send())


def dead_letters(config: Config) -> int:
    """How many events lie in the dead-letter topic; a large one lies there in several parts."""

    async def count() -> int:
        places: set[tuple[bytes | None, ...]] = set()
        async for chunk in read_to_end(config.kafka, config.topics.avvist):
            for record in chunk.records:
                headers = dict(record.headers)
                places.add((headers["origin-partition"], headers["origin-offset"]))
        return len(places)

    return asyncio.run(count())
