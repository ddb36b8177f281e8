"""What the adapter would do with events, one after the other: the service's own code, without Kafka. Pure."""

from collections import Counter
from typing import NamedTuple

from adapter.ingest.batch import fold_batch
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.normalise import Repair
from adapter.ingest.reading import Reader
from adapter.ingest.remedies import PARKED, REPAIRED, SKIPPED

_REMEDIES: dict[str, str] = dict([*PARKED.items(), *SKIPPED.items()])


class Foreseen(NamedTuple):
    """One event: its outcome with code and field, what was put right, and what to do. Nothing that is in it."""

    type: str
    outcome: str
    code: str = ""
    field: str = ""
    repairs: tuple[Repair, ...] = ()
    conflict: bool = False

    @property
    def todo(self) -> list[str]:
        """For whoever sends such events; empty where all is well."""
        found = _REMEDIES.get(self.code)
        return [*([found] if found else []), *(REPAIRED[one] for one in dict.fromkeys(self.repairs))]


class Foresight:
    """Holds the state that the events so far come to, as the service would."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._states: dict[str, bytes] = {}
        self.outcomes: Counter[str] = Counter()
        self.repairs: Counter[str] = Counter()

    def of(self, delivered: Delivered) -> Foreseen:
        """What becomes of the next event."""
        reading = self._reader.read(delivered)
        folded = fold_batch(self._states, [(0, reading)])
        self._states.update(folded.states)
        [tally] = folded.tally
        field = folded.parked[0][2].field if folded.parked else ""
        self.outcomes[":".join(filter(None, (tally.outcome, tally.code)))] += 1
        self.repairs.update(reading.repairs)
        return Foreseen(tally.type, tally.outcome, tally.code, field, reading.repairs, conflict=bool(folded.conflicts))

    @property
    def parked(self) -> int:
        """How many of them would be parked."""
        return sum(number for outcome, number in self.outcomes.items() if outcome.startswith("parked:"))


def foresee(delivered: Delivered, reader: Reader) -> Foreseen:
    """What would become of one event alone."""
    return Foresight(reader).of(delivered)
