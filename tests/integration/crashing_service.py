"""The service, wired as ever, that kills itself with SIGKILL at one point of its order of durability.

`python crashing_service.py POINT`: at that point of opening, of the third batch that holds events, or of the first
time persons are sealed anew. Points are in README.md of adapter/ingest.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from aiokafka import AIOKafkaProducer

from adapter.host import app
from adapter.ingest.batch import Folded
from adapter.ingest.partition import Partition
from adapter.ingest.worker import Worker
from adapter.kafka import clients
from adapter.kafka.log_reader import Progress, Record
from adapter.ops import logs
from adapter.settings.config import load

BATCH = 3


class Crash:
    """Counts batches; ends the process when the point it was made for is reached."""

    point: ClassVar = ""
    batch: ClassVar = 0
    resealing: ClassVar = False

    @classmethod
    def opening(cls, point: str) -> None:
        if point == cls.point:
            os.kill(os.getpid(), signal.SIGKILL)

    @classmethod
    def working(cls, point: str) -> None:
        if cls.batch == BATCH:
            cls.opening(point)

    @classmethod
    def sealing(cls, point: str) -> None:
        if cls.resealing:
            cls.opening(point)


class CrashingProducer(clients.Producer):
    async def start(self) -> None:
        await super().start()
        Crash.opening("producer-fenced")

    async def begin_transaction(self) -> None:
        await super().begin_transaction()
        Crash.working("transaction-begun")
        Crash.sealing("resealing-begun")

    async def send_offsets_to_transaction(self, offsets: Any, group_id: str) -> None:
        await super().send_offsets_to_transaction(offsets, group_id)
        Crash.working("offset-sent")

    async def commit_transaction(self) -> None:
        commit = asyncio.ensure_future(super().commit_transaction())
        if Crash.point in ("commit-asked", "resealing-asked"):
            # Time enough to write the request to the socket; whether its answer is on the way is anybody's guess.
            await asyncio.wait((commit,), timeout=0.002)
            Crash.working("commit-asked")
            Crash.sealing("resealing-asked")
        await commit
        Crash.working("committed")
        Crash.sealing("resealing-committed")


class CrashingPartition(Partition):
    async def open(self, progress: Progress) -> None:
        await super().open(progress)
        Crash.opening("offset-known")

    async def _restore(self, progress: Progress) -> None:
        await super()._restore(progress)
        Crash.opening("state-restored")

    def fold(self, records: Sequence[Record]) -> Folded:
        if records:
            Crash.batch += 1
            Crash.working("polled")
        folded = super().fold(records)
        Crash.working("folded")
        return folded

    async def _send_states(self, producer: AIOKafkaProducer, states: Mapping[str, bytes | None]) -> Any:
        sent = await self._arrived(await super()._send_states(producer, states), "states-sent")
        if Crash.resealing and Crash.point == "resealing-sent":
            await asyncio.gather(*sent)
            Crash.sealing("resealing-sent")
        return sent

    async def _send_letters(self, producer: AIOKafkaProducer, folded: Folded, records: Sequence[Record]) -> Any:
        return await self._arrived(await super()._send_letters(producer, folded, records), "letters-sent")

    @staticmethod
    async def _arrived(deliveries: list[asyncio.Future[object]], point: str) -> list[asyncio.Future[object]]:
        if Crash.point == point:
            await asyncio.gather(*deliveries)
            Crash.working(point)
        return deliveries

    async def commit(self, folded: Folded, records: Sequence[Record], next_offset: int) -> None:
        await super().commit(folded, records, next_offset)
        Crash.working("memory-updated")

    async def reseal(self, states: Mapping[str, bytes]) -> None:
        Crash.resealing = True
        await super().reseal(states)
        Crash.sealing("resealed")
        Crash.resealing = False


class CrashingWorker(Worker):
    def _start(self, slot: Any, bus: Any) -> None:
        super()._start(slot, bus)
        Crash.opening("position-set")


def main() -> None:
    Crash.point = sys.argv[1]
    vars(clients).update(Producer=CrashingProducer)
    vars(app).update(Partition=CrashingPartition, Worker=CrashingWorker)
    logs.configure("INFO")
    app.run(load(Path(os.environ["IPLOS_CONFIG"])))


if __name__ == "__main__":
    main()
