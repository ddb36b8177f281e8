"""One change into one person's state, and the outcome it had. Pure; the worker calls it once for each event."""

from typing import TypeAlias, assert_never

import msgspec

from adapter.domain.outcome import Annulled, Applied, Duplicate, Outcome, Parked, Superseded
from adapter.domain.tilstand import LARGEST_STATE, Linje, Tilstand


class Put(msgspec.Struct, frozen=True, gc=False):
    """A record was registered, corrected or annulled."""

    key: str
    linje: Linje


class Erase(msgspec.Struct, frozen=True, gc=False):
    """The person is to be forgotten."""


Change: TypeAlias = Put | Erase


def fold(tilstand: Tilstand, change: Change) -> Outcome:
    """Join `change` into `tilstand` in place.

    What would make the state larger than can be written is parked, and the state is as before. Which rows those are
    depends on the order they come in, the one thing that does; no person is near it.
    """
    match change:
        case Put(key=key, linje=linje):
            return _put(tilstand, key, linje)
        case Erase():
            if tilstand.slettet:
                return Duplicate()
            tilstand.erase()
            return Applied()
        case _:
            assert_never(change)


def _put(tilstand: Tilstand, key: str, linje: Linje) -> Outcome:
    if tilstand.slettet:
        return Superseded()
    held = tilstand.linjer.get(key)
    conflict = held is not None and held.versjon == linje.versjon
    if held is None or linje.outranks(held):
        before = tilstand.size
        tilstand.replace(key, held, linje)
        if tilstand.size > max(LARGEST_STATE, before):
            tilstand.replace(key, linje, held)
            return Parked("state-too-large")
        return Annulled(conflict) if linje.annullert else Applied(conflict)
    return Duplicate() if held.is_same_as(linje) else Superseded(conflict)


def changed(outcome: Outcome) -> bool:
    """Whether the state differs after this outcome and must be written."""
    return isinstance(outcome, _CHANGES)


# A tuple: a union would be made anew for every event.
_CHANGES = (Applied, Annulled)
