"""Retention: what of a person's state is still needed once a reporting year is closed.

A record is needed by an open year if it may touch that year or a later one. The person row lives as long as any other
record does, as long as another key goes by it (a merge), and when it was written or changed in an open year: its first
service may be on its way. Of a person about whom nothing else is left no row remains; it must be registered anew with
the next service (topics/README.md). Of a person who died before the open years nothing is kept. Annulments and
erasures stay as bare marks without content, so that a late event brings nothing back.
"""

from datetime import date
from typing import cast

from adapter.domain.records import Person, Tjeneste
from adapter.domain.tilstand import Linje, Tilstand, split_key

# Rows that say who a person is; whether they stay is seen when all others have been looked at.
_IDENTITY = ("person", "sammenslaing")


def still_needed(tilstand: Tilstand, first_open_year: int) -> Tilstand:
    """What remains; `tilstand` itself is left as it is. No lines and not erased means: nothing, remove the person."""
    if tilstand.slettet:
        return tilstand
    start = date(first_open_year, 1, 1)
    if _died_before(tilstand, start):
        return Tilstand()
    kept = {key: linje for key, linje in tilstand.linjer.items() if _needed(key, linje, start)}
    live = {split_key(key)[0] for key, linje in kept.items() if not linje.annullert}
    if live <= {"person"} and not any(_fresh(key, linje, start) for key, linje in kept.items()):
        kept = {key: linje for key, linje in kept.items() if linje.annullert}
    return Tilstand(kept)


def _died_before(tilstand: Tilstand, start: date) -> bool:
    """The dead are in no later year, whatever was left open."""
    rows = (
        cast("Person", linje.record("person"))
        for key, linje in tilstand.linjer.items()
        if split_key(key)[0] == "person" and not linje.annullert
    )
    return any(row.dod_dato is not None and row.dod_dato < start for row in rows)


def _fresh(key: str, linje: Linje, start: date) -> bool:
    """A person row of an open year."""
    kind, _ = split_key(key)
    if kind != "person" or linje.annullert:
        return False
    row = cast("Person", linje.record(kind))
    return any(day is not None and day >= start for day in (row.fra_dato, row.endret_dato))


def _needed(key: str, linje: Linje, start: date) -> bool:
    kind, _ = split_key(key)
    if linje.annullert or kind in _IDENTITY:
        return True
    record = linje.record(kind)
    if isinstance(record, Tjeneste):
        marks = (record.soknad_dato, record.vedtak_dato, record.klage_mottatt_dato, record.klage_besvart_dato)
        if any(mark is not None and mark >= start for mark in marks):
            return True
        if record.fra_dato is None and record.til_dato is None:
            return all(mark is None for mark in marks)
        if record.vedtak == "avslag":
            return False
    fra, til = getattr(record, "fra_dato", None), getattr(record, "til_dato", None)
    # Without an end it is open. With dates the wrong way round, whichever is later counts.
    return til is None or til >= start or (fra is not None and fra >= start)
