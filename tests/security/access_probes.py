"""For every access of the plan the call of the program that needs it. Each returns when it may, and raises when not.

A row of the plan is known by who, what (the topic's role, or the resource) and the operation; one without a probe fails
its test, so whoever adds a row says here what breaks without it.
"""

import random
import uuid
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaProducer
from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from adapter.ingest.sealed_with import letters_sealed_with
from adapter.kafka.clients import Access, admin, group_consumer, plain_producer, transactional_producer
from adapter.kafka.log_reader import read_to_end
from adapter.kafka.offsets import NoSuchTopicError, committed_offsets
from adapter.kafka.topic_admin import apply, check
from tests.security.installation import Installation

Probe = Callable[[Installation, str], Awaitable[None]]
Row = tuple[str, str, str]

SESSION_MS = 6_000


def _access(inst: Installation, who: str) -> Access:
    return inst.config(who).kafka


def reads(role: str) -> Probe:
    """From the beginning to the end: restore, ledger, snapshot, dead letters, fetch."""

    async def probe(inst: Installation, who: str) -> None:
        found = [one async for one in read_to_end(_access(inst, who), getattr(inst.topics, role))]
        assert sum(len(chunk.records) for chunk in found) > 0

    return probe


def follows(role: str, group: str = "{gruppe}") -> Probe:
    """As a member of a group: the bus, and faust's commands and receipts."""

    async def probe(inst: Installation, who: str) -> None:
        consumer = group_consumer(_access(inst, who), f"{group.format(gruppe=inst.group)}.{role}", SESSION_MS)
        await consumer.start()
        try:
            # As the worker looks: of a topic it may not see, a member would be given nothing, and all would look well.
            if getattr(inst.topics, role) not in await consumer.topics():
                raise NoSuchTopicError(role)
            consumer.subscribe([getattr(inst.topics, role)])
            while not await consumer.getmany(timeout_ms=200):
                pass
        finally:
            await consumer.stop()

    return probe


async def _send(producer: AIOKafkaProducer, topic: str) -> None:
    await producer.send_and_wait(topic, b"{}", b"nokkel")


def writes(role: str) -> Probe:
    """A single record: events, commands, closings, receipts."""

    async def probe(inst: Installation, who: str) -> None:
        producer = plain_producer(_access(inst, who))
        await producer.start()
        try:
            await _send(producer, getattr(inst.topics, role))
        finally:
            await producer.stop()

    return probe


def writes_together(role: str) -> Probe:
    """In a transaction: states, dead letters, both messages, the ledger."""

    async def probe(inst: Installation, who: str) -> None:
        producer = transactional_producer(_access(inst, who), f"{inst.group}.{role}")
        await producer.start()
        try:
            async with producer.transaction():
                await _send(producer, getattr(inst.topics, role))
        finally:
            await producer.stop()

    return probe


def creates(role: str) -> Probe:
    """`topics apply` when the topic is not there."""

    async def probe(inst: Installation, who: str) -> None:
        topic = getattr(inst.topics, role)
        async with inst.caretaker() as caretaker:
            if topic in await caretaker.list_topics():
                await caretaker.delete_topics([topic])
            try:
                await _applied(inst, who)
            finally:
                await inst.make(role)
                await inst.fill(role)

    return probe


def sets(role: str) -> Probe:
    """`topics apply` when a setting of the topic is not as planned."""

    async def probe(inst: Installation, who: str) -> None:
        unlike = ConfigResource(
            ConfigResourceType.TOPIC,
            getattr(inst.topics, role),
            {"max.message.bytes": str(random.randint(100_000, 900_000))},
        )
        async with inst.caretaker() as caretaker:
            await caretaker.alter_configs([unlike])
        await _applied(inst, who)

    return probe


async def _applied(inst: Installation, who: str) -> None:
    applied = await apply(_access(inst, who), inst.plan)
    assert not [one for one in applied.left if one.fix == "apply"]


async def checked(inst: Installation, who: str) -> None:
    """`topics check`."""
    await check(_access(inst, who), inst.plan)


async def sees_how_far_a_group_is(inst: Installation, who: str) -> None:
    """The barrier of a report, and every opening of a partition."""
    await committed_offsets(_access(inst, who), inst.group, inst.topics.buss, [0])


async def begins_a_transaction(inst: Installation, who: str) -> None:
    """Opening a partition fences its former owner."""
    producer = transactional_producer(_access(inst, who), f"{inst.group}.{inst.topics.buss}.0")
    await producer.start()
    await producer.stop()


async def puts_letters_back(inst: Installation, who: str) -> None:
    """`dlq replay`: the event on the bus and the mark on the letter together."""
    producer = transactional_producer(_access(inst, who), f"{inst.group}.avvist")
    await producer.start()
    await producer.stop()


async def looks_for_what_a_key_has_sealed(inst: Installation, who: str) -> None:
    """`keys rotate --retire`, which no letter may need the key after."""
    await letters_sealed_with(_access(inst, who), inst.topics.avvist, "n1")


async def makes_the_leaders_topic(inst: Installation, who: str) -> None:
    """What faust does first in a new installation, with the topic its leader is chosen over."""
    topic = f"{inst.leader_topic}.{uuid.uuid4().hex}"
    client = admin(_access(inst, who))
    await client.start()
    try:
        answer = await client.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await client.close()
    if code := answer.topic_errors[0][1]:
        raise for_code(code)(topic)


async def reads_the_leaders_topic(inst: Installation, who: str) -> None:
    """faust's consumer has this topic beside commands and receipts; refused one of them, it gets none."""
    async for _ in read_to_end(_access(inst, who), inst.leader_topic):
        pass


PROBES: dict[Row, Probe] = {
    ("epj", "buss", "write"): writes("buss"),
    ("adapter", "buss", "read"): follows("buss"),
    ("adapter", "tilstand", "read"): reads("tilstand"),
    ("adapter", "tilstand", "write"): writes_together("tilstand"),
    ("adapter", "avvist", "read"): looks_for_what_a_key_has_sealed,
    ("adapter", "avvist", "write"): writes_together("avvist"),
    ("adapter", "rapport", "read"): reads("rapport"),
    ("adapter", "rapport", "write"): writes_together("rapport"),
    ("adapter", "kommando", "read"): follows("kommando"),
    ("adapter", "kommando", "write"): writes("kommando"),
    ("adapter", "revisjon", "write"): writes("revisjon"),
    ("adapter", "transport_ipl", "write"): writes_together("transport_ipl"),
    ("adapter", "transport_ide", "write"): writes_together("transport_ide"),
    ("adapter", "kvittering", "read"): follows("kvittering"),
    ("adapter", "group", "read"): sees_how_far_a_group_is,
    ("adapter", "transactional_id", "write"): begins_a_transaction,
    ("adapter", "styring", "create"): makes_the_leaders_topic,
    ("adapter", "styring", "read"): reads_the_leaders_topic,
    ("transport-ipl", "transport_ipl", "read"): reads("transport_ipl"),
    ("transport-ipl", "kvittering", "write"): writes("kvittering"),
    ("transport-ipl", "group", "read"): follows("transport_ipl", "kpr-transport-ipl"),
    ("transport-ide", "transport_ide", "read"): reads("transport_ide"),
    ("transport-ide", "kvittering", "write"): writes("kvittering"),
    ("transport-ide", "group", "read"): follows("transport_ide", "kpr-transport-ide"),
    ("drift", "kommando", "write"): writes("kommando"),
    ("drift", "rapport", "read"): reads("rapport"),
    ("drift", "rapport", "write"): writes("rapport"),
    ("drift", "avvist", "read"): reads("avvist"),
    ("drift", "avvist", "write"): writes_together("avvist"),
    ("drift", "revisjon", "write"): writes("revisjon"),
    ("drift", "transactional_id", "write"): puts_letters_back,
    ("drift", "buss", "write"): writes("buss"),
    ("drift", "buss", "describe_configs"): checked,
    ("drift", "tilstand", "describe"): checked,
    ("drift", "transport_ipl", "describe"): checked,
    ("drift", "transport_ide", "describe"): checked,
    ("drift", "kvittering", "describe"): checked,
    ("drift", "kvittering", "describe_configs"): checked,
    ("revisor", "revisjon", "read"): reads("revisjon"),
    ("mangelrapport", "tilstand", "read"): reads("tilstand"),
    ("mangelrapport", "group", "describe"): sees_how_far_a_group_is,
    ("mangelrapport", "buss", "describe"): sees_how_far_a_group_is,
    ("mangelrapport", "avvist", "read"): reads("avvist"),
    ("mangelrapport", "rapport", "read"): reads("rapport"),
}
for _role in ("kommando", "rapport", "avvist", "revisjon", "tilstand", "transport_ipl", "transport_ide"):
    PROBES["drift", _role, "create"] = creates(_role)
    PROBES["drift", _role, "alter_configs"] = sets(_role)
