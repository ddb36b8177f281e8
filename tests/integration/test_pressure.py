"""Giant records, one person with very many rows, a hot partition, slow readers and a slow broker: memory stays bounded
by what is worked on at a time, whatever waits on the bus, and everything comes to its end.
"""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from adapter.domain.tilstand import LARGEST_STATE
from adapter.sandbox import KafkaSandbox
from adapter.simulate import SimulatedRecord
from tests.integration.house import LARGEST_EVENT, House, events, wait_until
from tests.integration.pressure import (
    MEGABYTE,
    Scales,
    first_row_annulled,
    giants,
    large_letters,
    rows_of_one_person,
    slow_broker,
    state_of,
)

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]

# As an installation has them; a house's are short.
AS_INSTALLED: dict[str, dict[str, object]] = {
    "ingest": {"batch": 2_000, "vent_ms": 50},
    "kafka": {"transaksjon_ms": 60_000},
}
LONG = 240
GIANT = 50 * MEGABYTE


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path, partitions=1, settings=AS_INSTALLED) as house:
        yield house


async def test_giant_records_weigh_no_more_than_those_at_hand(house: House) -> None:
    before, after, number = events(10), events(10, seed=8), 6
    service = await house.start().ready()
    await house.produce(before)
    await house.done()
    scales = Scales(service)
    await house.produce([*giants(number), *after])
    await house.done(LONG)
    # One at hand: as it came, as a letter, sealed, in parts; and the next one fetched. All of them would be thirty.
    assert scales.read().grew < 10 * GIANT
    outcomes = await service.outcomes()
    assert (
        outcomes["parked:too-large"] - house.model([*before, *after]).etter_utfall().get("parked:too-large", 0)
        == number
    )
    assert sum(outcomes.values()) == len(before) + number + len(after)


async def test_a_person_with_too_many_rows_stops_neither_the_partition_nor_the_others(house: House) -> None:
    rows, others = 33_000, events(10)
    service = await house.start().ready()
    scales = Scales(service)
    await house.produce([*rows_of_one_person(rows), *others])
    await house.done(LONG)
    outcomes, model = await service.outcomes(), house.model(others).etter_utfall()
    parked = outcomes.pop("parked:state-too-large")
    assert parked + outcomes.pop("applied") == rows + model.pop("applied")
    assert outcomes == model
    tilstand = await state_of(house, "p-one")
    assert len(tilstand.linjer) == rows - parked
    assert LARGEST_STATE * 0.99 < len(tilstand.encode()) <= LARGEST_STATE
    assert scales.read().grew < 40 * LARGEST_STATE

    # Another process reads it back, and what makes it smaller is still taken.
    assert await service.stopped() == 0
    again = await house.start().ready(LONG)
    await house.produce([first_row_annulled()])
    await house.done(LONG)
    assert await again.outcomes() == {"annulled": 1}


async def test_a_hot_partition_holds_up_no_other_and_a_reader_that_sleeps_holds_up_none(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    records = events(700)
    cold_keys = {one.key for one in events(20)}
    hot = [one for one in records if one.key not in cold_keys]
    cold = [one for one in records if one.key in cold_keys]
    async with House(kafka_bootstrap, tmp_path, partitions=2) as house:
        await put(house, 0, hot)
        service = await house.start().ready()
        scales = Scales(service)
        await house.under_way(len(hot) // 20)
        async with AIOKafkaConsumer(bootstrap_servers=house.kafka.bootstrap, auto_offset_reset="earliest") as sleeper:
            sleeper.assign([TopicPartition(house.state_topic, 0)])
            assert await sleeper.getone()
            await put(house, 1, cold)

            async def cold_ones_are_done() -> bool:
                return (await house.committed())[1] == len(cold)

            await wait_until(cold_ones_are_done, 60, "the cold partition is at its end")
            assert (await house.committed())[0] < len(hot)
            await house.done(LONG)
        await house.agrees_with_the_model(records)
        assert scales.read().grew < 100 * MEGABYTE


async def put(house: House, partition: int, records: Iterable[SimulatedRecord]) -> None:
    """Into that partition, whatever the keys say."""
    async with AIOKafkaProducer(
        bootstrap_servers=house.kafka.bootstrap, linger_ms=5, max_request_size=LARGEST_EVENT
    ) as producer:
        for one in records:
            await producer.send(house.bus, one.value, one.key, partition, headers=list(one.headers))


async def test_a_slow_broker_slows_the_reading_and_memory_stays_flat(tmp_path: Path) -> None:
    """It takes less than is read: what waits must wait on the bus."""
    records = events(900)
    with KafkaSandbox.start() as kafka:
        async with House(
            kafka.bootstrap, tmp_path, partitions=2, settings={"kafka": {"transaksjon_ms": 60_000}}
        ) as house:
            await house.produce(records)
            service = house.start()
            async with slow_broker(kafka.bootstrap, bytes_a_second=30_000):
                await service.ready(60)
                scales = Scales(service)
                await house.under_way(len(records) // 20, LONG)
                assert sum((await house.committed()).values()) < len(records)
                assert scales.read().grew < 60 * MEGABYTE
                assert (await service.get("/health/live"))[0] == 200
            await house.done(LONG)
            await house.agrees_with_the_model(records)
            assert sum((await service.outcomes()).values()) == len(records)
            assert service.said("batch failed, partition opens anew") == []


async def test_a_batch_that_never_fits_its_transaction_is_halved_until_it_does(tmp_path: Path) -> None:
    """So many letters take the broker half a minute, and a transaction has seven seconds."""
    letters, after = large_letters(24), events(10)
    with KafkaSandbox.start() as kafka:
        async with House(kafka.bootstrap, tmp_path, partitions=1) as house:
            await house.produce(letters)
            async with slow_broker(kafka.bootstrap, bytes_a_second=100_000):
                service = await house.start().ready(60)
                await house.done(LONG)
            given_up = service.said("batch failed, partition opens anew")
            assert given_up
            for one in given_up:
                assert one["error"] == "TimeoutError"
                assert one["next_events"] == max(int(str(one["events"])) // 2, 1)
            await house.produce(after)
            await house.done()
            await house.agrees_with_the_model([*letters, *after])
            assert sum((await service.outcomes()).values()) == len(letters) + len(after)
