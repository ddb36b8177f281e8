"""`iplos-adapter dlq replay --really`, as ever, that kills itself with SIGKILL at one point of its order of durability.

`python crashing_replay.py POINT`. Points are in README.md of adapter/letters.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any, ClassVar

from adapter.cli.main import cli
from adapter.kafka import clients
from adapter.settings.config import load


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class CrashingProducer(clients.Producer):
    point: ClassVar = ""
    acknowledged: ClassVar[dict[str, str]] = {}

    async def start(self) -> None:
        await super().start()
        if self._txn_manager is not None and self.point == "fenced":
            die()

    async def send_and_wait(self, *arguments: Any, **named: Any) -> Any:
        answer = await super().send_and_wait(*arguments, **named)
        if self.point == "audited":
            die()
        return answer

    async def begin_transaction(self) -> None:
        await super().begin_transaction()
        if self.point == "begun":
            die()

    async def send(self, topic: str, *arguments: Any, **named: Any) -> Any:
        delivery = await super().send(topic, *arguments, **named)
        if self.acknowledged.get(topic) == self.point:
            await delivery
            die()
        return delivery

    async def commit_transaction(self) -> None:
        commit = asyncio.ensure_future(super().commit_transaction())
        if self.point == "commit-asked":
            # Time enough to write the request to the socket; whether its answer is on the way is anybody's guess.
            await asyncio.wait((commit,), timeout=0.002)
            die()
        await commit
        if self.point == "committed":
            die()


def main() -> None:
    topics = load(Path(os.environ["IPLOS_CONFIG"])).topics
    CrashingProducer.point = sys.argv[1]
    CrashingProducer.acknowledged = {topics.buss: "on-the-bus", topics.avvist: "marked"}
    vars(clients).update(Producer=CrashingProducer)
    cli(["dlq", "replay", "--also-broken", "--really"])


if __name__ == "__main__":
    main()
