"""Writes runs to the ledger, and shows the stage a report is in."""

import time
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaProducer
from msgspec.structs import replace

from adapter.kafka.clients import transaction, transactional_producer
from adapter.ops.metrics import Metrics
from adapter.report.ledger import Kjoring, Stage, Status, encode
from adapter.settings.config import Config

STAGES: tuple[Stage, ...] = ("venter", "leser", "bygger", "sender")
# How often progress is written: each time is a record on a topic, and nobody reads faster.
PROGRESS_SECONDS = 0.5


class LedgerWriter:
    """For the duration of one command. Whoever begins to carry out a command fences whoever did so before.

    A process that was paused and wakes up can then not write what was true when it fell asleep.
    """

    def __init__(self, config: Config, metrics: Metrics) -> None:
        self._config = config
        self._topic = config.topics.rapport
        self._metrics = metrics
        self._producer: AIOKafkaProducer | None = None
        self._last_progress = 0.0

    async def __aenter__(self) -> Self:
        self._producer = transactional_producer(self._config.kafka, f"{self._config.kafka.gruppe}.kommando")
        await self._producer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.show("")
        if self._producer is not None:
            await self._producer.stop()

    async def tell(self, kjoring: Kjoring, status: Status, stage: Stage) -> Kjoring:
        """Write the run with this status; returns it as written."""
        if self._producer is None:
            raise RuntimeError("the ledger is not open for writing")
        self.show(stage)
        written = replace(kjoring, status=status, steg=stage)
        async with transaction(self._producer):
            await self._producer.send_and_wait(self._topic, encode(written), key=written.kjoring.encode())
        return written

    async def progress(self, kjoring: Kjoring, stage: Stage, done: int, total: int) -> Kjoring:
        """Write how far a stage has come, unless that was done a moment ago."""
        now = time.monotonic()
        if stage == kjoring.steg and now - self._last_progress < PROGRESS_SECONDS:
            return kjoring
        self._last_progress = now
        return await self.tell(replace(kjoring, steg_ferdig=done, steg_av=total), kjoring.status, stage)

    def show(self, current: Stage) -> None:
        """Set the gauge of stages."""
        for stage in STAGES:
            self._metrics.report_stage.labels(stage).set(stage == current)
