"""Topics of one's own: names nobody else uses, on whatever cluster, gone afterwards."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from adapter.sandbox.error import SandboxError

AS_THE_CLUSTER_SAYS = -1
KNOWN_SECONDS = 60.0
LOOK_SECONDS = 0.02


class OwnTopics:
    """`async with OwnTopics(bootstrap, prefix) as new_topic: name = await new_topic("inn", partitions=4)`"""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self._bootstrap = bootstrap
        self._prefix = prefix
        self._made: list[str] = []

    async def __call__(self, name: str, partitions: int = 1, config: Mapping[str, str] | None = None) -> str:
        """The full name of a new topic. `config` are topic properties, such as {"cleanup.policy": "compact"}."""
        topic = f"{self._prefix}.{name}"
        # The empty assignment satisfies a check in the client, which knows no "as many copies as the cluster says".
        wanted = NewTopic(
            topic, partitions, AS_THE_CLUSTER_SAYS, replica_assignments={}, topic_configs=dict(config or {})
        )
        answer = await self._admin.create_topics([wanted])
        for refused, code, message in answer.topic_errors:
            if code != 0:
                raise SandboxError(f"Kafka at {self._bootstrap} refused the topic {refused}: {message} (code {code}).")
        self._made.append(topic)
        await self._until_known(topic)
        return topic

    async def _until_known(self, topic: str) -> None:
        """A topic that was just made is unknown to its broker for a moment; on a busy machine that may be a second."""
        async with asyncio.timeout(KNOWN_SECONDS):
            while True:
                [described] = await self._admin.describe_topics([topic])
                if described["error_code"] == 0 and all(not one["error_code"] for one in described["partitions"]):
                    return
                await asyncio.sleep(LOOK_SECONDS)

    async def __aenter__(self) -> Self:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap)
        await self._admin.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._made:
                await self._admin.delete_topics(self._made)
        finally:
            await self._admin.close()
