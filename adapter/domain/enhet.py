"""Enhet: the reporting unit. One pair of messages is sent for each (municipality, district)."""

from typing import NamedTuple


class Enhet(NamedTuple):
    """A municipality, or one district of it; `bydelsnummer` is empty where there are no districts."""

    kommunenummer: str
    bydelsnummer: str = ""

    def __str__(self) -> str:
        return f"{self.kommunenummer}-{self.bydelsnummer}" if self.bydelsnummer else self.kommunenummer
