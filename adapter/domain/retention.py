"""Retention: what of a person's state is still needed once a reporting year is closed.

A record is needed by an open year if it may touch that year or a later one. The person row lives as long as any other
record does: a person about whom nothing is left is removed whole, and must be registered anew with the next service
(topics/README.md). An annulment has done its work when its year is closed. An erased person stays a bare mark, so
that a late event does not bring anything back.
"""

from datetime import date

from adapter.domain.records import Tjeneste
from adapter.domain.tilstand import Linje, Tilstand, split_key

# Rows that say who a person is, and are kept only together with something that was done for the person.
_IDENTITY = ("person", "sammenslaing")


def still_needed(tilstand: Tilstand, first_open_year: int) -> Tilstand:
    """What remains; `tilstand` itself is left as it is. No lines and not erased means: nothing, remove the person."""
    if tilstand.slettet:
        return tilstand
    start = date(first_open_year, 1, 1)
    kept = {key: linje for key, linje in tilstand.linjer.items() if _needed(key, linje, start)}
    if all(split_key(key)[0] in _IDENTITY for key in kept):
        return Tilstand()
    return Tilstand(kept)


def _needed(key: str, linje: Linje, start: date) -> bool:
    kind, _ = split_key(key)
    if linje.annullert:
        return False
    if kind in _IDENTITY:
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
