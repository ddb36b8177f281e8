"""In a cluster of three the service bears the loss of any one, and nothing of it stands on a single broker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapter.domain.enhet import Enhet
from adapter.kafka.clients import admin
from adapter.kafka.offsets import committed_offsets, end_offsets
from adapter.sandbox import KafkaSandbox
from tests.integration.house import House
from tests.integration.reports import command_for, ended, give

# Three brokers on a busy machine.
pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]

# A broker that is gone is known as gone within seconds; long enough for a process to start and still be sent to it.
QUICK = {"broker.session.timeout.ms": "6000", "broker.heartbeat.interval.ms": "500"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[KafkaSandbox]:
    with KafkaSandbox.start(brokers=3, extra=QUICK) as kafka:
        yield kafka


async def partition(house: House, topic: str) -> dict[str, Any]:
    """The topic's only partition, as the cluster describes it."""
    client = admin(house.kafka)
    await client.start()
    try:
        [described] = await client.describe_topics([topic])
    finally:
        await client.close()
    [only] = described["partitions"]
    return dict(only)


async def test_commands_are_carried_out_when_the_broker_that_led_the_choice_of_leader_is_gone(
    cluster: KafkaSandbox, tmp_path: Path
) -> None:
    async with House(cluster.bootstrap, tmp_path) as house:
        await house.start().ready(within=60)
        choice = await partition(house, f"{house.group}.styring-__assignor-__leader")
        assert len(choice["replicas"]) == 3
        broker = cluster.brokers[choice["leader"] - 1]
        broker.kill()
        first, second = [await command_for(house, Enhet(number)) for number in ("5001", "0301")]
        await give(house, first, second)
        assert {(await ended(house, one, within=90)).status for one in (first, second)} == {"nektet"}
        broker.start()
        cluster.wait_until_ready(within=60)


async def test_whoever_asks_the_cluster_is_answered_whichever_broker_is_gone(
    cluster: KafkaSandbox, tmp_path: Path
) -> None:
    async with House(cluster.bootstrap, tmp_path, partitions=3) as house:
        for broker in cluster.brokers:
            broker.kill()
            for _ in range(10):
                assert await end_offsets(house.kafka, house.bus) == {0: 0, 1: 0, 2: 0}
                assert await committed_offsets(house.kafka, house.group, house.bus, [0, 2]) == {0: 0, 2: 0}
            broker.start()
            cluster.wait_until_ready(within=60)


async def test_a_process_starts_while_a_broker_is_gone_whichever_it_is(cluster: KafkaSandbox, tmp_path: Path) -> None:
    async with House(cluster.bootstrap, tmp_path) as house:
        await house.start().ready(within=90)
        for broker in cluster.brokers:
            broker.kill()
            service = await house.start().ready(within=90)
            broker.start()
            cluster.wait_until_ready(within=90)
            assert await service.stopped(within=40) == 0
