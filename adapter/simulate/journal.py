"""The journal system's memory of one person: rows with versions, each change an event of its own.

Times are whole seconds after new year (UTC); they only ever grow within a person.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec.structs import replace

from adapter.domain.records import (
    Diagnose,
    Dogntilbud,
    Funksjon,
    Innhold,
    PersonInn,
    Personopplysning,
    Sammenslaing,
    Tjeneste,
)
from adapter.ingest.cloudevent import Headers
from adapter.ingest.contract import EVENT_TYPES, Annullert, Registrert, Slettet
from adapter.simulate.identities import Unit

T = TypeVar("T", bound=Innhold)

DAY = 86_400
_OPENS, _OFFICE_HOURS = 7 * 3600, 8 * 3600

EVENT_NAME = {(event.kind, event.hendelse): event.name for event in EVENT_TYPES.values()}
REGISTERED: dict[type[Innhold], str] = {
    PersonInn: EVENT_NAME["person", "registrert"],
    Personopplysning: EVENT_NAME["personopplysning", "registrert"],
    Funksjon: EVENT_NAME["funksjon", "registrert"],
    Tjeneste: EVENT_NAME["tjeneste", "registrert"],
    Diagnose: EVENT_NAME["diagnose", "registrert"],
    Dogntilbud: EVENT_NAME["dogntilbud", "registrert"],
    Sammenslaing: EVENT_NAME["sammenslaing", "sammenslatt"],
}
_PREFIX: dict[type[Innhold], str] = {
    PersonInn: "p",
    Personopplysning: "po",
    Funksjon: "f",
    Tjeneste: "t",
    Diagnose: "d",
    Dogntilbud: "dg",
    Sammenslaing: "s",
}


class Wire(NamedTuple):
    """A record as it lies on the bus."""

    key: bytes | None
    value: bytes
    headers: Headers


@dataclass(slots=True)
class Draft:
    """An event before it is written. `twist` changes its JSON, `wrap` its bytes: that is how mess gets in."""

    moment: int
    """When the bus delivers it."""
    time: int
    """When the journal system registered it; the same, unless the bus was late."""
    number: int
    key: str
    type: str
    data: Annullert | Slettet
    expected: str = "accepted"
    twist: Callable[[dict[str, Any]], None] | None = None
    wrap: Callable[[Wire], Wire] | None = None


@dataclass(slots=True)
class Row(Generic[T]):
    """One row of the journal, as it stands now."""

    id: str
    versjon: int
    innhold: T


@dataclass(slots=True)
class Journal:
    """Writes rows and remembers the events. `key` and `unit` may change: double keys, people who move."""

    key: str
    unit: Unit
    new_year: date
    rng: random.Random
    drafts: list[Draft] = field(default_factory=list)
    _clock: int = 0
    _rows: int = 0

    def register(self, day: date, innhold: T) -> Row[T]:
        """A new row."""
        row = Row(self.new_id(_PREFIX[type(innhold)]), 1, innhold)
        self._write(day, row)
        return row

    def revise(self, day: date, row: Row[T], **changes: Any) -> None:
        """A new version of a row."""
        row.versjon += 1
        row.innhold = replace(row.innhold, **changes)
        self._write(day, row)

    def erase(self, day: date) -> None:
        """Everything about the person is to be forgotten."""
        self._append(day, EVENT_NAME["person", "slettet"], Slettet(kommunenummer=self.unit[0]))

    def new_id(self, prefix: str) -> str:
        """An id that no other row of this person has."""
        self._rows += 1
        return f"{prefix}-{self.key[2:10]}-{self._rows}"

    def _write(self, day: date, row: Row[T]) -> None:
        data = Registrert(
            registrerings_id=row.id,
            versjon=row.versjon,
            kommunenummer=self.unit[0],
            bydelsnummer=self.unit[1] or None,
            innhold=row.innhold,
        )
        self._append(day, REGISTERED[type(row.innhold)], data)

    def _append(self, day: date, event_type: str, data: Annullert | Slettet) -> None:
        if self._clock // DAY < (day - self.new_year).days:
            self._clock = moment_of(day, self.new_year, self.rng)
        self._clock += 1 + int(self.rng.random() * 20)
        self.drafts.append(Draft(self._clock, self._clock, len(self.drafts), self.key, event_type, data))


def moment_of(day: date, new_year: date, rng: random.Random) -> int:
    """Some second of that day's office hours."""
    return (day - new_year).days * DAY + _OPENS + int(rng.random() * _OFFICE_HOURS)
