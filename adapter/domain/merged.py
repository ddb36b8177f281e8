"""A person who has had several keys (D-number became fødselsnummer, double registration) seen as one."""

from collections.abc import Sequence
from operator import itemgetter

from adapter.domain.records import Person
from adapter.domain.tilstand import Linje, Tilstand
from adapter.domain.yearview import Rad


def lines_of(key: str, states: Sequence[tuple[str, Tilstand]]) -> list[tuple[str, Linje]]:
    """The lines of a person who may have had several keys: joined, and the person row only from the key that lives on.

    A row that was moved between the keys has the same record id under both; the join keeps the newer version of it. If
    one key annuls the row and the other registers it in the same version, that is a move, and the row lives.
    """
    if len(states) == 1:  # nearly everybody
        return sorted(states[0][1].linjer.items())
    own_row = _has_own_row(key, states)
    held = [
        (name, linje)
        for member, tilstand in states
        for name, linje in tilstand.linjer.items()
        if member == key or not own_row or not name.startswith("person/")
    ]
    live = {(name, linje.versjon) for name, linje in held if not linje.annullert}
    joined = Tilstand()
    for name, linje in held:
        if not linje.annullert or (name, linje.versjon) not in live:
            joined.put(name, linje)
    return sorted(joined.linjer.items())


def owner_of(key: str, row: Rad[Person], states: Sequence[tuple[str, Tilstand]]) -> str:
    """The key whose state `lines_of` took the person row from: the identity in it is sealed to that key."""
    if len(states) == 1:
        return states[0][0]
    if _has_own_row(key, states):
        return key
    name = f"person/{row.id}"
    holders = [
        (linje.rank(), member)
        for member, tilstand in states
        if (linje := tilstand.linjer.get(name)) is not None and not linje.annullert
    ]
    # Of equal ones the first, as in the join above.
    return max(holders, key=itemgetter(0))[1]


def _has_own_row(key: str, states: Sequence[tuple[str, Tilstand]]) -> bool:
    return any(
        name.startswith("person/") and not linje.annullert
        for member, tilstand in states
        if member == key
        for name, linje in tilstand.linjer.items()
    )
