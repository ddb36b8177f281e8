"""Processes that die, sleep, come and go, and a broker that restarts: nothing is lost, nothing happens twice."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiokafka.errors import ProducerFenced

from adapter.ingest.partition import Partition, TopicNames
from adapter.kafka.log_reader import Progress, Record
from adapter.sandbox import KafkaSandbox
from tests.integration.house import House, Service, events, wait_until

pytestmark = pytest.mark.kafka

# Small batches make a load long enough to be interrupted; short sessions make a dead member known soon.
SLOW = {"ingest": {"batch": 40, "vent_ms": 20}, "kafka": {"sesjon_ms": 1_500}}


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path, settings=SLOW) as house:
        yield house


async def works_on(service: Service, *partitions: int, within: float = 30) -> None:
    """Wait until the process has so many partitions (one of these numbers) and all of them run."""

    async def has() -> bool:
        stages = {labels["stage"]: value for labels, value in await service.samples("iplos_ingest_partitions")}
        return stages.get("restoring") == 0 and stages["running"] in partitions

    await wait_until(has, within, f"process {service.pid} works on {partitions} partitions")


async def test_a_process_killed_in_the_middle_of_a_load_loses_and_doubles_nothing(house: House) -> None:
    records = events(180)
    await house.produce(records)
    for share in (0.3, 0.7):
        service = house.start()
        await house.under_way(int(len(records) * share))
        await service.killed()
    assert sum((await house.committed()).values()) < len(records)
    last = await house.start().ready()
    await house.done()
    await house.agrees_with_the_model(records)
    assert 0 < sum((await last.outcomes()).values()) < len(records)


async def test_when_one_of_two_is_killed_the_other_takes_over(house: House) -> None:
    records = events(180)
    half = len(records) // 2
    one, other = house.start(), house.start()
    await asyncio.gather(one.ready(), other.ready())
    await asyncio.gather(works_on(one, 2), works_on(other, 2))
    await house.produce(records[:half])
    await house.under_way(half // 4)
    await one.killed()
    await house.produce(records[half:])
    await house.done()
    await house.agrees_with_the_model(records)
    await works_on(other, 4)


async def test_a_third_joins_and_leaves_under_load(house: House) -> None:
    records = events(300)
    third = len(records) // 3
    first, second = house.start(), house.start()
    await asyncio.gather(first.ready(), second.ready())
    await house.produce(records[:third])
    guest = await house.start().ready()
    await works_on(guest, 1, 2)
    await house.produce(records[third : 2 * third])
    await house.under_way(third + third // 4)
    assert await guest.stopped() == 0
    await house.produce(records[2 * third :])
    await house.done()
    await house.agrees_with_the_model(records)
    await asyncio.gather(works_on(first, 2), works_on(second, 2))
    # Nobody died, so nothing of what was counted is lost.
    counted = [sum((await one.outcomes()).values()) for one in (first, second)]
    assert third // 2 < sum(counted) <= len(records)
    assert await first.stopped() == 0
    assert await second.stopped() == 0


async def test_a_paused_owner_cannot_overwrite_state(house: House) -> None:
    records = events(180)
    half = len(records) // 2
    sleeper = await house.start().ready()
    await house.produce(records[:half])
    await house.under_way(half // 4)
    sleeper.signal(signal.SIGSTOP)
    other = await house.start().ready()
    await works_on(other, 4)
    await house.produce(records[half:])
    await house.done()
    before = await house.state()
    sleeper.signal(signal.SIGCONT)

    async def is_back() -> bool:
        return len(sleeper.said("partitions assigned")) > 1

    await wait_until(is_back, 20, "the group takes the sleeper back")
    await asyncio.gather(works_on(sleeper, 2), works_on(other, 2))
    await house.agrees_with_the_model(records)
    assert await house.state() == before
    # What it had polled before it slept it tried to write, and was fenced. If it fell asleep inside a transaction, the
    # time for that was over when it woke.
    errors = {line["error"] for line in sleeper.said("batch failed, partition opens anew")}
    assert errors <= {"ProducerFenced", "TimeoutError"}


@pytest.mark.parametrize(("persons", "letters"), [(0, 0), (3, 0), (20_000, 0), (3, 3), (20_000, 3)])
async def test_a_fenced_owner_is_refused_whatever_it_writes(house: House, persons: int, letters: int) -> None:
    """Nothing at all, some records, so many that the producer has died before the last are sent."""
    old, new = house.partition(0), house.partition(0)
    await old.open(lambda *_: None)
    await new.open(lambda *_: None)
    [state] = house.model(events(1)).states.values()
    records = [Record(house.bus, 0, offset, 0, b"p-1", b"{", ()) for offset in range(letters)]
    folded = replace(old.fold(records), states={f"p-{number}": state for number in range(persons)})
    with pytest.raises(ProducerFenced):
        await old.commit(folded, records, 7)
    assert not old.is_open
    await new.commit(replace(new.fold(()), states={"p-1": state}), (), 5)
    assert await house.state() == {"p-1": state}
    assert (await new.committed(), await house.letters()) == (5, [])
    await asyncio.gather(old.close(), new.close())


async def test_an_owner_that_slept_while_it_read_the_state_takes_nobody_s_work_for_a_loss(house: House) -> None:
    """Another one took over and wrote, so what the sleeper read is older than the commit it finds when it wakes."""
    states = house.model(events(1)).states
    new = house.partition(0)

    class Sleeper(Partition):
        async def _restore(self, progress: Progress) -> None:
            await super()._restore(progress)
            await new.open(lambda *_: None)
            await new.commit(replace(new.fold(()), states=states), (), 5)
            await wait_until(is_seen, 20, "the commit is seen")

    async def is_seen() -> bool:
        return await new.committed() == 5

    names = TopicNames(house.bus, house.state_topic, house.config.topics.avvist)
    sleeper = Sleeper(house.kafka, house.group, names, 0, house.reader)
    with pytest.raises(ProducerFenced):
        await sleeper.open(lambda *_: None)
    await sleeper.close()
    again = house.partition(0)
    await again.open(lambda *_: None)
    assert (again.states, again.next_offset) == (states, 5)
    await asyncio.gather(new.close(), again.close())


async def test_a_broker_that_was_away_is_waited_for(tmp_path: Path) -> None:
    """First for a moment, so that the open transactions go on; then for longer than a transaction may last."""
    records = events(150)
    third = len(records) // 3
    # Known as gone, and back, within seconds.
    quick = {"broker.session.timeout.ms": "1500", "broker.heartbeat.interval.ms": "300"}
    settings = {**SLOW, "kafka": {"sesjon_ms": 1_500, "transaksjon_ms": 3_000}}
    with KafkaSandbox.start(extra=quick) as kafka:
        [broker] = kafka.brokers
        async with House(kafka.bootstrap, tmp_path, settings=settings) as house:
            service = await house.start().ready()
            await house.produce(records[:third])
            await house.under_way(third // 4)
            broker.kill()
            broker.start()
            await house.answers()

            await house.produce(records[third : 2 * third])
            await house.under_way(third + third // 4)
            # The first outage may have left such a line too.
            before = len(service.said("partition cannot be opened yet"))
            broker.kill()

            async def has_given_up() -> bool:
                return len(service.said("partition cannot be opened yet")) > before

            await wait_until(has_given_up, 20, "an open transaction is given up")
            assert (await service.get("/health/live"))[0] == 200
            assert (await service.get("/health/ready"))[0] == 503
            broker.start()
            await house.answers()

            await house.produce(records[2 * third :])
            await house.done()
            await house.agrees_with_the_model(records)
            assert service.running
            await works_on(service, 4)


async def test_told_to_stop_while_the_brokers_are_gone_it_stops_all_the_same(tmp_path: Path) -> None:
    quick = {"broker.session.timeout.ms": "1500", "broker.heartbeat.interval.ms": "300"}
    with KafkaSandbox.start(extra=quick) as kafka:
        [broker] = kafka.brokers
        async with House(kafka.bootstrap, tmp_path, settings=SLOW) as house:
            service = await house.start().ready()
            broker.kill()

            async def has_noticed() -> bool:
                return "Connection refused" in service.log.read_text()

            await wait_until(has_noticed, 30, "the service misses its broker")
            # Ten seconds are the promise; faust by itself takes more than sixty.
            assert await service.stopped(within=40) == 0
            broker.start()
            await house.answers(within=90)
