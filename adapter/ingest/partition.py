"""One partition of the bus and its state: restore, fold, and the transaction that makes a batch true.

The order of durability, and what a crash between two steps does, stands in README.md beside this file. Whatever goes
wrong, there is one way back: close the partition and open it again. Opening fences whoever owned it before, reads the
state back, and goes on from the committed offset.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import structlog
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import IllegalOperation, KafkaError, ProducerFenced

from adapter.domain.closing import Pruned
from adapter.domain.tilstand import Tilstand
from adapter.domain.vouching import voucher
from adapter.ingest.batch import Census, Folded, fold_batch
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.dead_letter import HeaderList, seal_letter
from adapter.ingest.reading import Reader
from adapter.ingest.restore import census_of, check_whole, read_back
from adapter.kafka.clients import Access, cause_of_end, transactional_producer
from adapter.kafka.log_reader import Progress, Record
from adapter.kafka.offsets import committed_offsets, first_offset, partition_counts
from adapter.letters.letter import Origin
from adapter.sealing import Sealer
from adapter.state_topic import StateTopic, send_states

log = structlog.get_logger()

# Closing a producer may wait for a broker that is gone; the service's own stop must not.
CLOSE_SECONDS = 3.0
# Of the transaction's timeout. After it the broker aborts by itself; a producer would wait for a lost broker for ever.
GIVE_UP_AFTER = 0.75

# What a transaction that cannot be finished may raise. When the producer has been fenced between two calls, the second
# of them complains of its state, by an assertion or as an illegal operation, neither of which is a KafkaError.
WRITE_ERRORS = (KafkaError, OSError, IllegalOperation, AssertionError)

# Producers on their way out; the loop itself would forget a task that nobody holds.
_closing: set[asyncio.Task[None]] = set()


class TopicNames(NamedTuple):
    """The topics ingest uses."""

    buss: str
    tilstand: str
    avvist: str


class TopicsDoNotFitError(RuntimeError):
    """The topics cannot be used together; the text says which and why."""


class Partition:
    """The state of the persons of one bus partition, and the only one who may write it."""

    def __init__(self, access: Access, group: str, topics: TopicNames, number: int, reader: Reader) -> None:
        self.number = number
        self.states: dict[str, bytes] = {}
        self.census = Census()
        self.next_offset = 0
        self._access = access
        self._group = group
        self._topics = topics
        self._reader = reader
        self._bus = TopicPartition(topics.buss, number)
        self._state = StateTopic(access, topics.tilstand, topics.buss, group)
        self._producer: AIOKafkaProducer | None = None
        self._sound = False
        # After so long a transaction is given up.
        self.batch_seconds = access.transaksjon_ms / 1000 * GIVE_UP_AFTER

    async def open(self, progress: Progress) -> None:
        """Become the owner: fence the former one, read the state back, learn where to go on.

        Raises what Kafka raises, and `NoSuchTopicError`, `TopicsDoNotFitError` or `StateUnreadableError` for what
        trying again does not mend.
        """
        await self._check_topics()
        producer = transactional_producer(self._access, f"{self._group}.{self._topics.buss}.{self.number}")
        self._producer = producer
        await producer.start()
        before = (await self._state.committed([self.number]))[self.number]
        await self._restore(progress)
        commit = await check_whole(self._state, self.number, len(self.states), before)
        self.next_offset = max(commit.offset, 0)
        await self._look_for_a_gap()
        self._sound = True

    async def _check_topics(self) -> None:
        """A person's state lies in the partition with the number of the person's bus partition."""
        counts = await partition_counts(self._access, self._topics)
        bus, state = counts[self._topics.buss], counts[self._topics.tilstand]
        if bus != state:
            raise TopicsDoNotFitError(
                f"{self._topics.buss} has {bus} partitions and {self._topics.tilstand} has {state}: the state needs "
                "exactly as many as the bus; see `iplos-adapter topics check`"
            )

    async def _look_for_a_gap(self) -> None:
        """Events that the bus deleted while nobody read are lost; that must not pass in silence."""
        first = await first_offset(self._access, self._topics.buss, self.number)
        if 0 < self.next_offset < first:
            log.error(
                "events were deleted from the bus before they were read",
                partition=self.number,
                lost=first - self.next_offset,
            )

    def use(self, sealer: Sealer) -> None:
        """Seal and open with these keys from the next batch on."""
        if sealer is not self._reader.sealer:
            self._reader = replace(self._reader, sealer=sealer)

    @property
    def sealer(self) -> Sealer:
        """The keys that are used now."""
        return self._reader.sealer

    @property
    def is_open(self) -> bool:
        """Restored, and nothing has failed since: memory holds what the topic does, unless another owner came."""
        return self._sound

    async def committed(self) -> int:
        """The offset the group has committed for this partition."""
        offsets = await committed_offsets(self._access, self._group, self._topics.buss, [self.number])
        return offsets[self.number]

    async def _restore(self, progress: Progress) -> None:
        self.states, self.census = {}, Census()
        self.states = await read_back(self._state, self.number, progress)
        self.census = await census_of(self._state, self.number, self.states, self._reader.sealer)

    def fold(self, records: Sequence[Record]) -> Folded:
        """What a batch comes to. Nothing changes yet."""
        read = self._reader.read
        return fold_batch(self.states, ((raw.offset, read(raw)) for raw in records))

    async def commit(self, folded: Folded, records: Sequence[Record], next_offset: int) -> None:
        """Write the batch's states, dead letters and offset in one transaction; then, and only then, take it over.

        Raises one of `WRITE_ERRORS`. Afterwards this partition must be closed and opened anew: whether the
        transaction went through is then read from the log, not guessed.
        """
        async with self._transaction() as producer:
            deliveries = await self._send_states(producer, folded.states)
            deliveries += await self._send_letters(producer, folded, records)
            await asyncio.gather(*deliveries)
            await self._send_offset(producer, next_offset, folded.states)
        self.states.update(folded.states)
        self.census.add(folded.census)
        self.next_offset = next_offset
        self._sound = True

    @contextlib.asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AIOKafkaProducer]:
        """What is sent inside becomes true together. The partition is sound again when memory has taken it over.

        Nothing is aborted here: that, too, would wait for a broker that is gone. The next opening does it.
        """
        producer = self._producer
        if producer is None:
            raise RuntimeError(f"partition {self.number} is not open")
        self._sound = False
        try:
            async with asyncio.timeout(self.batch_seconds):
                await producer.begin_transaction()
                yield producer
                await producer.commit_transaction()
        except WRITE_ERRORS as error:
            cause = cause_of_end(producer)
            if cause is None:
                raise
            raise cause from error

    async def _send_states(
        self, producer: AIOKafkaProducer, states: Mapping[str, bytes | None]
    ) -> list[asyncio.Future[object]]:
        return await send_states(producer, self._topics.tilstand, self.number, states)

    async def _send_offset(
        self, producer: AIOKafkaProducer, next_offset: int, states: Mapping[str, bytes | None]
    ) -> None:
        """Where to go on, and the word of this commit for how many persons there are when `states` are written."""
        new = sum(key not in self.states for key in states)
        gone = sum(state is None for state in states.values())
        persons = len(self.states) + new - gone
        await producer.send_offsets_to_transaction({self._bus: (next_offset, voucher(persons))}, self._group)

    async def _send_letters(
        self, producer: AIOKafkaProducer, folded: Folded, records: Sequence[Record]
    ) -> list[asyncio.Future[object]]:
        """Broken events are few; each of their parts is sent by itself."""
        if not folded.parked:
            return []
        by_offset = {raw.offset: raw for raw in records}
        deliveries = []
        for offset, reading, parked in folded.parked:
            raw = by_offset[offset]
            origin = Origin(raw.topic, raw.partition, raw.offset, raw.timestamp)
            delivered = Delivered(raw.key, raw.value, raw.headers)
            headers: HeaderList
            for part, headers in seal_letter(origin, delivered, reading, parked, self._reader.sealer):
                deliveries.append(await producer.send(self._topics.avvist, part, headers=headers))
        return deliveries

    async def prune(self, pruned: Pruned, proof_topic: str, proof: tuple[bytes, bytes]) -> None:
        """Take out of the state what no open year needs, and write the proof of it, in one transaction."""
        async with self._transaction() as producer:
            await asyncio.gather(*await self._send_states(producer, pruned.states))
            await producer.send_and_wait(proof_topic, proof[1], key=proof[0])
            await self._send_offset(producer, self.next_offset, pruned.states)
        self._take_over(pruned.states)

    async def reseal(self, states: Mapping[str, bytes]) -> None:
        """Write the same persons as they are under another seal, in one transaction."""
        async with self._transaction() as producer:
            await asyncio.gather(*await self._send_states(producer, states))
        self._take_over(states)

    def _take_over(self, states: Mapping[str, bytes | None]) -> None:
        """Hold in memory what the topic holds now."""
        for key, state in states.items():
            self.census.count(Tilstand.decode(self.states[key]), -1)
            if state is None:
                del self.states[key]
            else:
                self.states[key] = state
                self.census.count(Tilstand.decode(state), 1)
        self._sound = True

    async def close(self) -> None:
        """Let go. An open transaction is left for the next owner to abort."""
        producer, self._producer, self._sound = self._producer, None, False
        self.states, self.census = {}, Census()
        if producer is not None:
            # Not cancelled when it takes long: its sender would stay for ever. So it ends when the broker is back.
            stopping = asyncio.create_task(_stop(producer, self.number))
            _closing.add(stopping)
            stopping.add_done_callback(_closing.discard)
            await asyncio.wait((stopping,), timeout=CLOSE_SECONDS)


async def _stop(producer: AIOKafkaProducer, number: int) -> None:
    with contextlib.suppress(Exception):  # what a producer that failed has to say is asked for below
        await producer.stop()
    if isinstance(cause_of_end(producer), ProducerFenced):
        log.info("partition had another owner, who fenced this one", partition=number)
