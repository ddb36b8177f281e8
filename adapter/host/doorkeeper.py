"""Stands at Kafka's doors: nothing starts before they are open, and while the service runs somebody looks at them.

What is wrong is said once, when it changes, and stands in a gauge as long as it lasts.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from adapter.kafka.certificates import ends
from adapter.kafka.problem import AccessError, Problem
from adapter.kafka.sikkerhet import Sikkerhet
from adapter.ops.metrics import Metrics

log = structlog.get_logger()

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
# A look costs a few round trips; access that is lost is noticed by what fails sooner than by this.
WATCH_SECONDS = 10.0

Look = Callable[[], Awaitable[Problem | None]]


class Doorkeeper:
    """`look` says what keeps us out, if anything does."""

    def __init__(self, look: Look, given: Sikkerhet, metrics: Metrics) -> None:
        self._look = look
        self._given = given
        self._metrics = metrics
        self.problem: Problem | None = None
        self.opened = False

    async def open(self, patience: float) -> None:
        """Return when all is open. Raises `AccessError` when it is not after `patience` seconds."""
        deadline = time.monotonic() + patience
        pause = FIRST_PAUSE_SECONDS
        while (problem := await self.once()) is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AccessError(problem)
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        self.opened = True

    async def watch(self) -> None:
        """Look again and again. Never ends."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self.once()

    async def once(self) -> Problem | None:
        """Look, tell and show what was seen."""
        problem = await self._look()
        self._tell(problem)
        self.problem = problem
        self._show()
        return problem

    def _tell(self, problem: Problem | None) -> None:
        before = self.problem.code if self.problem else None
        now = problem.code if problem else None
        if problem is not None and now != before:
            log.error("no access to Kafka", problem=now, why=problem.text)
        elif problem is None and before is not None:
            log.info("access to Kafka is back", problem=before)

    def _show(self) -> None:
        gauge = self._metrics.access_problem
        gauge.clear()
        if self.problem is not None:
            gauge.labels(self.problem.code).set(1)
        for kind, path in (("client", self._given.sertifikat_fil), ("ca", self._given.ca_fil)):
            if (end := ends(path)) is not None:
                self._metrics.certificate_expiry.labels(kind).set(end.timestamp())
