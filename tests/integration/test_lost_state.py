"""A state topic that was emptied, cut, put back or written to by others: nothing is built on it, and it is said why.

The group's commit on the bus vouches for how many persons there must be.
"""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewTopic

from adapter.domain.closing import LukkingBestilt, prune
from adapter.domain.enhet import Enhet
from adapter.domain.overgang import Overgang
from adapter.domain.tilstand import NOTHING, Linje, Tilstand
from adapter.domain.vouching import vouched, voucher
from adapter.ingest.batch import Folded
from adapter.ingest.restore import census_of, read_back
from adapter.kafka.clients import admin
from adapter.kafka.log_reader import Record
from adapter.kafka.offsets import Committed, committed
from adapter.packs import load_places
from adapter.report.setup import RefusedError
from adapter.report.snapshot import read_population
from adapter.report.spool import Spool
from adapter.state_topic import Fault, StateTopic, StateUnreadableError
from tests.integration.house import House, Service, events, wait_until
from tests.integration.kafka_tools import kafka_tool
from tests.integration.reports import carried_out, command_for

pytestmark = pytest.mark.kafka

PARTITIONS = range(4)
TRONDHEIM = Enhet("5001")
OVERGANG = Overgang(load_places(), 2018, {})


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path) as house:
        yield house


async def put_back(house: House, records: Sequence[Record]) -> None:
    """The state topic made anew, with these records in it."""
    client = admin(house.kafka)
    await client.start()
    try:
        await client.delete_topics([house.state_topic])

        async def gone() -> bool:
            return house.state_topic not in await client.list_topics()

        await wait_until(gone, 20, "the topic is deleted")
        compact = {"cleanup.policy": "compact"}
        await client.create_topics([NewTopic(house.state_topic, len(PARTITIONS), 1, topic_configs=compact)])
    finally:
        await client.close()

    async def there() -> bool:
        return await house.records(house.state_topic) == []

    await wait_until(there, 20, "the new topic can be read")
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for one in records:
            await producer.send_and_wait(house.state_topic, one.value, one.key, partition=one.partition)


async def commits(house: House) -> dict[int, Committed]:
    return await committed(house.kafka, house.group, house.bus, PARTITIONS)


async def refused(service: Service) -> str:
    """The process ends by itself, with an error; what it said."""
    assert await service.ended(within=60) not in (0, None)
    [line] = service.said("ingest ended")
    assert line["error"] == "StateUnreadableError"
    return str(line["why"])


async def test_an_emptied_state_topic_stops_the_service_and_every_report(house: House) -> None:
    await house.produce(events(40))
    service = await house.start().ready()
    await house.done()
    before = await commits(house)
    await put_back(house, [])
    [run] = await carried_out(house, await command_for(house, TRONDHEIM))
    assert (run.status, run.meldinger) == ("nektet", [])
    assert "er ikke hel, og ingen rapport bygges" in run.grunn
    assert await service.stopped() == 0

    why = await refused(house.start())
    assert house.state_topic in why
    assert "put it back as it was" in why
    # Nothing was begun: neither the offsets nor the topic have moved.
    assert await commits(house) == before
    assert await house.records(house.state_topic) == []


def all_but_one_person(records: Sequence[Record]) -> Sequence[Record]:
    return [one for one in records if one.key != b"p-0-0"]


def one_person_more(records: Sequence[Record]) -> Sequence[Record]:
    return [*records, *(one._replace(key=b"p-other") for one in records if one.key == b"p-0-0")]


def one_partition_less(records: Sequence[Record]) -> Sequence[Record]:
    return [one for one in records if one.partition != 0]


@pytest.mark.parametrize("left", [all_but_one_person, one_person_more, one_partition_less])
async def test_a_state_topic_that_is_not_whole_is_neither_opened_nor_reported_from(
    house: House, left: Callable[[Sequence[Record]], Sequence[Record]]
) -> None:
    partitions = [house.partition(number) for number in (0, 1)]
    for partition in partitions:
        await partition.open(lambda *_: None)
        states = {f"p-{partition.number}-{one}": Tilstand(slettet=True).encode() for one in range(5)}
        await partition.commit(Folded(states=states), (), 1)
        await partition.close()
    await put_back(house, left(await house.records(house.state_topic)))
    with pytest.raises(StateUnreadableError) as failure:
        await partitions[0].open(lambda *_: None)
    assert failure.value.fault == "not-whole"
    await partitions[0].close()
    with Spool() as spool, pytest.raises(RefusedError) as refusal:
        await read_population(house.config, spool, OVERGANG, lambda *_: None)
    assert refusal.value.code == "state-incomplete"
    assert "partisjon 0 har" in str(refusal.value)
    assert "partisjon 1 har" not in str(refusal.value)


async def test_a_state_topic_that_was_put_back_whole_is_gone_on_from(house: House) -> None:
    first, second = events(40), events(20, seed=8)
    await house.produce(first)
    service = await house.start().ready()
    await house.done()
    assert await service.stopped() == 0
    await put_back(house, await house.records(house.state_topic))
    await house.start().ready()
    await house.produce(second)
    await house.done()
    await house.agrees_with_the_model([*first, *second])


async def test_the_way_out_that_the_sentence_names_brings_the_state_back(house: House) -> None:
    records = events(40)
    await house.produce(records)
    service = await house.start().ready()
    await house.done()
    assert await service.stopped() == 0
    await put_back(house, [])
    why = await refused(house.start())

    command = re.search(r"`(kafka-consumer-groups) ([^`]+)`", why)
    assert command is not None, why
    await kafka_tool(command[1], *command[2].split())
    assert await commits(house) == {number: Committed(0) for number in PARTITIONS}
    await house.start().ready()
    await house.done()
    assert await house.state() == house.model(records).states


async def test_offsets_that_are_gone_while_state_is_there_are_said_with_what_comes_of_it(house: House) -> None:
    """As when they expire because the service was away for long."""
    records = events(40)
    await house.produce(records)
    service = await house.start().ready()
    await house.done()
    letters = len(await house.letters())
    assert await service.stopped() == 0
    server = ("--bootstrap-server", house.kafka.bootstrap)
    await kafka_tool("kafka-consumer-groups", *server, "--group", house.group, "--topic", house.bus, "--delete-offsets")
    again = await house.start().ready()
    lines = again.said("nothing is committed though there is state: the bus is read from its start")
    assert sum(int(str(line["persons"])) for line in lines) == len(await house.state())
    assert all("dead letters once more" in str(line["todo"]) for line in lines)
    await house.done()
    assert await house.state() == house.model(records).states
    assert len(await house.records(house.config.topics.avvist)) >= 2 * letters > 0


async def test_commits_of_an_older_program_vouch_for_nothing_and_are_gone_on_from(house: House) -> None:
    records = events(40)
    half = len(records) // 2
    await house.produce(records[:half])
    service = await house.start().ready()
    await house.done()
    assert await service.stopped() == 0
    ends = {TopicPartition(house.bus, one): commit.offset for one, commit in (await commits(house)).items()}
    async with AIOKafkaConsumer(
        bootstrap_servers=house.kafka.bootstrap, group_id=house.group, enable_auto_commit=False
    ) as consumer:
        consumer.assign([*ends])
        await consumer.commit(ends)
    assert all(vouched(commit.text) is None for commit in (await commits(house)).values())
    await house.start().ready()
    await house.produce(records[half:])
    await house.done()
    await house.agrees_with_the_model(records)
    persons = [vouched(commit.text) for commit in (await commits(house)).values()]
    assert sum(one or 0 for one in persons) == len(await house.state())


async def test_erasure_and_a_closed_year_are_vouched_for_too(house: House) -> None:
    """Whoever is erased stays as a mark; whoever is closed away is gone, in the same transaction as the commit."""
    now = datetime(2030, 4, 1, tzinfo=UTC)
    partition = house.partition(0)
    await partition.open(lambda *_: None)
    old = house.model(one for one in events(30) if one.expected == "accepted").states
    states = {**old, "p-erased": Tilstand(slettet=True).encode()}
    await partition.commit(Folded(states=states), (), 7)
    assert (await commits(house))[0] == Committed(7, voucher(len(states)))

    closing = LukkingBestilt(id="1", aar=2029, bestilt_av="en test", tidspunkt=now)
    pruned = prune(partition.states, closing, 0, now)
    left = len(states) - pruned.proof.personer_fjernet
    assert left < len(states)
    await partition.prune(pruned, house.config.topics.rapport, (b"proof", b"{}"))
    assert (await commits(house))[0] == Committed(7, voucher(left))
    await partition.close()

    again = house.partition(0)
    await again.open(lambda *_: None)
    assert "p-erased" in again.states
    assert len(again.states) == left
    await again.close()


class Garbage(NamedTuple):
    """A record that is no state of ours."""

    fault: Fault
    key: bytes | None
    value: bytes


LINE = Linje(1, annullert=False, kommunenummer="5001", bydelsnummer="", innhold=msgspec.Raw(b"\x81\xa1a\x01"))
GARBAGE = {
    "no key": Garbage("no-key", None, Tilstand().encode()),
    "a key that is not UTF-8": Garbage("key-not-utf8", b"\xff\xfe", Tilstand().encode()),
    "random bytes": Garbage("not-a-state", b"p-1", bytes(range(200, 256))),
    "another program's JSON": Garbage("not-a-state", b"p-1", b'{"schema":null,"payload":{"id":7}}'),
    "half a state": Garbage("not-a-state", b"p-1", Tilstand({"person/1": LINE}).encode()[:-3]),
    "a line that is none": Garbage("not-a-state", b"p-1", msgspec.msgpack.encode([1, False, {"person/1": ["x"]}])),
    "a record that is none": Garbage("not-a-state", b"p-1", Tilstand({"person/1": LINE}).encode()),
    "a text that is not UTF-8": Garbage("not-a-state", b"p-1", b"\x93\x01\xc2\x81\xa1\xff" + NOTHING),
    "state of a newer program": Garbage("newer-schema", b"p-1", msgspec.msgpack.encode([2, False, {}])),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
async def test_garbage_on_the_state_topic_is_refused_by_kind(house: House, garbage: Garbage) -> None:
    """A topic of its own, since a compacted one takes no record without a key."""
    name = await house.another_topic("rotet")
    topic = StateTopic(house.kafka, name, house.bus, house.group)
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for number in range(3):
            await producer.send_and_wait(name, Tilstand(slettet=True).encode(), f"p-good-{number}".encode())
        await producer.send_and_wait(name, garbage.value, garbage.key)
    with pytest.raises(StateUnreadableError) as failure:
        await census_of(topic, 0, await read_back(topic, 0, lambda *_: None), house.sealer)
    assert failure.value.fault == garbage.fault
    assert f"topic {name}, partition 0" in str(failure.value)

    config = msgspec.structs.replace(house.config, topics=msgspec.structs.replace(house.config.topics, tilstand=name))
    with Spool() as spool, pytest.raises(RefusedError) as refusal:
        await read_population(config, spool, OVERGANG, lambda *_: None)
    assert refusal.value.code == "state-unreadable"
    assert garbage.fault in str(refusal.value)


async def test_a_service_that_finds_garbage_in_one_partition_does_nothing_in_the_others(house: House) -> None:
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        await producer.send_and_wait(house.state_topic, b'{"payload":1}', b"connect-task-1", partition=2)
    await house.produce(events(20))
    why = await refused(house.start())
    assert f"topic {house.state_topic}, partition 2: a state cannot be read" in why
    assert "Something else has written to it" in why
    assert "payload" not in why
    # The other partitions may have been opened first, but what they wrote is sound.
    assert len([one for one in await house.records(house.state_topic) if one.partition == 2]) == 1
    assert (await commits(house))[2] == Committed(-1)
