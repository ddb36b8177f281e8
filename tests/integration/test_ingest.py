"""From the bus to the state with a real Kafka and a real process: what goes in comes out once, as the model says."""

import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from adapter.kafka.offsets import end_offsets
from adapter.simulate import SimulatedRecord
from tests.integration.house import House, Service, events, wait_until
from tests.integration.test_sandbox_broker import listening

pytestmark = pytest.mark.kafka

LOOPBACK = "0100007F"
FAUSTS_OWN_PORT = 6066


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path) as house:
        yield house


async def test_every_event_ends_in_exactly_one_outcome_and_state_is_the_models(house: House) -> None:
    records = events(300)
    await house.produce(records)
    service = await house.start().ready()
    await house.done()
    await house.agrees_with_the_model(records)
    outcomes = await service.outcomes()
    assert outcomes == house.model(records).etter_utfall()
    assert sum(outcomes.values()) == len(records)


async def test_no_identity_number_is_seen_outside_the_sealed_state(house: House) -> None:
    records = events(300, seed=11)
    ours = {number.decode() for one in records for number in re.findall(rb'"nummer":"(\d{11})"', one.value)}
    assert len(ours) > 250
    await house.produce(records)
    service = await house.start().ready()
    await house.done()
    _, metrics = await service.get("/metrics")
    _, health = await service.get("/health/ready")
    assert await service.stopped() == 0
    seen = [metrics.encode(), health.encode(), service.log.read_bytes()]
    for topic in (house.state_topic, house.config.topics.avvist):
        for record in await house.records(topic):
            seen += [record.key or b"", record.value or b""]
            seen += [part for name, value in record.headers for part in (name.encode(), value)]
    # Every run of eleven digits, those inside longer runs too.
    found = {digits.decode() for one in seen for digits in re.findall(rb"(?=(\d{11}))", one)}
    assert found & ours == set()


async def test_a_dead_letter_holds_the_original_and_its_headers_tell_nothing(house: House) -> None:
    records = [one for one in events(1_000) if one.expected.startswith("parked")]
    assert len({one.expected for one in records}) > 8
    await house.produce(records)
    await house.start().ready()
    await house.done()
    await house.agrees_with_the_model(records)
    on_the_bus = {(one.partition, one.offset): one for one in await house.records(house.bus)}
    expected = {(one.key, one.value): one.expected.removeprefix("parked:") for one in records}
    for origin, headers, letter in await house.letters():
        original = on_the_bus[origin.partition, origin.offset]
        assert (letter.key, letter.value, origin.timestamp) == (original.key, original.value, original.timestamp)
        assert headers["code"] == expected[original.key, original.value or b""]
        assert set(headers) == {
            *("code", "field", "event-type", "origin-topic", "origin-partition", "origin-offset", "origin-timestamp"),
            *("key-id", "parts", "adapter-version", "kommunenummer", "bydelsnummer"),
        }


async def test_giant_events_are_parked_in_parts_and_the_worker_goes_on(house: House) -> None:
    before, after = events(20), events(20, seed=8)
    giants = [
        SimulatedRecord(b"p-giant", bytes([65 + size % 26]) * size, (), "parked:too-large")
        for size in (1_500_000, 20_000_000)
    ]
    records = [*before, *giants, *after]
    service = await house.start().ready()
    await house.produce(records)
    await house.done()
    await house.agrees_with_the_model(records)
    parts = {len(one.letter.value or b""): int(one.headers["parts"]) for one in await house.letters()}
    assert (parts[1_500_000], parts[20_000_000]) == (2, 23)
    assert sum((await service.outcomes()).values()) == len(records)


async def test_only_the_configured_port_listens_and_only_on_loopback(house: House) -> None:
    service = await house.start().ready()
    assert listening(service.pid) == [(LOOPBACK, service.port)]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", FAUSTS_OWN_PORT)) != 0


async def test_a_graceful_stop_is_quick_and_nothing_is_read_again_afterwards(house: House) -> None:
    first, second = events(150), events(50, seed=8)
    await house.produce(first)
    service = await house.start().ready()
    await house.under_way(1_000)
    assert await service.stopped(within=10) == 0
    before = sum((await house.committed()).values())
    assert before >= 1_000
    await house.produce(second)
    again = await house.start().ready()
    await house.done()
    await house.agrees_with_the_model([*first, *second])
    assert sum((await again.outcomes()).values()) == len(first) + len(second) - before


async def test_a_service_that_restores_is_alive_and_not_ready(house: House) -> None:
    persons = 40_000
    # Without the identity, which is sealed to one person and cannot be opened as another's.
    [state] = house.model(one for one in events(1) if b".iplos.person.registrert." not in one.value).states.values()
    async with AIOKafkaProducer(
        bootstrap_servers=house.kafka.bootstrap, linger_ms=5, max_batch_size=500_000, compression_type="lz4"
    ) as producer:
        for number in range(persons):
            await producer.send(house.state_topic, state, f"p-{number}".encode(), partition=number % 4)
    service = house.start()
    await service.listening()
    refusals = 0
    while (answer := await service.get("/health/ready"))[0] != 200:
        refusals += 1
        assert "restoring" in answer[1]
        assert (await service.get("/health/live"))[0] == 200
    assert refusals
    # The moment it says ready, all of it is there.
    assert sum(int(str(line["persons"])) for line in service.said("partition restored")) == persons


async def test_markers_of_the_producers_transactions_do_not_hold_up_the_offset(house: House) -> None:
    records = [one for one in events(5) if one.expected != "parked:too-large"]
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap, transactional_id=house.name) as producer:
        for keep in (True, False):
            await producer.begin_transaction()
            for one in records:
                await producer.send(house.bus, one.value, one.key, headers=list(one.headers))
            await (producer.commit_transaction() if keep else producer.abort_transaction())
    service = await house.start().ready()
    await house.done()
    await house.agrees_with_the_model(records)
    assert sum((await service.outcomes()).values()) == len(records)
    assert sum((await end_offsets(house.kafka, house.bus)).values()) > len(records)


async def refuses(service: Service, *words: str) -> None:
    """The process ends by itself, with an error, and says why."""
    assert await service.ended(within=30) not in (0, None)
    said = service.log.read_text()
    assert [word for word in words if word not in said] == [], said


@pytest.mark.parametrize("missing", ["buss", "tilstand", "avvist"])
async def test_a_missing_topic_ends_the_service_with_its_name(
    kafka_bootstrap: str, tmp_path: Path, missing: str
) -> None:
    async with House(kafka_bootstrap, tmp_path, without=[missing]) as house:
        await refuses(house.start(), f"{house.name}.{missing}", "topics apply")


async def test_another_number_of_state_partitions_than_the_bus_has_is_refused_before_anything_is_read(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    async with House(kafka_bootstrap, tmp_path, partitions=4, state_partitions=3) as house:
        await house.produce(events(5))
        await refuses(house.start(), house.bus, "4", house.state_topic, "3")
        assert sum((await house.committed()).values()) == 0
        assert await house.records(house.state_topic) == []


async def test_state_of_a_newer_program_is_refused_and_left_as_it_is(house: House) -> None:
    [(key, state)] = house.model(events(1)).states.items()
    newer = msgspec.msgpack.encode([2, *msgspec.msgpack.decode(state)[1:]])
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        await producer.send_and_wait(house.state_topic, newer, key.encode(), partition=0)
    await house.produce(events(5))
    await refuses(house.start(), "schema version 2", "upgrade")
    assert (await house.state())[key] == newer


async def test_events_that_the_bus_has_deleted_unread_are_said_loudly(house: House) -> None:
    """The bus kept them for a shorter time than the service was away."""
    records = events(20)
    await house.produce(records)
    service = await house.start().ready()
    await house.done()
    assert await service.stopped() == 0
    await house.produce(records)
    await house.forget_the_bus()
    service = await house.start().ready()

    async def said() -> bool:
        return bool(service.said("events were deleted from the bus before they were read"))

    await wait_until(said, within=5, what="the loss is logged")
    lines = service.said("events were deleted from the bus before they were read")
    assert sum(int(str(line["lost"])) for line in lines) == len(records)
    await house.done()
