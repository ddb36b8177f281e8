"""What all courses stand on: one broker, one key file, and topics that are gone afterwards."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka.errors import KafkaError

from adapter.ingest.partition import TopicNames
from adapter.kafka.clients import LARGEST_RECORD_BYTES
from adapter.kafka.offsets import NoSuchTopicError, end_offsets
from adapter.sandbox.topics import OwnTopics
from adapter.sealing import new_key_file
from adapter.settings.config import Topics
from tests.bench.contenders.job import Job
from tests.bench.sizes import Sizes

PARTITIONS = 4
_CONFIG = {"tilstand": {"cleanup.policy": "compact", "max.message.bytes": str(LARGEST_RECORD_BYTES)}}
_LIKE_THE_BUS = ("buss", "tilstand")
_OWN = "bench"
LOOKS = 150
BETWEEN_LOOKS_SECONDS = 0.2


@dataclass(slots=True)
class Ground:
    """Where the courses are laid out."""

    bootstrap: str
    folder: Path
    sizes: Sizes
    new_topic: OwnTopics
    say: Callable[[str], None]
    keys: Path = field(init=False)

    def __post_init__(self) -> None:
        self.keys = self.folder / "keys.toml"
        self.keys.write_text(new_key_file("n1"))

    async def topic(self, role: str) -> str:
        """A new topic of this role."""
        number = PARTITIONS if role in _LIKE_THE_BUS else 1
        topic = await self.new_topic(f"{role}-{uuid.uuid4().hex[:8]}", number, _CONFIG.get(role))
        await self._seen(topic)
        return topic

    async def _seen(self, topic: str) -> None:
        """Wait until the broker tells of it: it knows a topic some moments after it made it."""
        for _ in range(LOOKS):
            try:
                await end_offsets(self.job().config().kafka, topic)
            except (NoSuchTopicError, KafkaError):
                await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
            else:
                return
        raise TimeoutError(f"topic {topic} was made and cannot be seen")

    async def topics(self, *roles: str) -> dict[str, str]:
        """New topics by role; all roles when none is named."""
        return {role: await self.topic(role) for role in roles or Topics.__struct_fields__}

    def job(self, group: str = "", **told: object) -> Job:
        """What a contender is told; the group is a new one unless it is named."""
        return Job(
            bootstrap=self.bootstrap,
            group=group or f"{_OWN}-{uuid.uuid4().hex[:8]}",
            keys=str(self.keys),
            partitions=PARTITIONS,
            **{"folder": "", **told},  # type: ignore[arg-type]  # the fields of Job, by name
        )


def names(topics: dict[str, str]) -> TopicNames:
    """As ingest wants them."""
    return TopicNames(topics["buss"], topics["tilstand"], topics["avvist"])
