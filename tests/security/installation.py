"""An installation on a broker with every lock on: one configuration, and each command as the user whose task it is."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from adapter.kafka.clients import admin, plain_producer
from adapter.kafka.topic_acl import Grant, grants
from adapter.kafka.topic_plan import TopicPlan
from adapter.kafka.topic_plan import load as load_plan
from adapter.sealing import new_key_file
from adapter.settings.config import Config, load
from adapter.settings.example import example_text
from adapter.settings.tree import variable
from tests.integration.house import Service
from tests.security.stronghold import Stronghold

PROGRAM = str(Path(sys.executable).with_name("iplos-adapter"))
PLAN: TopicPlan = load_plan((Path(__file__).parents[2] / "topics" / "topics.toml").read_text("utf-8"))
# Of others, so theirs to create.
OTHERS = ("buss", "kvittering")
PARTITIONS = 2
ALREADY_THERE = 36
# Seconds; generous, since a machine may be busy with other things.
LIMIT = 90

T = TypeVar("T")


async def seen(ask: Callable[[], Awaitable[T]], good: Callable[[T], bool]) -> T:
    """Ask until the answer is good; AssertionError with the last answer when it is not in time."""
    deadline = time.monotonic() + LIMIT
    while not good(answer := await ask()):
        assert time.monotonic() < deadline, answer
        await asyncio.sleep(0.02)
    return answer


def as_environment(section: Mapping[str, object]) -> dict[str, str]:
    """The variables that say what a section `[kafka.sikkerhet]` does."""
    texts = {name: "true" if value is True else str(value) for name, value in section.items()}
    return {variable(f"kafka.sikkerhet.{name}"): text for name, text in texts.items()}


class Installation:
    """Topics and group of its own, by `name`; keys and configuration in `folder`."""

    def __init__(self, strong: Stronghold, folder: Path, name: str) -> None:
        self.strong, self.name, self.folder = strong, name, folder
        self.group = f"{name}-gruppe"
        self.file = folder / "config.toml"
        folder.mkdir(exist_ok=True)
        keys = folder / "keys.toml"
        keys.write_text(new_key_file("n1"))
        self.file.write_text(self._text(keys))
        self.topics = load(self.file, {}).topics
        self.plan = PLAN.named({role: getattr(self.topics, role) for role in self.topics.__struct_fields__})
        self.leader_topic = f"{self.group}.styring-__assignor-__leader"
        self._services: list[Service] = []

    def _text(self, keys: Path) -> str:
        _, _, municipality = example_text().partition("\n[[kommuner]]\n")
        topics = "\n".join(f'{role} = "{self.name}.{role}"' for role in Config().topics.__struct_fields__)
        return f"""nokkelfil = {json.dumps(str(keys))}
[kafka]
bootstrap = "{self.strong.door("login")}"
gruppe = "{self.group}"
sesjon_ms = 6000
transaksjon_ms = 10000
dor_sekunder = 0
[topics]
{topics}
[http]
port = 0
[kalender]
pa = false
takt_sekunder = 1
[mottaker]
navn = "Registeret"
orgnr = "123456785"
[[kommuner]]
{municipality}"""

    def environment(self, who: str) -> dict[str, str]:
        """What makes a process of ours log in as this user."""
        return as_environment(self.strong.login(who))

    def config(self, who: str) -> Config:
        """The configuration as this user's process has it."""
        return load(self.file, self.environment(who))

    def wanted(self) -> list[Grant]:
        """Every access of the plan, under this installation's names."""
        return list(grants(self.plan, self.group))

    def start(self, **environ: str) -> Service:
        """The service in a process of its own, as the adapter unless `environ` says how it gets in."""
        environ = environ if variable("kafka.sikkerhet.tls") in environ else {**self.environment("adapter"), **environ}
        log = self.folder / f"service-{len(self._services)}.log"
        service = Service((PROGRAM, "run"), self.file, log, environ)
        self._services.append(service)
        return service

    def end(self) -> None:
        for service in self._services:
            service.end()

    async def did(self, who: str, *arguments: str) -> str:
        """What a command of this user printed; it must have been carried out."""
        done = await self.cli(who, *arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    async def cli(self, who: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """One command as this user."""
        env = {**os.environ, **self.environment(who), "IPLOS_CONFIG": str(self.file), "COLUMNS": "200", **environ}
        return await asyncio.to_thread(
            subprocess.run, [PROGRAM, *arguments], env=env, capture_output=True, text=True, check=False, timeout=100
        )

    @asynccontextmanager
    async def caretaker(self) -> AsyncIterator[AIOKafkaAdminClient]:
        """The admin client of one who may do all."""
        client = admin(self.caretaking.kafka)
        await client.start()
        try:
            yield client
        finally:
            await client.close()

    @property
    def caretaking(self) -> Config:
        """The configuration of one who may do all."""
        return load(None, {"IPLOS_KAFKA__BOOTSTRAP": self.strong.caretaker})

    async def make(self, *roles: str) -> None:
        """Those of these topics that are not there."""
        parts = {"buss": PARTITIONS, "tilstand": PARTITIONS}
        await self._make({getattr(self.topics, role): parts.get(role, 1) for role in roles})

    async def fill(self, *roles: str) -> None:
        """A record in each partition of these topics, since only what is there can be denied."""
        producer = plain_producer(self.caretaking.kafka)
        await producer.start()
        try:
            for role in roles:
                topic = getattr(self.topics, role)
                for partition in await producer.partitions_for(topic):
                    await producer.send_and_wait(topic, b"{}", b"nokkel", partition=partition)
        finally:
            await producer.stop()

    async def make_leader_topic(self) -> None:
        """As faust would make it."""
        await self._make({self.leader_topic: 1})

    async def _make(self, wanted: Mapping[str, int]) -> None:
        async with self.caretaker() as client:
            there = await client.list_topics()
            missing = [NewTopic(name, partitions, 1) for name, partitions in wanted.items() if name not in there]
            if missing:
                answer = await client.create_topics(missing)
                assert {error for _, error, *_ in answer.topic_errors} <= {0, ALREADY_THERE}, answer
