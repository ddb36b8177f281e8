"""Sealing anew goes on until all is done, some persons at a time, and does not run against what it cannot open."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from structlog.testing import capture_logs

from adapter.domain.tilstand import Tilstand
from adapter.ingest.batch import Census
from adapter.ingest.partition import Partition
from adapter.ingest.resealing import PERSONS, Resealing
from adapter.ingest.worker import Worker
from adapter.sealing import Keyring, Sealer, new_key_file
from tests.unit.pair import SEALER, ordinary

ROTATED = Sealer({"k2": bytes(32), "k1": bytes(range(32))}, pseudonym=bytes(range(32, 64)))


@dataclass
class FakePartition:
    """A partition without a topic: what is written is held."""

    states: dict[str, bytes]
    sealer: Sealer = ROTATED
    number: int = 0
    writes: list[int] = field(default_factory=list)

    @property
    def census(self) -> Census:
        census = Census()
        for state in self.states.values():
            census.count(Tilstand.decode(state), 1)
        return census

    async def reseal(self, states: Mapping[str, bytes]) -> None:
        self.writes.append(len(states))
        self.states.update(states)


@dataclass
class FakeWorker:
    """A worker that runs one partition and has no batches."""

    partition: FakePartition

    async def between_batches(self, work: Callable[[Partition], Awaitable[Collection[str]]]) -> None:
        assert await work(cast("Partition", self.partition)) == ()

    def use(self, sealer: Sealer) -> None:
        """The partition has the keys that the test gives it."""


async def rounds(partition: FakePartition, tmp_path: Path, number: int) -> Resealing:
    """So many times round, as `run` goes."""
    path = tmp_path / "keys.toml"
    path.write_text(new_key_file("any"))
    resealing = Resealing(cast("Worker", FakeWorker(partition)), Keyring(path))
    for _ in range(number):
        await resealing.once()
    return resealing


def keys_held(partition: FakePartition) -> dict[str, int]:
    return dict(+partition.census.sealed)


def persons(number: int) -> dict[str, bytes]:
    return dict(ordinary(serial) for serial in range(number))


@pytest.mark.parametrize("rest", [0, 7])
async def test_all_are_sealed_anew_a_bounded_number_in_a_transaction(rest: int, tmp_path: Path) -> None:
    number = 2 * PERSONS + rest
    partition = FakePartition(persons(number))
    with capture_logs() as logged:
        await rounds(partition, tmp_path, 6)
    assert partition.writes == [PERSONS, PERSONS, rest][: 3 if rest else 2]
    assert keys_held(partition) == {"k2": number}
    assert [(line["event"], line["persons"]) for line in logged] == [("persons sealed anew", number)]


async def test_nothing_is_written_where_nothing_is_sealed_with_a_replaced_key(tmp_path: Path) -> None:
    for sealer in (SEALER, Sealer({"k3": bytes(32)}, bytes(32))):
        partition = FakePartition(persons(3), sealer)
        await rounds(partition, tmp_path, 3)
        assert (partition.writes, keys_held(partition)) == ([], {"k1": 3})


async def test_who_cannot_be_opened_is_told_of_by_number_and_not_tried_without_end(tmp_path: Path) -> None:
    states = persons(5)
    states["pas-9999"] = states["pas-0000"]  # sealed to somebody else
    partition = FakePartition(states)
    with capture_logs() as logged:
        await rounds(partition, tmp_path, 20)
    assert partition.writes == [5]
    assert keys_held(partition) == {"k2": 5, "k1": 1}
    assert [(line["log_level"], line["persons"]) for line in logged] == [("info", 5), ("error", 1)]
    assert "pas-" not in str(logged)


async def test_other_keys_and_a_partition_opened_anew_are_looked_through_at_once(tmp_path: Path) -> None:
    partition = FakePartition(persons(2))
    resealing = await rounds(partition, tmp_path, 2)
    partition.sealer = Sealer({"k3": bytes([3]) * 32, "k2": bytes(32), "k1": bytes(range(32))}, bytes(range(32, 64)))
    await resealing.once()
    assert keys_held(partition) == {"k3": 2}
    partition.states = persons(2)
    await resealing.once()
    assert keys_held(partition) == {"k3": 2}
