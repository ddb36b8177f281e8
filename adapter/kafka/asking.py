"""Questions about the cluster. Any broker answers most of them; the client asks one by chance, running or not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from adapter.kafka.clients import Access, admin

# Ten seconds: a broker that is gone is asked past at once, and a coordinator that takes over reads its part of the
# offsets topic before it answers, which takes moments, rarely seconds.
TRIES = 50
PAUSE_SECONDS = 0.2

Answer = TypeVar("Answer")


async def ask(access: Access, question: Callable[[AIOKafkaAdminClient], Awaitable[Answer]]) -> Answer:
    """Ask until there is an answer. Raises what Kafka raised last when there is none in time."""
    client = admin(access)
    await client.start()
    try:
        for left in reversed(range(TRIES)):
            try:
                return await question(client)
            except KafkaError as error:
                if not (left and error.retriable):
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError("the last try returns or raises")
    finally:
        await client.close()
