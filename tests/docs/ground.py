"""The ground on which a document's commands are typed: a folder, a cluster's address, names nobody else there uses.

The commands are typed as they stand. What a reader would put in the place of a word is put there (fill.py), the
addresses are those of the suite's broker, and settings come from the environment, which wins over any file.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme
from msgspec.structs import replace

from adapter.demo.cluster import publish, remove_topics
from adapter.kafka.offsets import committed_offsets, end_offsets
from adapter.kafka.topic_admin import apply
from adapter.sandbox.ports import free_ports
from adapter.settings.config import Config, Topics, load
from adapter.settings.planned_topics import planned
from tests.docs.commands import PROJECT, Command
from tests.docs.fill import fill
from tests.docs.table import BEFORE, ENDS, GOES_ON, PRODUCES
from tests.integration.house import Service, events, wait_until

PERSONS = 40
# What a document shows of an installation as it comes out of the box.
BOOTSTRAP, BUS, PORT = "127.0.0.1:9092", Topics().buss, "8680"
CONFIG = "iplos-adapter.toml"
LIMIT = 300


class Ground:
    """`with Ground(folder, bootstrap) as ground: ground.type(command)`."""

    def __init__(self, folder: Path, bootstrap: str, persons: int = PERSONS) -> None:
        self.folder = folder
        self.persons = persons
        self.prefix = f"docs-{uuid.uuid4().hex[:8]}."
        self.topics = {role: f"{self.prefix}{role}" for role in Topics().__struct_fields__}
        (port,) = free_ports(1)
        self.places = {BOOTSTRAP: bootstrap, BUS: self.topics["buss"], PORT: str(port)}
        self.settings = {
            "IPLOS_KAFKA__BOOTSTRAP": bootstrap,
            "IPLOS_KAFKA__GRUPPE": f"{self.prefix}group",
            "IPLOS_HTTP__PORT": str(port),
            **{f"IPLOS_TOPICS__{role.upper()}": name for role, name in self.topics.items()},
        }
        self.environ = {name: value for name, value in os.environ.items() if not name.startswith("IPLOS_")}
        self.environ |= self.settings | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(PROJECT),
            "HOME": str(folder),
            "COLUMNS": "200",
            "NO_COLOR": "1",
        }
        self.service: Service | None = None
        self._typed: dict[str, str] = {}

    def __enter__(self) -> Self:
        shutil.copytree(PROJECT / "deploy", self.folder / "deploy")
        shutil.copytree(PROJECT / "deploy" / "prometheus", self.folder / "prometheus")
        shutil.copytree(PROJECT / "schemas", self.folder / "schemas")
        packs = shutil.copytree(PROJECT / "schemas", self.folder / "my-packs")
        (packs / "2021").rename(packs / "2022")
        pack = packs / "2022" / "pack.toml"
        a_year_on = (
            pack.read_text("utf-8").replace("\naar = 2021\n", "\naar = 2022\n").replace("= 2022-01-", "= 2023-01-")
        )
        pack.write_text(a_year_on, "utf-8")
        trustme.CA().cert_pem.write_to_path(str(self.folder / "certificate.pem"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.service:
            self.service.end()
            if error is not None:
                error.add_note(self.service.log.read_text(errors="replace")[-3000:])
        if (self.folder / CONFIG).exists():
            remove_topics(self.config, self.prefix)

    def others_topics(self) -> None:
        """Those of the plan that the bus and the transport have made, before anybody installs the adapter."""
        config = load(None, self.settings)
        plan = planned(config)
        theirs = {role for role, one in plan.topics.items() if one.owner != "adapter"}
        taken = plan.owning({"buss", "transport"}).topics
        asyncio.run(apply(config.kafka, replace(plan, topics={role: taken[role] for role in theirs})))

    @property
    def config(self) -> Config:
        return load(self.folder / CONFIG, self.settings)

    def save(self, files: Mapping[str, str]) -> None:
        """Files that a document has the text of."""
        for name, text in files.items():
            (self.folder / name).write_text(text, "utf-8")

    def type(self, command: Command) -> str:
        """Type it, once; what it printed. AssertionError with place and printout when it does not end as it should."""
        text = command.text
        if text in self._typed:
            return self._typed[text]
        for first in BEFORE.get(text, ()):
            self.type(Command(f"before {command.document}", command.line, first))
        if export := re.fullmatch(r"export (\w+)=(.*)", text):
            self.environ[export[1]] = export[2]
            self._typed[text] = ""
        elif text in GOES_ON:
            self._typed[text] = self._let_go_on(command)
        else:
            self._typed[text] = self._done(command)
        return self._typed[text]

    def _done(self, command: Command) -> str:
        typed = self._filled(command.text)
        ended = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", typed],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        wanted = next((one.code for one in ENDS if one.fits(command.document, command.text)), 0)
        printed = ended.stdout + ended.stderr
        assert "Traceback" not in printed, f"{command.where}\n{printed}"
        assert ended.returncode == wanted, f"{command.where}\nended with {ended.returncode}, not {wanted}:\n{printed}"
        if command.text.startswith(PRODUCES):
            asyncio.run(self._read_by_the_service())
        return ended.stdout

    async def _read_by_the_service(self) -> None:
        """What a person who reads on has waited for meanwhile: the group has committed the bus's end."""
        config = self.config
        bus = config.topics.buss

        async def read() -> bool:
            ends = await end_offsets(config.kafka, bus)
            return await committed_offsets(config.kafka, config.kafka.gruppe, bus, range(len(ends))) == ends

        await wait_until(read, LIMIT, "the service reads what was put on the bus")

    def _filled(self, text: str) -> str:
        """As a reader here types it: words in capitals filled in, and the addresses those of the suite's broker."""
        typed = fill(text, lambda asked: self.type(Command("ground", 0, asked)), lambda: self.config)
        for shown, real in self.places.items():
            typed = typed.replace(shown, real)
        return typed

    def _let_go_on(self, command: Command) -> str:
        """Start it and see it under way. The service stays; another one is stopped as one would, by Ctrl-C."""
        log = self.folder / f"goes-on-{len(self._typed)}.log"
        typed = f"cd '{self.folder}' && exec {self._filled(command.text)}"
        config = self.folder / CONFIG
        started = Service(("/bin/sh", "-c", typed), config, log, {**self.environ, "IPLOS_CONFIG": str(config)})
        try:
            if command.text == "iplos-adapter run":
                asyncio.run(started.ready(within=60))
                publish(self.config, events(self.persons))
                self.service = started
            else:
                asyncio.run(_stopped(started, GOES_ON[command.text]))
        except BaseException:
            started.end()
            raise
        return log.read_text("utf-8")


async def _stopped(started: Service, under_way: str) -> None:
    async def said() -> bool:
        assert started.running, started.log.read_text("utf-8")
        return bool(started.said(under_way))

    await wait_until(said, LIMIT, f"«{under_way}» in the log")
    started.signal(signal.SIGINT)
    assert await started.ended(within=60) == 0
