"""An assigned partition as the worker sees it, and what all of them come to in numbers."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from adapter.ingest.batch import Census
from adapter.ingest.partition import Partition
from adapter.ingest.portion import Portion
from adapter.ops.metrics import Metrics

Stage: TypeAlias = Literal["restoring", "running"]


@dataclass(slots=True)
class Slot:
    """The work, and the task that is opening it."""

    partition: Partition
    portion: Portion
    stage: Stage = "restoring"
    opening: asyncio.Task[None] | None = None
    restored: float = 0.0
    failures: int = 0


def measure(metrics: Metrics, slots: Iterable[Slot], end_of: Callable[[int], int | None]) -> None:
    """Set the gauges; called once a poll, costs a few microseconds a partition. `end_of` is the bus's end, if known."""
    slots = [*slots]
    for stage in ("restoring", "running"):
        metrics.partitions.labels(stage).set(sum(slot.stage == stage for slot in slots))
    restored = [slot.restored for slot in slots]
    metrics.restore_progress.set(sum(restored) / len(restored) if restored else 1.0)
    metrics.lag.clear()
    census = Census()
    for slot in slots:
        number = slot.partition.number
        if (end := end_of(number)) is not None:
            metrics.lag.labels(str(number)).set(max(end - slot.partition.next_offset, 0))
        census.add(slot.partition.census)
    metrics.persons.clear()
    metrics.records.clear()
    for unit, persons in census.persons.items():
        if persons > 0:
            name = "-".join(filter(None, unit))
            metrics.persons.labels(name).set(persons)
            metrics.records.labels(name).set(census.records[unit])
    metrics.sealed_persons.clear()
    # A key that holds nobody any more is still shown: its retirement waits for that.
    for key_id in {key_id for slot in slots for key_id in slot.partition.sealer.ids} | set(census.sealed):
        metrics.sealed_persons.labels(key_id).set(census.sealed[key_id])
