"""The state topic written and read back: who has which state now. What is no state of ours is refused.

Whatever lies there is either a person's state or proof that somebody else writes to the topic, and then nothing read
from it can be trusted to be whole.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

import msgspec
from aiokafka import AIOKafkaProducer

from adapter.domain.state_versions import UnknownStateVersionError
from adapter.domain.vouching import is_whole, vouched
from adapter.kafka.clients import Access
from adapter.kafka.log_reader import Record, read_to_end
from adapter.kafka.offsets import Committed, committed

Fault: TypeAlias = Literal["no-key", "key-not-utf8", "not-a-state", "newer-schema", "other-keys", "not-whole"]

# A commit may be seen some moments after the state that was written with it.
LOOKS = 25
BETWEEN_LOOKS_SECONDS = 0.2

UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, UnknownStateVersionError)


class StateUnreadableError(RuntimeError):
    """The state on its topic is not ours to go on from: a stable code, and a text that says why and what to do."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class PersonState(NamedTuple):
    """One record: the person's newest state so far, or None when the person is gone from the topic."""

    partition: int
    key: str
    state: bytes | None


class Page(NamedTuple):
    """Some records, and how far the reading has come: offsets done and offsets there were at the start."""

    persons: list[PersonState]
    done: int
    total: int


class Lacking(NamedTuple):
    """A partition that does not hold as many persons as the group's commit says."""

    partition: int
    persons: int
    vouched: int | None


class StateTopic(NamedTuple):
    """The topic, and the group whose commits on the bus vouch for it."""

    access: Access
    name: str
    bus: str
    group: str

    async def read(self, partitions: Sequence[int] | None = None) -> AsyncIterator[Page]:
        """Everything up to the end as it is now. Raises `StateUnreadableError` for a key that is no person's."""
        async for chunk in read_to_end(self.access, self.name, partitions):
            yield Page([self._person(record) for record in chunk.records], chunk.done, chunk.total)

    def _person(self, record: Record) -> PersonState:
        if not record.key:
            raise self.foreign("no-key", record.partition, "a record has no key")
        try:
            key = record.key.decode()
        except UnicodeDecodeError:
            raise self.foreign("key-not-utf8", record.partition, "a key is not UTF-8") from None
        return PersonState(record.partition, key, record.value or None)

    def misread(self, partition: int, error: Exception) -> StateUnreadableError:
        """What it means that decoding a state raised one of `UNDECODABLE`."""
        if isinstance(error, UnknownStateVersionError):
            return self.unusable("newer-schema", partition, f"{error}")
        return self.foreign("not-a-state", partition, f"a state cannot be read ({type(error).__name__})")

    async def committed(self, partitions: Sequence[int]) -> dict[int, Committed]:
        """For each partition where the group goes on, and what its commit says."""
        return await committed(self.access, self.group, self.bus, partitions)

    async def lacking(self, persons: Mapping[int, int], before: Mapping[int, Committed]) -> list[Lacking]:
        """The partitions of which neither was read what was vouched for before or is now, nor between the two."""
        found: list[Lacking] = []
        for look in range(LOOKS):
            after = await self.committed([*before])
            found = [
                Lacking(number, persons.get(number, 0), vouched(after[number].text))
                for number, commit in before.items()
                if not is_whole(persons.get(number, 0), vouched(commit.text), vouched(after[number].text))
            ]
            if not found:
                break
            if look + 1 < LOOKS:
                await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
        return found

    def unusable(self, fault: Fault, partition: int, why: str) -> StateUnreadableError:
        """The refusal, with where it is."""
        return StateUnreadableError(fault, f"topic {self.name}, partition {partition}: {why}")

    def foreign(self, fault: Fault, partition: int, what: str) -> StateUnreadableError:
        """The refusal of what is not ours."""
        return self.unusable(
            fault,
            partition,
            f"{what}. Something else has written to it. Stop that, give tilstand a new name in [topics], run "
            f"`iplos-adapter topics apply`, and have the bus read again from its start: {self.read_again}",
        )

    @property
    def read_again(self) -> str:
        """How the group is sent back to the start of the bus. Nothing is counted twice: state is a join."""
        return (
            "with every process of the service stopped, run `kafka-consumer-groups --bootstrap-server "
            f"{self.access.bootstrap} --group {self.group} --topic {self.bus} --reset-offsets --to-earliest --execute`"
        )


async def send_states(
    producer: AIOKafkaProducer, topic: str, partition: int, states: Mapping[str, bytes | None]
) -> list[asyncio.Future[object]]:
    """Persons' states (None: gone) to a partition. Whole batches at a time: nothing is awaited for each person."""
    deliveries: list[asyncio.Future[object]] = []
    batch = producer.create_batch()
    for key, state in states.items():
        name = key.encode()
        if batch.append(key=name, value=state, timestamp=None) is None:
            deliveries.append(await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
            batch.append(key=name, value=state, timestamp=None)
    if batch.record_count():
        deliveries.append(await producer.send_batch(batch, topic, partition=partition))
    return deliveries
