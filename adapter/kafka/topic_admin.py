"""The topics of a cluster: look, and put right what the plan has as ours. `topic_plan` is the judge.

Accesses (ACLs) are not handled here; see `topic_acl`.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAuthorizationFailedError

from adapter.kafka.clients import Access, admin
from adapter.kafka.topic_plan import (
    Actual,
    ActualTopic,
    Difference,
    TopicPlan,
    difference,
    wanted_partitions,
)

# The brokers learn of a change some moments after it was granted; longer means something is wrong.
SETTLED_WITHIN_SECONDS = 15.0

_ALREADY_THERE = 36
# Where a setting's value comes from, as DescribeConfigs tells it: 1 is the topic itself.
_SET_ON_THE_TOPIC = 1


class TopicAdminError(RuntimeError):
    """The cluster refused; the text says which topic, and why."""


@dataclass(frozen=True, slots=True)
class AppliedPlan:
    """What was put right, and what still differs."""

    done: list[Difference]
    left: list[Difference]


async def check(access: Access, plan: TopicPlan) -> list[Difference]:
    """How the cluster differs from the plan. Raises what Kafka raises when it cannot be reached."""
    client = admin(access)
    await client.start()
    try:
        return difference(plan, await _describe(client, plan))
    finally:
        await client.close()


async def apply(access: Access, plan: TopicPlan) -> AppliedPlan:
    """Create what is missing and set what differs, where the plan has the adapter as owner. May be repeated."""
    client = admin(access)
    await client.start()
    try:
        actual = await _describe(client, plan)
        found = difference(plan, actual)
        todo = [one for one in found if one.fix == "apply"]
        missing = [one for one in todo if one.code == "topic-missing"]
        await _create(client, plan, actual, missing)
        differing = {one.topic for one in todo if one.code == "config-differs"}
        for topic in plan.for_cluster(actual.brokers).topics.values():
            if topic.name in differing:
                await _set(client, topic.name, topic.config)
        return AppliedPlan(done=todo, left=await _settled(client, plan))
    finally:
        await client.close()


async def largest_record(access: Access, topic: str) -> int:
    """How many bytes a record of this topic may have, as it lies there. Raises `TopicAdminError`."""
    client = admin(access)
    await client.start()
    try:
        return int((await _settings(client, [topic]))[topic]["max.message.bytes"][0])
    finally:
        await client.close()


async def brokers_of(access: Access) -> int:
    """How many brokers the cluster has. Raises what Kafka raises."""
    client = admin(access)
    await client.start()
    try:
        return len((await client.describe_cluster())["brokers"])
    finally:
        await client.close()


async def _settled(client: AIOKafkaAdminClient, plan: TopicPlan) -> list[Difference]:
    """What still differs when nothing of ours does any more, or when it has been waited for long enough."""
    deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
    while True:
        left = difference(plan, await _describe(client, plan))
        if not any(one.fix == "apply" for one in left) or time.monotonic() > deadline:
            return left
        await asyncio.sleep(0.1)


async def _describe(client: AIOKafkaAdminClient, plan: TopicPlan) -> Actual:
    brokers = len((await client.describe_cluster())["brokers"])
    wanted = [topic.name for topic in plan.topics.values()]
    there = {}
    for entry in await client.describe_topics(wanted):
        # A topic we may not see is no topic that is missing.
        if entry["error_code"] == TopicAuthorizationFailedError.errno:
            raise TopicAuthorizationFailedError(entry["topic"])
        if not entry["error_code"]:
            there[entry["topic"]] = entry
    settings = await _settings(client, there)
    return Actual(
        brokers,
        {
            name: ActualTopic(
                partitions=len(entry["partitions"]),
                replication=min((len(one["replicas"]) for one in entry["partitions"]), default=0),
                config={setting: value for setting, (value, _) in settings[name].items()},
            )
            for name, entry in there.items()
        },
    )


async def _settings(client: AIOKafkaAdminClient, names: Iterable[str]) -> dict[str, dict[str, tuple[str, int]]]:
    """For each topic its settings: the value, and where it comes from."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    if not resources:
        return {}
    found = {}
    for response in await client.describe_configs(resources):
        for error, message, _, name, entries in response.resources:
            if error:
                raise TopicAdminError(f"{name}: settings cannot be read: {message or error}")
            found[name] = {entry[0]: (entry[1] or "", entry[3]) for entry in entries}
    return found


async def _create(client: AIOKafkaAdminClient, plan: TopicPlan, actual: Actual, missing: Iterable[Difference]) -> None:
    fitted = plan.for_cluster(actual.brokers)
    new = [
        NewTopic(
            name=one.topic,
            num_partitions=wanted_partitions(fitted, one.role, actual),
            replication_factor=fitted.topics[one.role].replication,
            topic_configs=fitted.topics[one.role].config,
        )
        for one in missing
        if one.role is not None
    ]
    if not new:
        return
    answer = await client.create_topics(new)
    for name, error, *message in answer.topic_errors:
        if error not in {0, _ALREADY_THERE}:
            raise TopicAdminError(f"{name}: cannot be created: {message[0] if message and message[0] else error}")


async def _set(client: AIOKafkaAdminClient, name: str, config: dict[str, str]) -> None:
    # This request replaces all that is set on the topic, so what others have set there goes along.
    kept = {
        setting: value
        for setting, (value, source) in (await _settings(client, [name]))[name].items()
        if source == _SET_ON_THE_TOPIC
    }
    resource = ConfigResource(ConfigResourceType.TOPIC, name, kept | config)
    for response in await client.alter_configs([resource]):
        for error, message, *_ in response.resources:
            if error:
                raise TopicAdminError(f"{name}: settings cannot be changed: {message or error}")
