"""A consumer group as its coordinator tells of it, and what the brokers remember of groups that are away."""

from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from adapter.kafka.asking import ask
from adapter.kafka.clients import Access


class Group(NamedTuple):
    """Kafka's word for its state (`Stable`, `Empty`, `Dead` for one that is not there), and how many are in it."""

    state: str
    members: int


async def group_of(access: Access, name: str) -> Group:
    """Raises what Kafka raises."""

    async def described(client: AIOKafkaAdminClient) -> Group:
        [answer] = await client.describe_consumer_groups([name])
        [(error, _, state, _, _, members, *_)] = answer.groups
        if error:
            raise for_code(error)(name)
        return Group(state, len(members))

    return await ask(access, described)


async def offsets_kept_minutes(access: Access) -> int:
    """`offsets.retention.minutes` of the broker that keeps them for the shortest time. Raises what Kafka raises."""

    async def kept(client: AIOKafkaAdminClient) -> int:
        brokers = [broker["node_id"] for broker in (await client.describe_cluster())["brokers"]]
        only = {"offsets.retention.minutes": None}
        wanted = [ConfigResource(ConfigResourceType.BROKER, str(broker), only) for broker in brokers]
        found = [resource for answer in await client.describe_configs(wanted) for resource in answer.resources]
        for error, *_ in found:
            if error:
                raise for_code(error)("offsets.retention.minutes")
        return min(int(entry[1]) for *_, entries in found for entry in entries)

    return await ask(access, kept)
