"""The year is a view: what of a person belongs in one unit's message for one reporting year.

A pure function over the newest version of each record. The January message, a test run in November, a correction in
March and the gap report on any day use the same view, so they agree.

Which records are in: those the unit registered, not annulled, that touch the year. A period touches the year when it
overlaps it; a service also when it was applied for, decided on or complained about in the year, so that refusals and
services with missing or impossible dates are seen. Whether a record in the view can be sent is for the rules to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar, cast

import msgspec
from msgspec.structs import replace

from adapter.domain.enhet import Enhet
from adapter.domain.overgang import Oversett, uendret
from adapter.domain.records import (
    Diagnose,
    Dogntilbud,
    Funksjon,
    Kind,
    Person,
    Personopplysning,
    Record,
    Sammenslaing,
    Tjeneste,
)
from adapter.domain.tilstand import Linje, split_key

R_co = TypeVar("R_co", bound=Record, covariant=True)


class Rad(msgspec.Struct, Generic[R_co], frozen=True, gc=False):
    """A record with the name it has in the journal system."""

    kind: Kind
    id: str
    innhold: R_co


@dataclass(slots=True)
class PersonAar:
    """One person's year in one unit. `person` is the row that holds last in the year; None if none ever came."""

    nokkel: str
    person: Rad[Person] | None = None
    opplysninger: list[Rad[Personopplysning]] = field(default_factory=list)
    funksjoner: list[Rad[Funksjon]] = field(default_factory=list)
    tjenester: list[Rad[Tjeneste]] = field(default_factory=list)
    diagnoser: list[Rad[Diagnose]] = field(default_factory=list)
    dogntilbud: list[Rad[Dogntilbud]] = field(default_factory=list)

    def etter_slag(self) -> tuple[tuple[Kind, Sequence[Rad[Record]]], ...]:
        """The records of the view but the person row, kind by kind, in the order of the message."""
        return (
            ("personopplysning", self.opplysninger),
            ("funksjon", self.funksjoner),
            ("tjeneste", self.tjenester),
            ("diagnose", self.diagnoser),
            ("dogntilbud", self.dogntilbud),
        )

    def rader(self) -> Sequence[Rad[Record]]:
        """Every record of the view but the person row."""
        return [rad for _, rows in self.etter_slag() for rad in rows]


def year_view(
    nokkel: str,
    linjer: Iterable[tuple[str, Linje]],
    enhet: Enhet,
    aar: int,
    oversett: Oversett = uendret,
) -> PersonAar | None:
    """The person's year in `enhet`, or None when nothing of the person belongs there.

    `oversett` turns a municipality number of any time into the one that held in `aar`. The records are decoded here;
    their order in the result depends on nothing but their content and id.
    """
    start, slutt = date(aar, 1, 1), date(aar, 12, 31)
    view = PersonAar(nokkel)
    rows = dict[Kind, Any](view.etter_slag())
    persons: list[Rad[Person]] = []
    # Few units register anything of one person: each is looked at once.
    here: dict[tuple[str, str], bool] = {}
    for key, linje in linjer:
        if linje.annullert:
            continue
        kind, registrerings_id = split_key(key)
        if kind == "person":
            persons.append(Rad(kind, registrerings_id, cast("Person", linje.record(kind))))
            continue
        unit = linje.kommunenummer, linje.bydelsnummer
        if unit not in here:
            here[unit] = (oversett(unit[0]), unit[1]) == enhet
        if here[unit] and kind in rows:
            record = linje.record(kind)
            if touches(record, start, slutt):
                rows[kind].append(Rad(kind, registrerings_id, record))
    if not any(rows.values()):
        return None
    view.person = row_of_the_year(persons, slutt)
    _sort(view)
    return view


def touches(record: Record, start: date, slutt: date) -> bool:
    """Whether a record belongs to the period `start`..`slutt`, both inclusive."""
    if isinstance(record, Tjeneste):
        return _service_touches(record, start, slutt)
    if isinstance(record, (Person, Sammenslaing)):
        return False
    return _overlaps(record.fra_dato, record.til_dato, start, slutt)


def row_of_the_year(rows: list[Rad[Person]], slutt: date) -> Rad[Person] | None:
    """The person row that holds at the end of the year; if all begin later, the first of them.

    The register uses the last home municipality that was valid in the year (domain/iplos.md 7.2). A death holds
    whichever row tells of it: it may have been registered on a row that begins after the year.
    """
    if not rows:
        return None
    begun = [row for row in rows if (row.innhold.fra_dato or date.min) <= slutt]
    row = max(begun, key=_since) if begun else min(rows, key=_since)
    deaths = [one.innhold.dod_dato for one in rows if one.innhold.dod_dato is not None]
    if row.innhold.dod_dato is None and deaths:
        return Rad(row.kind, row.id, replace(row.innhold, dod_dato=min(deaths)))
    return row


def _since(row: Rad[Person]) -> tuple[date, str]:
    return row.innhold.fra_dato or date.min, row.id


def _service_touches(tjeneste: Tjeneste, start: date, slutt: date) -> bool:
    marks = (tjeneste.soknad_dato, tjeneste.vedtak_dato, tjeneste.klage_mottatt_dato, tjeneste.klage_besvart_dato)
    if any(mark is not None and start <= mark <= slutt for mark in marks):
        return True
    if tjeneste.fra_dato is None and tjeneste.til_dato is None:
        return all(mark is None for mark in marks)
    return tjeneste.vedtak != "avslag" and _overlaps(tjeneste.fra_dato, tjeneste.til_dato, start, slutt)


def _overlaps(fra: date | None, til: date | None, start: date, slutt: date) -> bool:
    if fra is not None and til is not None and til < fra:
        # The dates are the wrong way round; whichever lies in the year brings the record before the rules.
        return start <= fra <= slutt or start <= til <= slutt
    return (fra is None or fra <= slutt) and (til is None or til >= start)


def _sort(view: PersonAar) -> None:
    view.tjenester.sort(
        key=lambda rad: (
            rad.innhold.vedtak_id or "",
            rad.innhold.vedtak_rad or 0,
            rad.innhold.fra_dato or date.min,
            rad.id,
        )
    )
    view.funksjoner.sort(key=lambda rad: (rad.innhold.fra_dato or date.min, rad.innhold.funksjonstype, rad.id))
    view.opplysninger.sort(key=lambda rad: (rad.innhold.fra_dato or date.min, rad.id))
    view.diagnoser.sort(key=lambda rad: (rad.innhold.fra_dato or date.min, rad.id))
    view.dogntilbud.sort(key=lambda rad: (rad.innhold.fra_dato or date.min, rad.id))
