"""Which centuries the individnummer (digits 7-9) may stand for, until 2031.

Sources: Skatteetaten, «Fødselsnummer» (first table) and «Utvidelse av D-nummerserien», 24 June 2021 (second table).
From 1 January 2032 the individnummer says nothing about century or sex.
"""

from typing import NamedTuple

_FIRST_YEAR_OF_NEW_RULE = 2032


class _Series(NamedTuple):
    first: int
    last: int
    born_from: int
    born_to: int


_SERIES = (
    _Series(500, 749, 1854, 1899),
    _Series(0, 499, 1900, 1999),
    _Series(900, 999, 1940, 1999),
    _Series(500, 999, 2000, 2039),
)

# In use for new D-numbers since the autumn of 2021. Numbers by the first table stay in use beside them, so a D-number
# may fit two centuries.
_D_NUMBER_SERIES = (
    _Series(500, 599, 1858, 1899),
    _Series(0, 199, 1900, 1939),
    _Series(0, 499, 1940, 1999),
    _Series(600, 999, 1940, 1999),
    _Series(200, 999, 2000, 2039),
)


def birth_years(two_digit_year: int, individnummer: int, *, d_number: bool) -> frozenset[int]:
    """Every birth year a number issued before 2032 can stand for; empty means that it can only be issued later."""
    series = _SERIES + _D_NUMBER_SERIES if d_number else _SERIES
    years = {
        born_from + (two_digit_year - born_from) % 100
        for first, last, born_from, born_to in series
        if first <= individnummer <= last and born_from + (two_digit_year - born_from) % 100 <= born_to
    }
    return frozenset(year for year in years if year < _FIRST_YEAR_OF_NEW_RULE)


def individnumre(birth_year: int) -> tuple[int, ...]:
    """The individnumre of a fødselsnummer for someone born that year; empty for years without a series."""
    if birth_year >= _FIRST_YEAR_OF_NEW_RULE:
        return ()
    return tuple(
        individnummer
        for first, last, born_from, born_to in _SERIES
        if born_from <= birth_year <= born_to
        for individnummer in range(first, last + 1)
    )
