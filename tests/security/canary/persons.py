"""The marks: persons of a series of their own, each named for where it was put, so that a leak tells whose it is.

All of them are born on one day; nothing else in the tests is, so any number that begins like theirs is one of them.
Test-Norge numbers (month + 80) belong to nobody.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from adapter.domain.identity import synthetic_number
from adapter.simulate.identities import as_h_number, with_wrong_check_digit

BORN = date(1931, 2, 27)
SERIES = "278231"


class Marked(NamedTuple):
    """One marked person: the scenario, the person key, and the numbers to look for."""

    name: str
    key: str
    number: str
    d_number: str

    @property
    def mistyped(self) -> str:
        """The number with a slip of the pen: no check sees it, and still it points at a person."""
        return with_wrong_check_digit(self.number)


class Register:
    """Hands out the marks, each under a name that is given once."""

    def __init__(self) -> None:
        self._given: dict[str, Marked] = {}
        self._free = _series()

    def person(self, name: str) -> Marked:
        """A new mark."""
        if name in self._given:
            raise ValueError(f"{name} is marked already")
        number, d_number = next(self._free)
        self._given[name] = Marked(name, f"kanari-{len(self._given):03}-nokkel", number, d_number)
        return self._given[name]

    def numbers(self) -> dict[str, str]:
        """Every number to look for, by the name of its scenario."""
        found: dict[str, str] = {}
        for one in self._given.values():
            found |= {
                one.name: one.number,
                f"{one.name} (D)": one.d_number,
                f"{one.name} (H)": as_h_number(one.number),
                f"{one.name} (mistyped)": one.mistyped,
            }
        return found

    def person_keys(self) -> dict[str, str]:
        """Every person key, by the name of its scenario."""
        return {f"{one.name} (key)": one.key for one in self._given.values()}


def _series() -> Iterator[tuple[str, str]]:
    for serial in range(300):
        for sex in ("K", "M"):
            number = synthetic_number(BORN, "K" if sex == "K" else "M", serial)
            d_number = synthetic_number(BORN, "K" if sex == "K" else "M", serial, d_number=True)
            if number and d_number:
                yield number, d_number


REGISTER = Register()
marked = REGISTER.person
