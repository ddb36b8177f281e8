"""The Kafka clients as this program wants them; nobody else names aiokafka's settings."""

import contextlib
import copy
from collections.abc import AsyncIterator
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IllegalOperation

# A state, a dead letter's part or a transport part is far below this; a batch of them may be this large.
PRODUCER_BATCH_BYTES = 512 * 1024
# The state topic takes records up to this size (topics/topics.toml); a client must be willing to send them.
LARGEST_RECORD_BYTES = 8 * 1024 * 1024
# How long a client believes what it was told of who leads which partition. When a leader has moved, aiokafka's consumer
# asks the former one where the partition begins, again and again, and learns of its mistake only when this has passed;
# five minutes, if nobody says otherwise.
METADATA_MS = 5_000


class Access(Protocol):
    """How to reach the brokers: the part of the configuration that concerns every client."""

    @property
    def bootstrap(self) -> str:
        """Brokers, `host:port` separated by commas."""

    @property
    def transaksjon_ms(self) -> int:
        """Timeout of one transaction in milliseconds."""


def _common(access: Access) -> dict[str, Any]:
    return {
        "bootstrap_servers": access.bootstrap,
        "client_id": "iplos-adapter",
        "metadata_max_age_ms": METADATA_MS,
    }


def transactional_producer(access: Access, transactional_id: str) -> AIOKafkaProducer:
    """A producer whose writes are seen together or not at all; starting it fences whoever had the id before."""
    return AIOKafkaProducer(
        **_common(access),
        transactional_id=transactional_id,
        transaction_timeout_ms=access.transaksjon_ms,
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        max_batch_size=PRODUCER_BATCH_BYTES,
        max_request_size=LARGEST_RECORD_BYTES,
    )


def plain_producer(access: Access) -> AIOKafkaProducer:
    """For single records outside any transaction: commands, simulated events."""
    return AIOKafkaProducer(
        **_common(access),
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        linger_ms=5,
        max_batch_size=PRODUCER_BATCH_BYTES,
        max_request_size=LARGEST_RECORD_BYTES,
    )


def group_consumer(access: Access, group: str, session_ms: int) -> AIOKafkaConsumer:
    """Reads committed records as a member of a group; offsets are committed by the producer, never by the consumer."""
    return AIOKafkaConsumer(
        **_common(access),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        session_timeout_ms=session_ms,
        heartbeat_interval_ms=max(session_ms // 10, 300),
        max_poll_interval_ms=max(300_000, session_ms),
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )


def lone_consumer(access: Access, isolation: str = "read_committed") -> AIOKafkaConsumer:
    """Reads committed records of partitions it assigns itself, and commits nothing."""
    return AIOKafkaConsumer(
        **_common(access),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )


def admin(access: Access) -> AIOKafkaAdminClient:
    """Topics, offsets of groups."""
    return AIOKafkaAdminClient(**_common(access))


@contextlib.asynccontextmanager
async def transaction(producer: AIOKafkaProducer) -> AsyncIterator[None]:
    """What is sent inside is seen together or not at all. Raises `KafkaError`; who was fenced hears of it each time.

    Otherwise only the first call would; the next ones complain of the producer's state, by an assertion or as an
    illegal operation, and whoever tries again what Kafka did not let it do would take that for a fault of the program.
    """
    try:
        async with producer.transaction():
            yield
    except (IllegalOperation, AssertionError) as error:
        cause = cause_of_end(producer)
        if cause is None:
            raise
        raise cause from error


def cause_of_end(producer: AIOKafkaProducer) -> BaseException | None:
    """What ended a transactional producer, or None: a newer owner of its id, for one.

    aiokafka tells it only to whoever is waiting for the commit at that moment. Everybody else hears a complaint about
    the state the producer is in, and the log hears of an exception that nobody asked for.
    """
    transactions = producer._txn_manager  # noqa: SLF001  # there is no other way to ask
    ending = None if transactions is None else transactions.wait_for_transaction_end()
    if ending is None or not ending.done() or ending.cancelled():
        return None
    # A copy, since it may be raised more than once, each time with its own story.
    cause: BaseException | None = copy.copy(ending.exception())
    return cause
