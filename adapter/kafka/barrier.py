"""A barrier by offsets: wait until the state holds everything the bus held at a moment.

The state and the group's offset are committed in one transaction, so when the group has passed an offset, whoever
reads the state from then on reads all up to it, if they wait, as `log_reader` does, for the transactions that have
written to it: the offset may be seen some moments before the state can be read.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping

from adapter.kafka.clients import Access
from adapter.kafka.offsets import committed_offsets

POLL_SECONDS = 0.2


class BarrierTimeoutError(TimeoutError):
    """The state did not catch up in time; the text says how much is missing."""


async def wait_for(
    access: Access, group: str, topic: str, barrier: Mapping[int, int], within: float
) -> AsyncIterator[tuple[int, int]]:
    """Yields (events done, events to do) until they are equal. Raises `BarrierTimeoutError` after `within` seconds."""
    deadline = time.monotonic() + within
    first: dict[int, int] | None = None
    while True:
        now = await committed_offsets(access, group, topic, sorted(barrier))
        first = first or now
        to_do = sum(max(barrier[one] - first[one], 0) for one in barrier)
        left = sum(max(barrier[one] - now[one], 0) for one in barrier)
        yield to_do - left, to_do
        if not left:
            return
        if time.monotonic() > deadline:
            raise BarrierTimeoutError(f"{left} hendelser er ikke i tilstanden etter {within:.0f} sekunder")
        await asyncio.sleep(POLL_SECONDS)
