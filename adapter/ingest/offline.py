"""Ingest without Kafka: delivered records in, state in memory out. The same pure code."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from adapter.ingest.batch import Folded, Tally, fold_batch
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.reading import Reader, Reading

# Persons are folded a batch at a time, as the service does it.
_BATCH = 10_000


class Hendelser(NamedTuple):
    """What became of the events, and the state they left."""

    antall: int
    tally: Counter[Tally]
    repairs: Counter[str]
    conflicts: int
    states: dict[str, bytes]

    def etter_utfall(self) -> dict[str, int]:
        """Events by outcome, with the code after a colon where there is one."""
        found: Counter[str] = Counter()
        for tally, number in self.tally.items():
            found[":".join(filter(None, (tally.outcome, tally.code)))] += number
        return dict(sorted(found.items()))


def fold_all(delivered: Iterable[Delivered], reader: Reader) -> Hendelser:
    """Fold every record, in the order they come."""
    result = Hendelser(0, Counter(), Counter(), 0, {})
    batch: list[tuple[int, Reading]] = []
    antall = conflicts = 0
    for offset, one in enumerate(delivered):
        batch.append((offset, reader.read(one)))
        antall += 1
        if len(batch) >= _BATCH:
            conflicts += _take(result, fold_batch(result.states, batch))
            batch.clear()
    conflicts += _take(result, fold_batch(result.states, batch))
    return result._replace(antall=antall, conflicts=conflicts)


def _take(result: Hendelser, folded: Folded) -> int:
    result.states.update(folded.states)
    result.tally.update(folded.tally)
    result.repairs.update(folded.repairs)
    return folded.conflicts
