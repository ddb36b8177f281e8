"""Topics as data, on a real broker: what is missing is made, what differs is set, what is not ours is left alone."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from adapter.kafka.topic_admin import TopicAdminError, apply, check
from adapter.kafka.topic_plan import Difference, TopicPlan, load
from adapter.settings.config import Kafka

pytestmark = pytest.mark.kafka

SHIPPED = load((Path(__file__).parents[2] / "topics" / "topics.toml").read_text("utf-8"))


@pytest.fixture
def access(kafka_bootstrap: str) -> Kafka:
    return Kafka(bootstrap=kafka_bootstrap)


@pytest.fixture
async def client(kafka_bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    yield admin
    await admin.close()


@pytest.fixture
async def plan(client: AIOKafkaAdminClient) -> AsyncIterator[TopicPlan]:
    """The shipped plan under names of this test; whatever of it is there afterwards goes."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    named = SHIPPED.named({role: f"{prefix}.{role}" for role in SHIPPED.topics})
    yield named
    there = set(await client.list_topics())
    if mine := [topic.name for topic in named.topics.values() if topic.name in there]:
        await client.delete_topics(mine)


def needed(differences: list[Difference]) -> list[tuple[str, str | None]]:
    """What must be put right; advice (a cluster of one broker, say) left out."""
    return [(one.code, one.role) for one in differences if not one.advice]


async def create(client: AIOKafkaAdminClient, name: str, partitions: int, config: dict[str, str] | None = None) -> None:
    answer = await client.create_topics([NewTopic(name, partitions, 1, topic_configs=config or {})])
    assert [error for _, error, *_ in answer.topic_errors] == [0]


async def setting(client: AIOKafkaAdminClient, topic: str, name: str) -> str:
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, {name: ""})
    (response,) = await client.describe_configs([resource])
    value: str = response.resources[0][4][0][1]
    return value


async def differing_settings(access: Kafka, plan: TopicPlan) -> set[str]:
    """Found in a moment: a broker learns of a changed setting a little after it was granted."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if found := {one.setting for one in await check(access, plan) if one.code == "config-differs"}:
            return found
        await asyncio.sleep(0.05)
    return set()


async def test_check_on_an_empty_cluster_names_every_topic_and_changes_nothing(access: Kafka, plan: TopicPlan) -> None:
    expected = [("topic-missing", role) for role in plan.topics]
    assert needed(await check(access, plan)) == expected
    assert needed(await check(access, plan)) == expected


async def test_apply_makes_our_topics_with_as_many_state_partitions_as_the_bus_has(
    access: Kafka, plan: TopicPlan, client: AIOKafkaAdminClient
) -> None:
    await create(client, plan.topics["buss"].name, partitions=5)
    applied = await apply(access, plan)
    assert needed(applied.left) == [("topic-missing", "kvittering")]
    assert {one.role for one in applied.done} == set(plan.topics) - {"buss", "kvittering"}
    described = await client.describe_topics([topic.name for topic in plan.topics.values()])
    partitions = {
        entry["topic"].split(".", 1)[1]: len(entry["partitions"]) for entry in described if not entry["error_code"]
    }
    assert partitions == dict.fromkeys(plan.topics.keys() - {"kvittering"}, 1) | {"buss": 5, "tilstand": 5}


async def test_without_the_bus_the_state_waits_for_it(access: Kafka, plan: TopicPlan) -> None:
    applied = await apply(access, plan)
    assert needed(applied.left) == [
        ("topic-missing", "buss"),
        ("topic-missing", "tilstand"),
        ("topic-missing", "kvittering"),
    ]


async def test_apply_twice_does_nothing_the_second_time(access: Kafka, plan: TopicPlan) -> None:
    everything = plan.owning(("buss", "transport"))
    first, second = await apply(access, everything), await apply(access, everything)
    assert len(first.done) == len(plan.topics)
    assert needed(first.left) == []
    assert (second.done, needed(second.left)) == ([], [])
    assert needed(await check(access, everything)) == []


async def test_a_changed_setting_is_found_and_set_back_and_other_settings_are_left(
    access: Kafka, plan: TopicPlan, client: AIOKafkaAdminClient
) -> None:
    everything, topic = plan.owning(("buss", "transport")), plan.topics["avvist"].name
    await apply(access, everything)
    mine = {"cleanup.policy": "compact", "retention.ms": "1000", "segment.ms": "123456789"}
    await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, mine)])
    assert {"cleanup.policy", "retention.ms"} <= await differing_settings(access, everything)

    applied = await apply(access, everything)
    assert needed(applied.left) == []
    assert await setting(client, topic, "cleanup.policy") == "delete"
    assert await setting(client, topic, "retention.ms") == "7776000000"
    assert await setting(client, topic, "segment.ms") == "123456789"


async def test_topics_of_other_owners_are_never_changed(
    access: Kafka, plan: TopicPlan, client: AIOKafkaAdminClient
) -> None:
    bus = plan.topics["buss"].name
    await create(client, bus, partitions=3, config={"retention.ms": "86400000"})
    applied = await apply(access, plan)
    advice = [one for one in applied.left if one.role == "buss"]
    assert {one.setting for one in advice} >= {"retention.ms"}
    assert all(one.advice and one.fix == "owner" for one in advice)
    assert await setting(client, bus, "retention.ms") == "86400000"


async def test_too_many_partitions_are_said_and_left(
    access: Kafka, plan: TopicPlan, client: AIOKafkaAdminClient
) -> None:
    everything = plan.owning(("buss", "transport"))
    await create(client, plan.topics["rapport"].name, partitions=3)
    applied = await apply(access, everything)
    assert needed(applied.left) == [("partitions-too-many", "rapport")]


async def test_a_name_kafka_does_not_allow_is_one_clear_error(access: Kafka, plan: TopicPlan) -> None:
    with pytest.raises(TopicAdminError, match="cannot be created"):
        await apply(access, plan.named({"rapport": f"{plan.topics['rapport'].name} med blanke"}))
