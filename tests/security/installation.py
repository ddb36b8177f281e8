"""An installation on a broker with every lock on: one configuration, and each command as the user whose task it is."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from aiokafka.admin import NewTopic

import adapter
from adapter.config import Config, load
from adapter.kafka.clients import admin
from adapter.kafka.topic_acl import Grant, grants
from adapter.kafka.topic_plan import TopicPlan
from adapter.kafka.topic_plan import load as load_plan
from adapter.sealing import new_key_file
from adapter.settings_tree import variable
from tests.integration.house import HOST, Service
from tests.security.stronghold import Stronghold

PROGRAM = str(Path(sys.executable).with_name("iplos-adapter"))
PLAN: TopicPlan = load_plan((Path(__file__).parents[2] / "topics" / "topics.toml").read_text("utf-8"))
# Of others, so theirs to create.
OTHERS = ("buss", "kvittering")
PARTITIONS = 2


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
        self._services: list[Service] = []

    def _text(self, keys: Path) -> str:
        _, _, municipality = Path(adapter.__file__).with_name("eksempel.toml").read_text().partition("\n[[kommuner]]\n")
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

    def environment(self, who: str, **more: object) -> dict[str, str]:
        """What makes a process of ours log in as this user; `more` are further settings of `[kafka.sikkerhet]`."""
        section = self.strong.login(who) | more
        return {variable(f"kafka.sikkerhet.{name}"): str(value).lower() if value is True else str(value)
                for name, value in section.items()}  # fmt: skip

    def config(self, who: str) -> Config:
        """The configuration as this user's process has it."""
        return load(self.file, self.environment(who))

    def wanted(self) -> list[Grant]:
        """Every access of the plan, under this installation's names."""
        return list(grants(self.plan, self.group))

    def start(self, who: str = "adapter", environ: Mapping[str, str] | None = None) -> Service:
        """The service in a process of its own."""
        environ = {**self.environment(who), **HOST, **(environ or {})}
        log = self.folder / f"service-{len(self._services)}.log"
        service = Service((PROGRAM, "run"), self.file, log, environ)
        self._services.append(service)
        return service

    def end(self) -> None:
        for service in self._services:
            service.end()

    async def cli(self, who: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """One command as this user."""
        env = {**os.environ, **self.environment(who), "IPLOS_CONFIG": str(self.file), "COLUMNS": "200", **environ}
        return await asyncio.to_thread(
            subprocess.run, [PROGRAM, *arguments], env=env, capture_output=True, text=True, check=False, timeout=100
        )

    async def make(self, *roles: str) -> None:
        """Topics, by the caretaker."""
        client = admin(load(None, {"IPLOS_KAFKA__BOOTSTRAP": self.strong.caretaker}).kafka)
        await client.start()
        try:
            new = [
                NewTopic(getattr(self.topics, role), PARTITIONS if role in {"buss", "tilstand"} else 1, 1)
                for role in roles
            ]
            answer = await client.create_topics(new)
            assert not any(error for _, error, *_ in answer.topic_errors), answer
        finally:
            await client.close()
