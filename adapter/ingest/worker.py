"""The worker: a member of the consumer group that opens its partitions, folds their batches and commits them.

Partitions that stay with this process through a rebalance stay open; whether their state still holds is seen by the
committed offset. A partition whose batch failed is closed and opened again.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError, KafkaTimeoutError, ProducerFenced, RequestTimedOutError

from adapter.ingest.partition import WRITE_ERRORS, Partition
from adapter.ingest.portion import Portion
from adapter.ingest.slot import Slot, measure
from adapter.kafka.clients import after_denial
from adapter.kafka.closed_door import is_denial
from adapter.kafka.log_reader import Record
from adapter.kafka.offsets import NoSuchTopicError
from adapter.ops.metrics import Metrics
from adapter.sealing import Sealer

log = structlog.get_logger()

RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 30.0
# A little more than a heartbeat at the default session timeout: by then the group has told a fenced owner whether the
# partition is still its own. Opening at once would only fence the new owner in turn. Who was paused in the middle of a
# transaction wakes up to its timeout, and is fenced without having heard of it.
FENCED_SECONDS = 5.0
# How long the loop waits for the consumer before it comes round to see whether it is to stop.
ROUND_SECONDS = 1.0
# The consumer may be looking for a coordinator that does not answer; the service's stop must not wait for that.
LEAVE_SECONDS = 3.0
# Partitions whose batches are polled together: while one's transaction is under way, the next one's events are folded.
# More would only hold more events in memory.
SIDE_BY_SIDE = 4
# A transaction that did not end in time: ours to give up, or a send of it that the client gave up before.
OUT_OF_TIME = (TimeoutError, KafkaTimeoutError, RequestTimedOutError)


@dataclass(frozen=True, slots=True)
class Pace:
    """How the worker reads: most events in a batch, and how long a poll waits for some."""

    batch: int
    wait_ms: int


class Watch(Protocol):
    """Whoever wants to follow the states of this process's partitions."""

    def opened(self, number: int, states: Mapping[str, bytes], /) -> None:
        """A partition is restored; `states` stays current until `closed`."""

    def changed(self, number: int, keys: Iterable[str], /) -> None:
        """These persons' states changed, durably."""

    def closed(self, number: int, /) -> None:
        """The partition is no longer this process's."""


class Worker(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Runs until `stop`. The consumer is made when the loop runs: aiokafka binds it to the loop it is made in."""

    def __init__(
        self,
        make_consumer: Callable[[], AIOKafkaConsumer],
        topic: str,
        make_partition: Callable[[int], Partition],
        pace: Pace,
        metrics: Metrics,
        watch: Watch,
    ) -> None:
        self._make_consumer = make_consumer
        self._consumer: AIOKafkaConsumer = None
        self._topic = topic
        self._make_partition = make_partition
        self._pace = pace
        self._portion = Portion(pace.batch, pace.batch)
        self._metrics = metrics
        self._watch = watch
        self._slots: dict[int, Slot] = {}
        self._stopping = asyncio.Event()
        self._turn = asyncio.Lock()
        self._joined = False
        self._failure: BaseException | None = None
        self._polling: asyncio.Task[dict[TopicPartition, list[Any]]] | None = None
        self.last_progress = time.monotonic()

    async def run(self) -> None:
        """Consume until stopped. Raises when something fails that opening a partition anew cannot mend."""
        self._consumer = self._make_consumer()
        try:
            await self._consumer.start()
            # The group would share out the partitions of a topic that is not there: none, and all would look well.
            if self._topic not in await self._consumer.topics():
                raise NoSuchTopicError(self._topic)
            self._consumer.subscribe([self._topic], listener=self)
            while not self._stopping.is_set():
                batches = await self._poll()
                self.last_progress = time.monotonic()
                if batches:
                    async with self._turn:
                        await self._work_all(batches)
                await self._commit_past_markers()
                self._metrics.bus_partitions.set(len(self._consumer.partitions_for_topic(self._topic) or ()))
                measure(self._metrics, self._slots.values(), self._end_of)
            if self._failure is not None:
                raise self._failure
        finally:
            self._stopping.set()
            await _cancel(self._polling)
            await self._close_all()
            await self._leave()

    async def _leave(self) -> None:
        """Leave the group, so that the others need not wait for the session to run out. Nothing depends on it."""
        leaving = asyncio.create_task(self._consumer.stop())
        await asyncio.wait((leaving,), timeout=LEAVE_SECONDS)
        if not leaving.done():
            leaving.cancel()
        elif (error := leaving.exception()) is not None:
            log.warning("left the group without a word", error=type(error).__name__)

    def stop(self) -> None:
        """Finish the batch at hand, then leave the group."""
        self._stopping.set()

    @property
    def ready(self) -> bool:
        """Joined the group and restored every partition it was given (which may be none)."""
        return (
            self._joined
            and not self._stopping.is_set()
            and all(slot.stage == "running" for slot in self._slots.values())
        )

    async def _poll(self) -> dict[TopicPartition, list[Any]]:
        """What has come; nothing after a while. While the group is shared out anew the consumer waits without end."""
        if self._polling is None:
            self._polling = asyncio.create_task(
                self._consumer.getmany(timeout_ms=self._pace.wait_ms, max_records=self._pace.batch * SIDE_BY_SIDE)
            )
        polling = self._polling
        await asyncio.wait((polling,), timeout=max(ROUND_SECONDS, self._pace.wait_ms / 1000))
        if not polling.done():
            return {}
        self._polling = None
        try:
            return polling.result()
        except KafkaError as error:
            if not is_denial(error):
                raise
            # The doorkeeper tells; until the access is back there is nothing to read.
            after_denial(self._consumer, error)
            await self._pause(RETRY_SECONDS)
            return {}

    async def _work_all(self, batches: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """The partitions' batches side by side. All come to an end before one that raised ends the worker."""
        ends = await asyncio.gather(*(self._work(*one) for one in batches.items()), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end

    async def _work(self, bus: TopicPartition, records: Sequence[Record]) -> None:
        """What was polled of one partition, batch after batch. What aiokafka gives has all that a `Record` has."""
        start = 0
        while start < len(records):
            slot = self._slots.get(bus.partition)
            if slot is None or slot.stage != "running":
                return
            # A poll that was under way during a rebalance may bring what has been done meanwhile.
            done = slot.partition.next_offset
            end = start + slot.portion.size
            batch = [one for one in records[start:end] if one.offset >= done]
            if batch:
                await self._commit(slot, bus, batch)
            start = end

    async def _commit(self, slot: Slot, bus: TopicPartition, records: Sequence[Record]) -> None:
        """One batch in one transaction, and what it came to in metrics; after a failure the partition opens anew."""
        started = time.perf_counter()
        folded = slot.partition.fold(records)
        try:
            await slot.partition.commit(folded, records, records[-1].offset + 1)
        except WRITE_ERRORS as error:
            self._failed(slot, bus, error, len(records))
            return
        took = time.perf_counter() - started
        slot.failures = 0
        slot.portion = slot.portion.after_commit(took / slot.partition.batch_seconds)
        self._metrics.batch_seconds.observe(took)
        self._metrics.last_batch.set_to_current_time()
        for tally, number in folded.tally.items():
            self._metrics.events.labels(*tally).inc(number)
        for repair, number in folded.repairs.items():
            self._metrics.repairs.labels(repair).inc(number)
        self._metrics.conflicts.inc(folded.conflicts)
        self._watch.changed(bus.partition, folded.states)

    def _failed(self, slot: Slot, bus: TopicPartition, error: BaseException, tried: int = 0) -> None:
        """Open anew: at once the first time, then with growing pauses, since the same batch may fail again for ever.

        What ran out of time with so many events is tried with half of them.
        """
        slot.failures += 1
        if tried > 1 and isinstance(error, OUT_OF_TIME):
            # The next batch is another one.
            slot.portion, slot.failures = slot.portion.after_timeout(tried), 1
        pause = RETRY_SECONDS * 2 ** (slot.failures - 2) if slot.failures > 1 else 0.0
        if isinstance(error, ProducerFenced | TimeoutError):
            pause = max(pause, FENCED_SECONDS)
        pause = min(pause, LONGEST_RETRY_SECONDS)
        self._metrics.batch_failures.inc()
        log.warning(
            "batch failed, partition opens anew",
            partition=bus.partition,
            error=type(error).__name__,
            events=tried,
            next_events=slot.portion.size,
            pause_seconds=pause,
        )
        self._open(slot, bus, pause)

    async def _commit_past_markers(self) -> None:
        """Where only transaction markers lie between the committed offset and the end, move the offset past them.

        Otherwise a report would wait for ever for events that are not there. All that was polled has been folded when
        this runs, so whatever the position is ahead by holds no event. A poll that is still under way may move the
        position at any time, so then this waits.
        """
        if self._polling is not None:
            return
        async with self._turn:
            for number, slot in self._slots.items():
                bus = TopicPartition(self._topic, number)
                if slot.stage != "running" or bus not in self._consumer.assignment():
                    continue
                end = self._consumer.last_stable_offset(bus)
                if end is None or end <= slot.partition.next_offset:
                    continue
                try:
                    position = await asyncio.wait_for(self._consumer.position(bus), ROUND_SECONDS)
                except (KafkaError, TimeoutError):
                    continue  # it is being looked up, or a rebalance is under way
                if position >= end:
                    try:
                        await slot.partition.commit(slot.partition.fold(()), (), position)
                    except WRITE_ERRORS as error:
                        self._failed(slot, bus, error)

    async def between_batches(self, work: Callable[[Partition], Awaitable[Collection[str]]]) -> None:
        """Let each partition that runs here do this while no batch is at work; it tells whose registrations changed."""
        for number, slot in list(self._slots.items()):
            async with self._turn:
                if slot.stage != "running" or self._slots.get(number) is not slot:
                    continue
                try:
                    changed = await work(slot.partition)
                except WRITE_ERRORS as error:
                    self._failed(slot, TopicPartition(self._topic, number), error)
                    continue
                if changed:
                    self._watch.changed(number, changed)

    def use(self, sealer: Sealer) -> None:
        """Seal and open with these keys from the next batch on."""
        for slot in self._slots.values():
            slot.partition.use(sealer)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Let the batch at hand finish; nothing is committed for these partitions after this returns."""
        async with self._turn:
            for bus in revoked:
                slot = self._slots.get(bus.partition)
                if slot is not None:
                    await _cancel(slot.opening)
                    slot.stage = "restoring"

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Open what came, close what went to others."""
        async with self._turn:
            if self._stopping.is_set():
                return
            numbers = {bus.partition for bus in assigned}
            gone = [self._slots.pop(number) for number in set(self._slots) - numbers]
            for bus in assigned:
                self._consumer.pause(bus)
                slot = self._slots.get(bus.partition)
                if slot is None:
                    slot = self._slots[bus.partition] = Slot(self._make_partition(bus.partition), self._portion)
                    self._open(slot, bus)
                else:
                    self._begin(slot, self._reopen(slot, bus))
            self._joined = True
            log.info("partitions assigned", partitions=sorted(numbers))
        for slot in gone:
            self._watch.closed(slot.partition.number)
        # The others wait for nothing of this; side by side, because no heartbeat is sent before this returns.
        await asyncio.gather(*(slot.partition.close() for slot in gone))

    def _open(self, slot: Slot, bus: TopicPartition, pause: float = 0.0) -> None:
        """Start opening; the partition is paused until it is done."""
        slot.stage, slot.restored = "restoring", 0.0
        with contextlib.suppress(Exception):  # not assigned any more: the next rebalance decides
            self._consumer.pause(bus)
        self._begin(slot, self._open_after(pause, slot, bus))

    async def _open_after(self, pause: float, slot: Slot, bus: TopicPartition) -> None:
        self._watch.closed(bus.partition)
        await slot.partition.close()
        await asyncio.sleep(pause)
        await self._keep_trying(lambda: self._open_once(slot, bus), bus)

    def _begin(self, slot: Slot, opening: Coroutine[Any, Any, None]) -> None:
        slot.opening = asyncio.create_task(opening)
        slot.opening.add_done_callback(self._opened)

    def _opened(self, task: asyncio.Task[None]) -> None:
        """An opening that failed for a reason no retry mends ends the worker, loudly."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = error
            self._stopping.set()

    async def _keep_trying(self, attempt: Callable[[], Awaitable[None]], bus: TopicPartition) -> None:
        said = ""
        while not self._stopping.is_set():
            try:
                await attempt()
            except (KafkaError, OSError) as error:
                if said != (said := type(error).__name__):
                    log.warning("partition cannot be opened yet", partition=bus.partition, error=said)
                await self._pause(RETRY_SECONDS)
            else:
                return

    async def _pause(self, seconds: float) -> None:
        """Wait, or until this worker is to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _open_once(self, slot: Slot, bus: TopicPartition) -> None:
        await slot.partition.close()
        started = time.perf_counter()

        def progress(done: int, total: int) -> None:
            slot.restored = done / total if total else 1.0
            self.last_progress = time.monotonic()

        await slot.partition.open(progress)
        took = time.perf_counter() - started
        self._metrics.restore_seconds.set(took)
        self._watch.opened(bus.partition, slot.partition.states)
        log.info(
            "partition restored", partition=bus.partition, persons=len(slot.partition.states), seconds=round(took, 3)
        )
        self._start(slot, bus)

    async def _reopen(self, slot: Slot, bus: TopicPartition) -> None:
        """The partition came back to us: if nobody moved the offset meanwhile, its state still holds."""
        with contextlib.suppress(KafkaError, OSError):
            if await slot.partition.committed() == slot.partition.next_offset and slot.partition.is_open:
                self._start(slot, bus)
                return
        self._open(slot, bus)

    def _start(self, slot: Slot, bus: TopicPartition) -> None:
        if bus in self._consumer.assignment():
            self._consumer.seek(bus, slot.partition.next_offset)
            self._consumer.resume(bus)
            slot.stage, slot.restored = "running", 1.0

    async def _close_all(self) -> None:
        async with self._turn:
            slots, self._slots = [*self._slots.values()], {}
        for slot in slots:
            await _cancel(slot.opening)
        await asyncio.gather(*(slot.partition.close() for slot in slots))

    def _end_of(self, number: int) -> int | None:
        """The end of the bus; between two assignments the consumer has the new one and the slots are the old ones."""
        bus = TopicPartition(self._topic, number)
        return self._consumer.highwater(bus) if bus in self._consumer.assignment() else None


async def _cancel(task: asyncio.Task[Any] | None) -> None:
    if task is not None and not task.done():
        task.cancel()
        await asyncio.wait((task,))
