"""Carry out one report command, and die by kill -9 at a named point: `crashing_report POINT COMMAND`.

`crashing_report POINT COMMAND pause` stops there instead (SIGSTOP), until somebody lets it go on.

The runner is the service's own. What is watched is the Kafka client: the point is a record that has just been
acknowledged, or a step of the transaction. An empty point lets the command run to its end.

| point | dies when |
|---|---|
| `kommando:STATUS:STEG`, `kjoring:STATUS:STEG` | the ledger holds a record of the command or run that says so |
| `ipl:N`, `ide:N` | the N'th part of the message is on its topic |
| `begin`, `commit` | the transaction of the emission has begun, or is committed |
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from adapter.ops import logs
from adapter.ops.metrics import Metrics
from adapter.report import ledger
from adapter.report.command import ReportCommand, decode
from adapter.report.runner import Runner
from adapter.sealing import Keyring
from adapter.settings.config import Config, load


def watch(point: str, config: Config, ending: signal.Signals) -> None:  # noqa: C901  # four small functions in one
    """From now on the client sends its own process this signal at the point."""

    def die() -> None:
        nonlocal point
        point = "once"
        os.kill(os.getpid(), ending)

    roles = {config.topics.transport_ipl: "ipl", config.topics.transport_ide: "ide"}
    parts: Counter[str] = Counter()
    send, begin, commit = (
        getattr(AIOKafkaProducer, name) for name in ("send", "begin_transaction", "commit_transaction")
    )

    def name_of(topic: str, value: bytes) -> str:
        if role := roles.get(topic):
            parts[role] += 1
            return f"{role}:{parts[role]}"
        record = ledger.decode(value)
        return f"{'kommando' if record.kjoring == record.kommando else 'kjoring'}:{record.status}:{record.steg}"

    def emits(producer: Any) -> bool:
        """The other one writes the ledger, a transaction for each record."""
        return ".rapport." in str(producer._txn_manager.transactional_id)

    async def watched_send(self: Any, topic: str, value: bytes, *rest: Any, **named: Any) -> Any:
        nonlocal point
        delivery = await send(self, topic, value, *rest, **named)
        if name_of(topic, value) == point:
            await delivery
            if emits(self):
                die()
            point = "when it is committed"
        return delivery

    async def watched_begin(self: Any) -> None:
        await begin(self)
        if point == "begin" and emits(self):
            die()

    async def watched_commit(self: Any) -> None:
        await commit(self)
        if point == "when it is committed" or (point == "commit" and emits(self)):
            die()

    AIOKafkaProducer.send = watched_send
    AIOKafkaProducer.begin_transaction = watched_begin
    AIOKafkaProducer.commit_transaction = watched_commit


def main(point: str, command: ReportCommand, ending: signal.Signals) -> None:
    logs.configure()
    config = load(Path(os.environ["IPLOS_CONFIG"]))
    watch(point, config, ending)
    asyncio.run(Runner(config, Keyring(Path(config.nokkelfil)), Metrics()).run(command))


if __name__ == "__main__":
    main(sys.argv[1], decode(sys.argv[2].encode()), signal.SIGSTOP if "pause" in sys.argv[3:] else signal.SIGKILL)
