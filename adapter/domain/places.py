"""Municipalities and districts by date: which numbers are good in a reporting year, and which number was which.

The tables live in schemas/felles (its README-kommuner.md names the sources); here they are text that was handed in.
Every change takes effect on 1 January, so a number is good for a whole year or not at all.
"""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from adapter.domain.enhet import Enhet

ARTER = frozenset({"omnummerert", "slatt_sammen", "delt"})

HEADINGS = {
    "kommuner": "kommunenummer,navn,gyldig_fra,gyldig_til,kilde",
    "kommuneendringer": "dato,fra,til,art,kilde",
    "bydeler": "kommunenummer,bydelsnummer,navn,gyldig_fra,gyldig_til,kilde",
}


@dataclass(frozen=True, slots=True)
class Periode:
    """A number with one name; `til` is the first day it no longer holds."""

    nummer: str
    navn: str
    fra: dt.date
    til: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        return self.fra <= day and (self.til is None or day < self.til)

    def touches(self, year: int) -> bool:
        return self.fra.year <= year and (self.til is None or self.til > dt.date(year, 1, 1))


@dataclass(frozen=True, slots=True)
class Endring:
    """One step: on `dato` the old number `fra` became (part of) the new number `til`."""

    dato: dt.date
    fra: str
    til: str
    art: str


@dataclass(frozen=True, slots=True)
class Places:
    """The tables, and the questions the year view asks of them."""

    kommuner: Mapping[str, tuple[Periode, ...]]
    endringer: tuple[Endring, ...]
    bydeler: Mapping[str, tuple[Periode, ...]]

    def existed_in(self, kommunenummer: str, year: int) -> bool:
        return any(periode.touches(year) for periode in self.kommuner.get(kommunenummer, ()))

    def numbers_in(self, year: int) -> frozenset[str]:
        """All municipality numbers that were good in the year."""
        return frozenset(number for number in self.kommuner if self.existed_in(number, year))

    def name(self, kommunenummer: str, year: int) -> str | None:
        """The name at the end of the year; None for a number that was not in use then."""
        names = [periode.navn for periode in self.kommuner.get(kommunenummer, ()) if periode.touches(year)]
        return names[-1] if names else None

    def unit_name(self, enhet: Enhet, year: int) -> str | None:
        """The municipality's name or the district's, in the year; None for a unit that was not there."""
        if not enhet.bydelsnummer:
            return self.name(enhet.kommunenummer, year)
        bydeler = self.bydeler.get(enhet.kommunenummer, ())
        return next((one.navn for one in bydeler if one.nummer == enhet.bydelsnummer and one.touches(year)), None)

    def number_in_year(self, kommunenummer: str, year: int, as_of: dt.date | None = None) -> tuple[str, ...]:
        """The number or numbers of `year` that a number from another year stands for.

        One element where there is no doubt, several where it was merged or divided in between, none where the number is
        unknown or the year lies before the tables. `as_of` is the day the number was written. Without it a number that
        was good in `year` is taken at its word, which hides the mergers into 1103 Stavanger and 5001 Trondheim in 2020.
        """
        target = dt.date(year, 12, 31)
        perioder = self.kommuner.get(kommunenummer, ())
        written = as_of or _nearest_day(perioder, target)
        if written is None or not any(periode.holds_on(written) for periode in perioder):
            return ()
        numbers = {kommunenummer}
        if target < written:
            for step in _by_date(self.endringer, after=target, until=written)[::-1]:
                numbers = _follow(numbers, ((endring.til, endring.fra) for endring in step))
        else:
            for step in _by_date(self.endringer, after=written, until=target):
                numbers = _follow(numbers, ((endring.fra, endring.til) for endring in step))
        return tuple(sorted(number for number in numbers if self.existed_in(number, year)))

    def has_districts(self, kommunenummer: str) -> bool:
        return kommunenummer in self.bydeler

    def is_district(self, kommunenummer: str, bydelsnummer: str, year: int) -> bool:
        return any(
            periode.nummer == bydelsnummer and periode.touches(year) for periode in self.bydeler.get(kommunenummer, ())
        )


def parse_places(kommuner_csv: str, endringer_csv: str, bydeler_csv: str) -> Places:
    """Read the three tables; ValueError names the table and the line that cannot be read."""
    kommuner: defaultdict[str, list[Periode]] = defaultdict(list)
    for where, row in _rows("kommuner", kommuner_csv):
        kommuner[_digits(row["kommunenummer"], 4, where)].append(_periode(row["kommunenummer"], row, where))
    bydeler: defaultdict[str, list[Periode]] = defaultdict(list)
    for where, row in _rows("bydeler", bydeler_csv):
        number = _digits(row["bydelsnummer"], 2, where)
        bydeler[_digits(row["kommunenummer"], 4, where)].append(_periode(number, row, where))
    return Places(
        kommuner={number: tuple(sorted(rows, key=lambda row: row.fra)) for number, rows in kommuner.items()},
        endringer=tuple(
            sorted(
                (_endring(row, where) for where, row in _rows("kommuneendringer", endringer_csv)),
                key=lambda endring: (endring.dato, endring.til, endring.fra),
            )
        ),
        bydeler={number: tuple(rows) for number, rows in bydeler.items()},
    )


def _nearest_day(perioder: tuple[Periode, ...], target: dt.date) -> dt.date | None:
    """The day closest to `target` on which the number held; None for an unknown number."""
    if not perioder or any(periode.holds_on(target) for periode in perioder):
        return target if perioder else None
    later = [periode.fra for periode in perioder if periode.fra > target]
    return min(later) if later else max(periode.til for periode in perioder if periode.til) - dt.timedelta(days=1)


def _by_date(endringer: Iterable[Endring], *, after: dt.date, until: dt.date) -> list[list[Endring]]:
    steps: defaultdict[dt.date, list[Endring]] = defaultdict(list)
    for endring in endringer:
        if after < endring.dato <= until:
            steps[endring.dato].append(endring)
    return [steps[dato] for dato in sorted(steps)]


def _follow(numbers: set[str], pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Replace each number by all it leads to; a number without a pair stays what it is."""
    leads_to: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        leads_to[source].add(target)
    return set().union(*(leads_to.get(number, {number}) for number in numbers))


def _rows(table: str, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text))
    if reader.fieldnames != HEADINGS[table].split(","):
        raise ValueError(f"{table}, line 1: the heading must be {HEADINGS[table]}")
    for row in reader:
        where = f"{table}, line {reader.line_num}"
        if None in row or None in row.values():
            raise ValueError(f"{where}: the row has more or fewer columns than the heading")
        yield where, row


def _periode(nummer: str, row: dict[str, str], where: str) -> Periode:
    til = row["gyldig_til"]
    return Periode(nummer, row["navn"], _day(row["gyldig_fra"], where), _day(til, where) if til else None)


def _endring(row: dict[str, str], where: str) -> Endring:
    if row["art"] not in ARTER:
        raise ValueError(f"{where}: art must be one of {', '.join(sorted(ARTER))}")
    return Endring(_day(row["dato"], where), _digits(row["fra"], 4, where), _digits(row["til"], 4, where), row["art"])


def _digits(text: str, count: int, where: str) -> str:
    if not (len(text) == count and text.isascii() and text.isdigit()):
        raise ValueError(f"{where}: {text!r} is not {count} digits (leading zeros are kept)")
    return text


def _day(text: str, where: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{where}: {text!r} is not a date like 2020-01-01") from None
