"""The ledger as it was last read: one reader at a time, and nobody waits for Kafka.

A page asks; when what is held has grown old, a reading begins beside it. The asker gives it a moment, since a reading
usually takes a few hundredths of a second, and then takes what there is. When nobody looks, nothing is read.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from aiokafka.errors import KafkaError
from msgspec import MsgspecError
from msgspec.structs import replace

from adapter.kafka.offsets import NoSuchTopicError
from adapter.report.clock import Clock
from adapter.report.ledger import Kjoring
from adapter.report.status.compose import Ledger
from adapter.report.status.status import Lesing

log = structlog.get_logger()

# Twenty screens that ask every ten seconds make one reading in five.
FRESH_SECONDS = 5.0
MOMENT_SECONDS = 0.5
# A reading that hangs is given up, so that another can be tried.
GIVE_UP_SECONDS = 30.0

Read = Callable[[], Awaitable[dict[str, Kjoring]]]


class LedgerView:
    """Holds the newest reading."""

    def __init__(self, read: Read, clock: Clock, fresh: float = FRESH_SECONDS, moment: float = MOMENT_SECONDS) -> None:
        self._read, self._clock = read, clock
        self._fresh, self._moment = fresh, moment
        self._held = Ledger()
        self._read_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def look(self) -> Ledger:
        """The runs as far as they are known, within a moment."""
        if self._reading is None and (self._read_at is None or time.monotonic() - self._read_at >= self._fresh):
            self._reading = asyncio.create_task(self._renew())
        if self._reading is not None:
            await asyncio.wait((self._reading,), timeout=self._moment)
        return self._held

    async def stop(self) -> None:
        """End a reading that is under way."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait((self._reading,))

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(GIVE_UP_SECONDS):
                runs = await self._read()
            self._held = Ledger(runs, Lesing(lest=self._clock()))
        except (KafkaError, OSError, MsgspecError, NoSuchTopicError) as error:
            if not self._held.lesing.feil:
                log.warning("the status page cannot read the ledger", error=type(error).__name__)
            self._held = self._held._replace(lesing=replace(self._held.lesing, feil=type(error).__name__))
        finally:
            self._read_at, self._reading = time.monotonic(), None
