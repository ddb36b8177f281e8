"""One batch of one partition, folded: which states changed, what to park, what became of each event. Pure.

Every person's state is decoded once, takes all of the batch's events, and is encoded once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from adapter.domain.fold import Put, changed, fold
from adapter.domain.outcome import Annulled, Applied, NotForUs, Outcome, Parked, Superseded, code_of, name_of
from adapter.domain.tilstand import SEALED, Tilstand
from adapter.ingest.reading import Reading


class Tally(NamedTuple):
    """What is counted of an event; every field has few possible values."""

    type: str
    outcome: str
    code: str


class Census:
    """How many persons and records there are, by unit, and how many persons' identities each sealing key holds.

    Differences of two moments add up to the later one.
    """

    __slots__ = ("persons", "records", "sealed", "total")

    def __init__(self) -> None:
        self.total = 0
        self.persons: Counter[tuple[str, str]] = Counter()
        self.records: Counter[tuple[str, str]] = Counter()
        self.sealed: Counter[str] = Counter()

    def count(self, tilstand: Tilstand, sign: int) -> None:
        """Add (`sign` 1) or take away (-1) one person's state."""
        self.count_records(tilstand, sign)
        self.count_seals(tilstand.key_ids(), sign)

    def count_records(self, tilstand: Tilstand, sign: int) -> None:
        """The part of it that any event may change."""
        units: dict[tuple[str, str], int] = {}
        for linje in tilstand.linjer.values():
            if not linje.annullert:
                unit = linje.kommunenummer, linje.bydelsnummer
                units[unit] = units.get(unit, 0) + 1
        self.total += sign if tilstand.linjer else 0
        for unit, records in units.items():
            self.persons[unit] += sign
            self.records[unit] += sign * records

    def count_seals(self, key_ids: Iterable[str], sign: int) -> None:
        """The part of it that only a person row changes, or an erasure: by which keys one person is sealed."""
        for key_id in key_ids:
            self.sealed[key_id] += sign

    def add(self, other: "Census") -> None:
        """Take a difference, or another partition's census, into this one."""
        self.total += other.total
        for unit, number in other.persons.items():
            self.persons[unit] += number
        for unit, number in other.records.items():
            self.records[unit] += number
        for key_id, number in other.sealed.items():
            self.sealed[key_id] += number


@dataclass(slots=True)
class Folded:
    """The outcome of a batch. Nothing of it holds until the transaction that writes it is committed."""

    states: dict[str, bytes] = field(default_factory=dict)
    parked: list[tuple[int, Reading, Parked]] = field(default_factory=list)
    tally: Counter[Tally] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    census: Census = field(default_factory=Census)


def fold_batch(states: Mapping[str, bytes], events: Iterable[tuple[int, Reading]]) -> Folded:
    """Fold a partition's next events, each with its offset, over its states; `states` is only read."""
    result = Folded()
    touched: dict[str, Tilstand] = {}
    dirty: set[str] = set()
    counted: Counter[tuple[str, Outcome]] = Counter()
    for offset, reading in events:
        outcome = _outcome(states, touched, reading, result.census)
        counted[reading.type, outcome] += 1
        if changed(outcome):
            dirty.add(reading.person_key)
        elif isinstance(outcome, Parked):
            result.parked.append((offset, reading, outcome))
        if reading.repairs:
            result.repairs.update(reading.repairs)
    for (event_type, outcome), number in counted.items():
        result.tally[Tally(event_type, name_of(outcome), code_of(outcome))] += number
        if isinstance(outcome, Applied | Annulled | Superseded) and outcome.conflict:
            result.conflicts += number
    for key, tilstand in touched.items():
        result.census.count_records(tilstand, 1)
        if key in dirty:
            result.states[key] = tilstand.encode()
    return result


def _outcome(states: Mapping[str, bytes], touched: dict[str, Tilstand], reading: Reading, census: Census) -> Outcome:
    change = reading.result
    if isinstance(change, _REFUSED):
        return change
    tilstand = touched.get(reading.person_key)
    if tilstand is None:
        tilstand = touched[reading.person_key] = Tilstand.decode(states.get(reading.person_key, Tilstand.EMPTY))
        census.count_records(tilstand, -1)
    if isinstance(change, Put) and not change.key.startswith(SEALED):
        return fold(tilstand, change)
    census.count_seals(tilstand.key_ids(), -1)
    outcome = fold(tilstand, change)
    census.count_seals(tilstand.key_ids(), 1)
    return outcome


# A tuple: a union would be made anew for every event.
_REFUSED = (NotForUs, Parked)
