"""Following the key file while the service runs: seal with the active key, and bring what others sealed under it.

Nothing of this is remembered. What is sealed with a replaced key is counted with the persons, found by looking through
the partition's states, and written in the partition's own transactions, some persons between two batches. A crash, a
rebalance or another key in the middle only change who goes on, and with what.

A key that waits in this process's file is left alone where somebody else has sealed with it: that process is ahead of
this one, and the two would otherwise seal the same persons back and forth.
"""

import asyncio
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from datetime import time as time_of_day
from itertools import islice

import structlog

from adapter.domain.tilstand import Tilstand
from adapter.ingest.partition import Partition
from adapter.ingest.worker import Worker
from adapter.ops.metrics import Metrics
from adapter.sealing import Keyring, SealBrokenError, Sealer

log = structlog.get_logger()

# Most persons in one transaction: 10 ms of work, less than a batch of ingest.
PERSONS = 250
# Most states looked through between two batches: a few milliseconds.
LOOKED_THROUGH = 10_000
# Of the time, as long as something is left.
SHARE = 0.1
LOOK_SECONDS = 1.0
# Until those that could not be sealed anew are tried again.
AGAIN_SECONDS = 600.0


class Resealing:
    """Runs beside the worker."""

    def __init__(self, worker: Worker, keys: Keyring) -> None:
        self._worker = worker
        self._keys = keys
        # By partition. Those of the round before are let go with the partitions that went: they hold all its states.
        self._searches: dict[int, _Search] = {}
        self._before: dict[int, _Search] = {}
        self._spent = 0.0

    async def run(self) -> None:
        """Look at the key file, seal some persons anew, for ever."""
        while True:
            # Not cancelled half way: the partition would have to be opened anew.
            await asyncio.shield(self.once())
            await asyncio.sleep(self._spent / SHARE if self._spent else LOOK_SECONDS)

    async def once(self) -> None:
        """One round over the partitions that run here."""
        self._worker.use(self._keys.look())
        self._before, self._searches, self._spent = self._searches, {}, 0.0
        await self._worker.between_batches(self._some)

    async def _some(self, partition: Partition) -> Collection[str]:
        """Seal some persons of this partition anew. Nobody's registrations change, so nobody is told of."""
        started = time.perf_counter()
        sealed = partition.census.sealed
        replaced = {key_id for key_id in sealed if sealed[key_id] and partition.sealer.has_replaced(key_id)}
        search = self._before.get(partition.number)
        if search is None or not search.is_of(partition):
            search = _Search(partition)
        self._searches[partition.number] = search
        if not replaced:
            search.end()
        elif time.monotonic() >= search.again:
            if found := search.some(replaced):
                await partition.reseal(found)
            self._spent += time.perf_counter() - started
        return ()


class _Search:
    """One walk after the other through the persons of a partition, with the keys there are now."""

    def __init__(self, partition: Partition) -> None:
        self.again = 0.0
        self._number = partition.number
        self._states = partition.states
        self._sealer = partition.sealer
        self._left: Iterator[str] | None = None
        self._found = self._broken = 0

    def is_of(self, partition: Partition) -> bool:
        """Whether neither the keys have changed nor the partition been opened anew."""
        return self._states is partition.states and self._sealer is partition.sealer

    def some(self, replaced: Collection[str]) -> dict[str, bytes]:
        """The next persons to write, and their states."""
        marks = [key_id.encode() for key_id in replaced]
        found: dict[str, bytes] = {}
        if self._left is None:
            self._left = iter([*self._states])
        looked, tried = 0, 0
        for key in islice(self._left, LOOKED_THROUGH):
            looked += 1
            state = self._states.get(key)
            # A key's id stands in the state as it is, so most need not be decoded.
            if state is None or not any(mark in state for mark in marks):
                continue
            tried += 1
            try:
                anew = resealed(key, state, self._sealer)
            except SealBrokenError:
                self._broken += 1
                continue
            if anew is not None:
                found[key] = anew
            if tried == PERSONS:
                break
        self._found += len(found)
        if looked < LOOKED_THROUGH and tried < PERSONS:
            self.end()
        return found

    def end(self) -> None:
        """The walk is over: whoever is left could not be opened."""
        if self._left is None:
            return
        log.info("persons sealed anew", partition=self._number, persons=self._found)
        if self._broken:
            log.error("identities cannot be opened and keep their seal", partition=self._number, persons=self._broken)
        self.again = time.monotonic() + AGAIN_SECONDS
        self._left = None
        self._found = self._broken = 0


def resealed(key: str, state: bytes, sealer: Sealer) -> bytes | None:
    """A person's state as the active key seals it; None when it is so already. Raises `SealBrokenError`."""
    tilstand = Tilstand.decode(state)
    return tilstand.encode() if tilstand.reseal(lambda ident: sealer.reseal_ident(ident, key)) else None


def show_keys(keys: Keyring, metrics: Metrics) -> None:
    """Set the gauges of the key file."""
    metrics.key_file_broken.set(bool(keys.trouble))
    metrics.key_active.clear()
    metrics.key_created.clear()
    for key in keys.file.nokler:
        metrics.key_active.labels(key.id).set(key is keys.file.active)
        if key.laget is not None:
            made = datetime.combine(key.laget, time_of_day(), UTC)
            metrics.key_created.labels(key.id).set(made.timestamp())
