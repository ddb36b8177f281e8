"""Is it a Kafka that answers? Asked in Kafka's own protocol; an open port proves nothing."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from adapter.sandbox.error import SandboxError
from adapter.sandbox.ports import is_open

BETWEEN_TRIES = 0.05


def wait_until_ready(
    bootstrap: str, *, brokers: int = 1, within: float, gone: Callable[[], bool] = lambda: False
) -> None:
    """Returns when `brokers` of the cluster take requests. SandboxError when `gone()` or after `within` seconds."""
    # A thread of its own: the caller may sit in a running event loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, answering(bootstrap, brokers, within, gone)).result()


async def answering(bootstrap: str, brokers: int, within: float, gone: Callable[[], bool]) -> None:
    deadline = time.monotonic() + within
    while await how_many_answer(bootstrap) < brokers:
        if gone():
            raise SandboxError(f"Kafka at {bootstrap} ended before it was ready.")
        if time.monotonic() > deadline:
            raise SandboxError(f"Kafka at {bootstrap} gave no answer in {within:.0f} s.")
        await asyncio.sleep(BETWEEN_TRIES)


async def how_many_answer(bootstrap: str) -> int:
    """Brokers in the cluster's own list, where a broker stands only once it may lead partitions."""
    # Only to keep the client from complaining in the log about a port that is not open yet.
    if not any(is_open(int(port), host) for host, _, port in (one.rpartition(":") for one in bootstrap.split(","))):
        return 0
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await client.start()
        return len((await client.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return 0
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await client.close()
