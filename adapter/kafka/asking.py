"""Questions about the cluster. Any broker answers most of them; the client asks one by chance, running or not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from adapter.kafka.clients import Access, admin

# A broker that is gone is asked past at once, and a coordinator that takes over reads its part of the offsets topic
# before it answers, which takes moments, rarely seconds.
GIVE_UP_SECONDS = 25.0
PAUSE_SECONDS = 0.2
# For one answer. Whatever goes to the controller is sent to the one the client once heard of, running or not.
PATIENCE_SECONDS = 10.0

Answer = TypeVar("Answer")


async def ask(access: Access, question: Callable[[AIOKafkaAdminClient], Awaitable[Answer]]) -> Answer:
    """Ask until there is an answer. Raises what Kafka raised last when there is none in time."""
    until = time.monotonic() + GIVE_UP_SECONDS
    client = await _started(access)
    try:
        while True:
            is_last = time.monotonic() >= until
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    return await question(client)
            except TimeoutError:
                if is_last:
                    raise
                # It waits for a broker that is gone, and would for long; a new client learns who there is now.
                await client.close()
                client = await _started(access)
            except KafkaError as error:
                if is_last or not error.retriable:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
    finally:
        await client.close()


async def _started(access: Access) -> AIOKafkaAdminClient:
    client = admin(access)
    await client.start()
    return client
