"""What faust supervises: each service starts one thing and stops it, and nothing more."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import faust
import mode
import structlog

from adapter.host.doorkeeper import Doorkeeper
from adapter.host.patient import PatientTransport
from adapter.ingest.resealing import Resealing
from adapter.ingest.worker import Worker
from adapter.kafka.sikkerhet import Sikkerhet
from adapter.ops.http import HttpSide
from adapter.report.live import LiveFindings
from adapter.report.status.board import Board

log = structlog.get_logger()

# How long the worker may take to finish the batch at hand; the process must be gone within ten seconds.
STOP_SECONDS = 8.0
# From being told to stop until the process is gone, whatever the clients still wait for.
GONE_SECONDS = 9.5


class IngestService(mode.Service):  # type: ignore[misc]  # mode has no types
    """Runs the worker; a worker that fails takes the process down, so that it is started anew by whoever watches it."""

    def __init__(self, worker: Worker, **settings: Any) -> None:
        super().__init__(**settings)
        self._worker = worker
        self._running: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        self._running = asyncio.create_task(self._worker.run())
        self._running.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("ingest ended", error=type(error).__name__, why=str(error) if _speaks(error) else "")
            self.add_future(self.crash(error))

    async def on_stop(self) -> None:
        self._worker.stop()
        if self._running is not None:
            await asyncio.wait((self._running,), timeout=STOP_SECONDS)
            self._running.cancel()


class _Beside(mode.Service):  # type: ignore[misc]  # mode has no types
    """Runs something beside ingest; if it fails the service goes on without it, and says so."""

    if_it_fails = ""

    def __init__(self, beside: LiveFindings | Resealing, **settings: Any) -> None:
        super().__init__(**settings)
        self._beside = beside
        self._running: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        self._running = asyncio.create_task(self._beside.run())
        self._running.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            log.error(self.if_it_fails, error=type(task.exception()).__name__)

    async def on_stop(self) -> None:
        if self._running is not None:
            self._running.cancel()


class LiveService(_Beside):
    """Keeps the open findings up to date."""

    if_it_fails = "live findings stopped"


class ResealingService(_Beside):
    """Follows the key file."""

    if_it_fails = "keys are no longer followed"


class DoorService(mode.Service):  # type: ignore[misc]  # mode has no types
    """Looks at Kafka's doors as long as the service runs."""

    def __init__(self, doors: Doorkeeper, **settings: Any) -> None:
        super().__init__(**settings)
        self._doors = doors

    async def on_start(self) -> None:
        self.add_future(self._doors.watch())


class BoardService(mode.Service):  # type: ignore[misc]  # mode has no types
    """Starts nothing: the status page reads when somebody looks. Ends a reading that is under way."""

    def __init__(self, board: Board, **settings: Any) -> None:
        super().__init__(**settings)
        self._board = board

    async def on_stop(self) -> None:
        await self._board.stop()


class HostApp(faust.App):  # type: ignore[misc]  # faust has no types
    """The faust app, with the HTTP side first and last, and Kafka's doors before all that needs them.

    A member that was killed keeps its place in the groups until its session has run out, and a new one waits for that:
    alive and not ready, and it must be able to say so. So it is while the doors are closed.
    """

    side: HttpSide
    sikkerhet: Sikkerhet
    # Returns when the service may start, or raises why it may not.
    entrance: Callable[[], Awaitable[None]]
    refusal: Exception | None = None
    make_own_topic: Callable[[], Awaitable[None]]
    has_started = False

    def _new_transport(self) -> PatientTransport:
        return PatientTransport(self.conf.broker_consumer, self)

    async def on_first_start(self) -> None:
        await self.side.start()
        log.info("listening", port=self.side.port)
        try:
            await self.entrance()
        except Exception as error:
            self.refusal = error
            # The host's own quiet way to end a start; an error would be shown with its trace.
            raise asyncio.CancelledError from error
        await self.make_own_topic()
        await super().on_first_start()

    async def on_started(self) -> None:
        self.has_started = True
        await super().on_started()

    async def on_stop(self) -> None:
        """Faust's own consumer waits a minute for a broker that is gone. Who told us to stop kills us before that."""
        ending = threading.Timer(GONE_SECONDS, self._be_gone)
        ending.daemon = True
        ending.start()
        await super().on_stop()

    def _be_gone(self) -> None:
        """What is to last is in Kafka, and the next owner aborts what is open: kill -9 is borne, too."""
        log.warning("stopped without leave: the brokers do not answer", seconds=GONE_SECONDS)
        os._exit(0 if self.has_started and self.crash_reason is None else 1)

    async def on_shutdown(self) -> None:
        await super().on_shutdown()
        await self.side.stop()


def bound(kind: type[Any], argument: object) -> type[Any]:
    """Faust makes its services itself, from a class; this is that class with its argument bound."""

    def __init__(self: Any, **settings: Any) -> None:  # noqa: N807
        kind.__init__(self, argument, **settings)

    return type(kind.__name__, (kind,), {"__init__": __init__})


def _speaks(error: BaseException) -> bool:
    """Whether an error's text is one of ours, written for a reader and free of data."""
    return type(error).__module__.startswith("adapter.")
