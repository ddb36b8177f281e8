"""The Kafka clients as this program wants them; nobody else names aiokafka's settings.

A client that cannot start raises `AccessError`, which says why: aiokafka itself keeps the reason to its log.
"""

import asyncio
import contextlib
import copy
from collections.abc import AsyncIterator
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import IllegalOperation, KafkaConnectionError, KafkaError, TopicAuthorizationFailedError
from aiokafka.protocol.metadata import MetadataRequest

from adapter.kafka.certificates import expired
from adapter.kafka.closed_door import problem_of
from adapter.kafka.passwords import follow_password
from adapter.kafka.problem import AccessError, Knock, Problem, problem
from adapter.kafka.sikkerhet import Sikkerhet
from adapter.kafka.tls import shared_context

# A state, a dead letter's part or a transport part is far below this; a batch of them may be this large.
PRODUCER_BATCH_BYTES = 512 * 1024
# The state topic takes records up to this size (topics/topics.toml); a client must be willing to send them.
LARGEST_RECORD_BYTES = 8 * 1024 * 1024
# A broker that takes longer to let somebody in is as good as closed.
KNOCK_SECONDS = 10.0
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

    @property
    def sikkerhet(self) -> Sikkerhet:
        """How to get in."""


def login(access: Access) -> dict[str, Any]:
    """What aiokafka needs to get in, read from the files as they are now. Raises `AccessError` when they cannot be."""
    given = access.sikkerhet
    try:
        settings: dict[str, Any] = {"security_protocol": given.protocol}
        if given.tls:
            settings["ssl_context"] = shared_context(given)
        if given.bruker:
            settings["sasl_mechanism"] = given.mekanisme
            settings["sasl_plain_username"] = given.bruker
            settings["sasl_plain_password"] = given.password().reveal()
    except (OSError, ValueError) as error:
        named = getattr(error, "filename", None) or "a file of it"
        why = getattr(error, "strerror", None) or "it is not what it should be"
        text = f"{named} cannot be used ({why})"
        raise AccessError(problem("credentials-unreadable", Knock("[kafka.sikkerhet]"), text)) from None
    return settings


def _common(access: Access) -> dict[str, Any]:
    return {
        "bootstrap_servers": access.bootstrap,
        "client_id": "iplos-adapter",
        "metadata_max_age_ms": METADATA_MS,
        **login(access),
    }


async def knock(access: Access) -> AIOKafkaConnection:
    """A connection to the first broker that lets us in; the caller closes it.

    Raises `AccessError` with the most telling of the reasons: that one is away says less than that one says no.
    """
    problems: list[Problem] = []
    for one in access.bootstrap.split(","):
        host, _, port = one.strip().rpartition(":")
        try:
            return await connection(access, host, int(port))
        except AccessError as error:
            problems.append(error.problem)
    raise AccessError(min(problems, key=lambda one: one.code == "unreachable"))


async def connection(access: Access, host: str, port: int) -> AIOKafkaConnection:
    """A connection to this broker, logged in. Raises `AccessError`."""
    given = access.sikkerhet
    knocked = Knock(f"{host}:{port}", given.tls, given.bruker, given.mekanisme, expired(given.sertifikat_fil))
    try:
        async with asyncio.timeout(KNOCK_SECONDS):
            # Whoever was let in may find the broker silent at the next question.
            patience = int(KNOCK_SECONDS * 1000)
            made = await create_conn(
                host, port, client_id="iplos-adapter", request_timeout_ms=patience, **login(access)
            )
            return await _heard(made)
    except (KafkaError, OSError, TimeoutError) as error:
        told = problem_of(error, knocked)
        if told is None:
            raise
        raise AccessError(told) from error


async def _heard(made: AIOKafkaConnection) -> AIOKafkaConnection:
    """The connection when it has answered once: with TLS 1.3 a refused certificate is told of after the handshake."""
    try:
        await made.send(MetadataRequest([]))
    except BaseException:
        made.close()
        raise
    return made


class _TellsWhy:
    """Of a client: when it finds no broker that lets it in, it knocks once more and tells what it was told."""

    # What aiokafka calls the part of it that connects.
    _connects = "_client"

    def __init__(self, access: Access, **settings: Any) -> None:
        self._access = access
        super().__init__(**_common(access), **settings)
        follow_password(getattr(self, self._connects), access.sikkerhet)

    async def start(self) -> None:
        try:
            await super().start()  # type: ignore[misc]  # of the client this is mixed into
        except KafkaConnectionError:
            (await knock(self._access)).close()
            raise


class Producer(_TellsWhy, AIOKafkaProducer):  # type: ignore[misc]  # aiokafka has no types
    """A producer. Tests put one in its place that dies between two steps."""

    _connects = "client"


class _Consumer(_TellsWhy, AIOKafkaConsumer):  # type: ignore[misc]
    pass


class _Admin(_TellsWhy, AIOKafkaAdminClient):  # type: ignore[misc]
    pass


def transactional_producer(
    access: Access, transactional_id: str, largest: int = LARGEST_RECORD_BYTES
) -> AIOKafkaProducer:
    """A producer whose writes are seen together or not at all; starting it fences whoever had the id before."""
    return Producer(
        access,
        transactional_id=transactional_id,
        transaction_timeout_ms=access.transaksjon_ms,
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        max_batch_size=PRODUCER_BATCH_BYTES,
        max_request_size=largest,
    )


def plain_producer(access: Access) -> AIOKafkaProducer:
    """For single records outside any transaction: commands, simulated events."""
    return Producer(
        access,
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        linger_ms=5,
        max_batch_size=PRODUCER_BATCH_BYTES,
        max_request_size=LARGEST_RECORD_BYTES,
    )


def group_consumer(access: Access, group: str, session_ms: int) -> AIOKafkaConsumer:
    """Reads committed records as a member of a group; offsets are committed by the producer, never by the consumer."""
    return _Consumer(
        access,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        session_timeout_ms=session_ms,
        heartbeat_interval_ms=max(session_ms // 10, 300),
        max_poll_interval_ms=max(300_000, session_ms),
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )


def after_denial(consumer: AIOKafkaConsumer, error: KafkaError) -> None:
    """Have a member of a group go on after it was denied something, for the time when the access is back.

    A topic is asked for again by itself. But aiokafka's heartbeat, and its look-up of offsets, end with the first
    denial, and only joining the group begins them anew: without it a member would be told of the same denial for ever.
    """
    if not isinstance(error, TopicAuthorizationFailedError):
        consumer._coordinator.request_rejoin()  # noqa: SLF001  # there is no other way to ask


def lone_consumer(access: Access, isolation: str = "read_committed") -> AIOKafkaConsumer:
    """Reads committed records of partitions it assigns itself, and commits nothing."""
    return _Consumer(
        access,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )


def admin(access: Access) -> AIOKafkaAdminClient:
    """Topics, offsets of groups."""
    return _Admin(access)


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
