"""Identity and organisation numbers that belong to nobody.

Identity numbers are Test-Norge numbers (month + 80), organisation numbers come from a series that is not given out.
"""

from datetime import date, timedelta
from functools import cache

from adapter.domain.check_digits import with_check_digits
from adapter.domain.identity import synthetic_number
from adapter.domain.orgnr import synthetic_orgnr
from adapter.domain.records.person import Kjonn

Unit = tuple[str, str]
"""Kommunenummer and bydelsnummer, the latter empty where there are no districts."""

# No birth date has more serials for one sex.
_SERIALS = 300


class Identities:
    """Hands out each number once. A number depends on those handed out before it, never on those after."""

    def __init__(self) -> None:
        self._next: dict[tuple[date, Kjonn], int] = {}

    def draw(self, born: date, sex: Kjonn) -> tuple[str, str, date]:
        """A fødselsnummer, a D-number of the same serial, and the birth date: a later one if that day is used up."""
        while True:
            first = self._next.get((born, sex), 0)
            for serial in range(first, _SERIALS):
                number = synthetic_number(born, sex, serial)
                d_number = synthetic_number(born, sex, serial, d_number=True)
                if number and d_number:
                    self._next[born, sex] = serial + 1
                    return number, d_number, born
            born += timedelta(days=1)


def with_wrong_check_digit(number: str) -> str:
    """The number with its last digit one higher: never valid, still month + 80."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def as_h_number(number: str) -> str:
    """An H-number (month + 40), internal to one enterprise and no one's in any register, of the same date and sex."""
    day, month, year, individnummer = number[:2], int(number[2:4]) - 40, number[4:6], int(number[6:9])
    for candidate in range(individnummer, 1000, 2):
        digits = with_check_digits([int(digit) for digit in f"{day}{month:02}{year}{candidate:03}"])
        if digits:
            return "".join(map(str, digits))
    raise AssertionError("no serial left with check digits")


@cache
def performing_units(unit: Unit) -> tuple[str, ...]:
    """Organisation numbers of those who give the services in a municipality or district: about nine."""
    first = int(unit[0]) * 1000 + int(unit[1] or 0) * 10
    return tuple(number for serial in range(first, first + 10) if (number := synthetic_orgnr(serial)))


HOSPITALS = performing_units(("0000", ""))
