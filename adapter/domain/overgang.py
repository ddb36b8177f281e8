"""Overgang: from municipality numbers of any time to the ones that held in the reporting year.

A number that was only renumbered has one counterpart. A number that several municipalities were merged into has
several, and which one a record belongs to must be read from the person's other records, from where the person lived,
or from a setting (`[oversett.<year>]`). What stays in doubt keeps the number it came with: it then belongs to a unit
that did not exist in the year, where rule M3 and the gap report make it visible.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias, cast

from adapter.domain.places import Places
from adapter.domain.records import Person
from adapter.domain.tilstand import Linje

Oversett: TypeAlias = Callable[[str], str]
Linjer: TypeAlias = Collection[tuple[str, Linje]]


def uendret(kommunenummer: str) -> str:
    """For a state that speaks in the numbers of the year already."""
    return kommunenummer


class Overgang:
    """The translation for one reporting year. `faste` are the municipality's own answers where several would do."""

    def __init__(self, places: Places, aar: int, faste: Mapping[str, str] | None = None) -> None:
        self._places = places
        self._aar = aar
        self._faste = dict(faste or {})
        self._known: dict[str, tuple[str, ...]] = {}
        self._firsts: dict[str, str] = {}

    def candidates(self, kommunenummer: str) -> tuple[str, ...]:
        """The numbers of the year this one may stand for; itself when nothing is known of it."""
        found = self._known.get(kommunenummer)
        if found is None:
            if kommunenummer in self._faste:
                found = (self._faste[kommunenummer],)
            else:
                found = self._places.number_in_year(kommunenummer, self._aar) or (kommunenummer,)
            self._known[kommunenummer] = found
        return found

    def for_person(self, linjer: Linjer) -> Oversett:
        """The translation for one person's lines."""
        numbers = {linje.kommunenummer for _, linje in linjer if not linje.annullert}
        doubtful = {number for number in numbers if len(self.candidates(number)) > 1}
        if not doubtful:
            return self._first
        lines = [(key, linje) for key, linje in linjer if not linje.annullert]
        sure = {found[0] for number in self._numbers(lines) if len(found := self.candidates(number)) == 1}
        settled = {}
        for number in doubtful:
            fitting = sure.intersection(self.candidates(number))
            settled[number] = fitting.pop() if len(fitting) == 1 else number
        return lambda kommunenummer: settled.get(kommunenummer) or self._first(kommunenummer)

    def _first(self, kommunenummer: str) -> str:
        first = self._firsts.get(kommunenummer)
        if first is None:
            found = self.candidates(kommunenummer)
            first = self._firsts[kommunenummer] = found[0] if len(found) == 1 else kommunenummer
        return first

    @staticmethod
    def _numbers(lines: list[tuple[str, Linje]]) -> set[str]:
        """Every municipality the person is tied to: who registered, and where the person lived."""
        homes = {
            cast("Person", linje.record("person")).kommunenummer for key, linje in lines if key.startswith("person/")
        }
        return homes | {linje.kommunenummer for _, linje in lines}


def numbers_of(places: Places, kommunenummer: str) -> frozenset[str]:
    """Every number that stood for this municipality, or for a part of it, in any year the tables know."""
    years = {periode.fra.year for periods in places.kommuner.values() for periode in periods}
    found = {number for year in years for number in places.number_in_year(kommunenummer, year)}
    return frozenset(found | {kommunenummer})
