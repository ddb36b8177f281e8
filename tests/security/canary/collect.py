"""Every place where a number could turn up, and what may lawfully be there. A new place is an entry in `PLACES`."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec.structs import asdict

from adapter.kafka.clients import admin, lone_consumer
from adapter.kafka.offsets import partitions_of
from tests.security.canary.stage import Stage

Blobs: TypeAlias = Mapping[str, bytes]
Part: TypeAlias = Literal["keys", "values", "headers"]


@dataclass(frozen=True, slots=True)
class Topics:
    """Every record of the cluster that anybody could read, also those of transactions that came to nothing."""

    keys: dict[str, dict[str, bytes]]
    values: dict[str, dict[str, bytes]]
    headers: dict[str, dict[str, bytes]]
    offsets: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the programs left behind."""

    stage: Stage
    topics: Topics

    def topic(self, role: str, part: Part) -> Blobs:
        """One part of every record of one of our topics."""
        found: dict[str, dict[str, bytes]] = getattr(self.topics, part)
        return found[getattr(self.stage.house.config.topics, role)]

    def host(self) -> Blobs:
        """Everything on the topics that the host made for itself, and their names."""
        ours = asdict(self.stage.house.config.topics).values()
        found = {topic: b"" for topic in self.topics.values if topic not in ours}
        for part in (self.topics.keys, self.topics.values, self.topics.headers):
            for topic in set(part) - {*ours}:
                found |= {f"{where}, {number}": blob for number, (where, blob) in enumerate(part[topic].items())}
        return found

    def files(self, wanted: Callable[[str], bool]) -> Blobs:
        """Files that programs wrote, by their path within the folder; a folder is its name."""
        root = self.stage.left
        found = {}
        for at, folders, names in os.walk(root):
            for name in (*folders, *names):
                path = Path(at) / name
                where = str(path.relative_to(root))
                if wanted(where):
                    found[where] = path.read_bytes() if path.is_file() else b""
        return found

    def logs(self) -> Blobs:
        """What the service's processes wrote to standard output and standard error."""
        return {service.log.name: service.log.read_bytes() for service in self.stage.services}


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look. `witness` is something that must be there, else nothing was collected."""

    look: Callable[[Evidence], Blobs]
    witness: bytes
    numbers: bool = False
    """Whether identity numbers may be there."""
    mistyped: bool = False
    """Whether a number that fails its own check may be there."""
    keys: bool = False
    """Whether person keys may be there."""


def _topic(role: str, part: Part) -> Callable[[Evidence], Blobs]:
    return lambda evidence: evidence.topic(role, part)


def _files(kind: str) -> Callable[[Evidence], Blobs]:
    return lambda evidence: evidence.files(lambda name: kind in name)


# Not looked at: the bus, the commands and the receipts, which hold what the tests wrote themselves.
PLACES: dict[str, Place] = {
    "log and standard output": Place(Evidence.logs, b"report sent"),
    "what commands say": Place(lambda evidence: evidence.stage.said, b"5001"),
    "metrics and other answers over HTTP": Place(lambda evidence: evidence.stage.answers, b"iplos_events_total"),
    # Whoever says why may see a person's records and what a letter holds; the keys are theirs.
    "what is shown on demand": Place(lambda evidence: evidence.stage.shown, b"tjeneste", keys=True),
    "status page": Place(
        lambda evidence: {name: one for name, one in evidence.stage.answers.items() if b"text/html" in one}, b"<html"
    ),
    "status page, for programs": Place(
        lambda evidence: {name: one for name, one in evidence.stage.answers.items() if b"/json" in one}, b"5001"
    ),
    # aiohttp quotes what it cannot read to whoever sent it, and to nobody else.
    "answers to what is no request": Place(lambda evidence: evidence.stage.echoes, b"400", numbers=True),
    "spool of a report": Place(lambda evidence: evidence.stage.spools, b""),
    "state, keys": Place(_topic("tilstand", "keys"), b"kanari-", keys=True),
    "state, values": Place(_topic("tilstand", "values"), b"person/person-", keys=True, mistyped=True),
    "state, headers": Place(_topic("tilstand", "headers"), b""),
    "dead letters, keys": Place(_topic("avvist", "keys"), b""),
    "dead letters, values": Place(_topic("avvist", "values"), b""),
    "dead letters, headers": Place(_topic("avvist", "headers"), b"identity-in-clear"),
    "ledger, keys": Place(_topic("rapport", "keys"), b""),
    "ledger, values": Place(_topic("rapport", "values"), b"personer_sendt"),
    "ledger, headers": Place(_topic("rapport", "headers"), b""),
    "audit trail, keys": Place(_topic("revisjon", "keys"), b""),
    "audit trail, values": Place(_topic("revisjon", "values"), b"state-show"),
    "audit trail, headers": Place(_topic("revisjon", "headers"), b""),
    "care data message": Place(_topic("transport_ipl", "values"), b"<PERSON "),
    "care data message, keys": Place(_topic("transport_ipl", "keys"), b""),
    "care data message, headers": Place(_topic("transport_ipl", "headers"), b"KPR_IPL"),
    "ident message": Place(_topic("transport_ide", "values"), b"<PasientIdent ", numbers=True, mistyped=True),
    "ident message, keys": Place(_topic("transport_ide", "keys"), b""),
    "ident message, headers": Place(_topic("transport_ide", "headers"), b"KPR_IDE"),
    "the host's own topics": Place(Evidence.host, b""),
    "groups and their offsets": Place(lambda evidence: evidence.topics.offsets, b"house-"),
    "gap reports": Place(_files("gaps"), b"Slutt"),
    "files of the care data message": Place(
        lambda evidence: evidence.files(lambda name: "KPR_IPL" in name), b"<PERSON "
    ),
    "files of the ident message": Place(_files("KPR_IDE"), b"<PasientIdent ", numbers=True, mistyped=True),
    "all other files": Place(
        lambda evidence: evidence.files(lambda name: "KPR_" not in name and "gaps" not in name), b"personer_sendt"
    ),
}


async def read_topics(stage: Stage) -> Topics:
    """Everything on the cluster, group offsets included."""
    found = Topics({}, {}, {}, {})
    client = admin(stage.house.kafka)
    await client.start()
    try:
        for group, *_ in await client.list_consumer_groups():
            found.offsets[f"group {group}"] = repr(await client.list_consumer_group_offsets(group)).encode()
        names = [name for name in await client.list_topics() if not name.startswith("__")]
    finally:
        await client.close()
    consumer = lone_consumer(stage.house.kafka, "read_uncommitted")
    await consumer.start()
    try:
        for name in names:
            await _read(
                consumer, [TopicPartition(name, one) for one in await partitions_of(stage.house.kafka, name)], found
            )
    finally:
        await consumer.stop()
    return found


async def _read(consumer: AIOKafkaConsumer, partitions: list[TopicPartition], found: Topics) -> None:
    topic = partitions[0].topic
    keys, values, headers = (part.setdefault(topic, {}) for part in (found.keys, found.values, found.headers))
    consumer.assign(partitions)
    ends = await consumer.end_offsets(partitions)
    await consumer.seek_to_beginning(*partitions)
    while any([await consumer.position(one) < ends[one] for one in partitions]):
        for one, records in (await consumer.getmany(timeout_ms=200)).items():
            for record in records:
                where = f"{topic.rpartition('.')[2]}/{one.partition}/{record.offset}"
                keys[where], values[where] = record.key or b"", record.value or b""
                headers[where] = b"\n".join(name.encode() + b": " + (value or b"") for name, value in record.headers)
