"""Municipalities by date, with the tables that are shipped."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from adapter.domain.places import Places, parse_places

TABLES = Path(__file__).parents[2] / "schemas" / "felles"


@pytest.fixture(scope="module")
def places() -> Places:
    kommuner, endringer, bydeler = (
        (TABLES / name).read_text("utf-8") for name in ("kommuner.csv", "kommuneendringer.csv", "bydeler.csv")
    )
    return parse_places(kommuner, endringer, bydeler)


def in_use(places: Places, day: date) -> set[str]:
    return {number for number, rows in places.kommuner.items() if any(row.holds_on(day) for row in rows)}


# Published counts: 428 to 356 (Nettavisen, January 2020), 357 after Ålesund was divided (SSB, 2024).
@pytest.mark.parametrize(
    ("year", "count"),
    [
        (2016, 428),
        (2017, 426),
        (2018, 422),
        (2019, 422),
        (2020, 356),
        (2021, 356),
        (2022, 356),
        (2023, 356),
        (2024, 357),
        (2025, 357),
    ],
)
def test_each_year_has_the_published_number_of_municipalities(places: Places, year: int, count: int) -> None:
    assert len(in_use(places, date(year, 1, 1))) == count
    assert len(in_use(places, date(year, 12, 31))) == count
    assert len(places.numbers_in(year)) == count


def test_every_change_leads_from_a_number_in_use_to_a_number_in_use(places: Places) -> None:
    for endring in places.endringer:
        assert endring.fra in in_use(places, endring.dato - timedelta(days=1)), endring
        assert endring.til in in_use(places, endring.dato), endring


def test_every_number_that_begins_or_ends_is_explained_by_a_change(places: Places) -> None:
    days = {row.fra for rows in places.kommuner.values() for row in rows} - {date(2016, 1, 1)}
    for day in days:
        before, after = in_use(places, day - timedelta(days=1)), in_use(places, day)
        steps = [endring for endring in places.endringer if endring.dato == day]
        assert before - after <= {endring.fra for endring in steps}, day
        assert after - before <= {endring.til for endring in steps}, day


def test_the_kind_of_a_change_follows_from_its_fellows(places: Places) -> None:
    leaves = Counter((endring.dato, endring.fra) for endring in places.endringer)
    arrives = Counter((endring.dato, endring.til) for endring in places.endringer)
    for endring in places.endringer:
        divided, merged = leaves[endring.dato, endring.fra] > 1, arrives[endring.dato, endring.til] > 1
        assert endring.art == ("delt" if divided else "slatt_sammen" if merged else "omnummerert"), endring


def test_a_number_has_one_name_at_a_time_and_no_gaps(places: Places) -> None:
    for number, rows in places.kommuner.items():
        for earlier, later in pairwise(rows):
            assert earlier.til == later.fra, number
            assert earlier.navn != later.navn, number


@pytest.mark.parametrize(
    ("number", "year", "expected", "why"),
    [
        ("0301", 2018, ("0301",), "Oslo never changed"),
        ("3001", 2019, ("0101",), "Halden, renumbered 2020"),
        ("3101", 2018, ("0101",), "Halden, renumbered twice"),
        ("0101", 2025, ("3101",), "and the other way"),
        ("3201", 2018, ("0219",), "Bærum"),
        ("5061", 2018, ("1567",), "Rindal changed county in 2019"),
        ("5006", 2019, ("5004", "5039"), "Steinkjer and Verran merged"),
        ("5006", 2017, ("1702", "1724"), "and were renumbered in 2018"),
        ("5054", 2017, ("1624", "1718"), "Indre Fosen of Rissa and Leksvik"),
        ("0729", 2017, ("0722", "0723"), "Færder of Nøtterøy and Tjøme"),
        ("0710", 2016, ("0706", "0719", "0720"), "Sandefjord, Andebu and Stokke"),
        ("5056", 2019, ("5012", "5013"), "Hitra got a part of Snillfjord"),
        ("5012", 2020, ("5055", "5056", "5059"), "Snillfjord was divided among three"),
        ("1850", 2020, ("1806", "1875"), "Tysfjord was divided between two"),
        ("1580", 2023, ("1507",), "Haram left Ålesund in 2024"),
        ("1580", 2019, ("1504", "1523", "1529", "1534", "1546"), "which five had become in 2020"),
        ("1103", 2018, ("1103",), "good in the year: taken at its word"),
        ("1507", 2030, ("1508", "1580"), "the last row of the table holds until there is a newer one"),
        ("0101", 2015, (), "before the tables"),
        ("9999", 2018, (), "no such number"),
        ("", 2018, (), "no number"),
    ],
)
def test_a_number_is_led_to_the_reporting_year(
    places: Places, number: str, year: int, expected: tuple[str, ...], why: str
) -> None:
    assert places.number_in_year(number, year) == expected, why


@pytest.mark.parametrize(
    ("number", "as_of", "expected", "why"),
    [
        ("1103", date(2019, 12, 31), ("1103",), "written before Finnøy and Rennesøy joined Stavanger"),
        ("1103", date(2020, 1, 1), ("1103", "1141", "1142"), "written after"),
        ("5001", date(2020, 1, 2), ("5001", "5030"), "Klæbu joined Trondheim"),
        ("3101", date(2020, 1, 2), (), "not in use that day"),
    ],
)
def test_the_day_a_number_was_written_reveals_mergers_under_an_old_number(
    places: Places, number: str, as_of: date, expected: tuple[str, ...], why: str
) -> None:
    assert places.number_in_year(number, 2019, as_of) == expected, why


def test_every_number_ever_used_leads_to_every_year(places: Places) -> None:
    for year in range(2016, 2026):
        for number in places.kommuner:
            assert places.number_in_year(number, year), (number, year)


@pytest.mark.parametrize(
    ("number", "year", "name"),
    [
        ("1504", 2018, "Ålesund"),
        ("5005", 2018, "Namsos"),
        ("5005", 2019, "Namsos - Nåavmesjenjaelmie"),
        ("5001", 2022, "Trondheim"),
        ("5001", 2023, "Trondheim - Tråante"),
        ("5001", 2017, None),
        ("9999", 2018, None),
    ],
)
def test_a_name_belongs_to_a_year(places: Places, number: str, year: int, name: str | None) -> None:
    assert places.name(number, year) == name
    assert places.existed_in(number, year) is (name is not None)


def test_oslo_has_fifteen_districts_and_no_other_municipality_has_any(places: Places) -> None:
    assert [number for number in places.kommuner if places.has_districts(number)] == ["0301"]
    districts = [f"{number:02}" for number in range(100) if places.is_district("0301", f"{number:02}", 2018)]
    assert districts == [f"{number:02}" for number in range(1, 16)]
    assert not places.is_district("4601", "01", 2020)
    assert not places.is_district("0301", "01", 1999)


KOMMUNER = "kommunenummer,navn,gyldig_fra,gyldig_til,kilde\n"
ENDRINGER = "dato,fra,til,art,kilde\n"
BYDELER = "kommunenummer,bydelsnummer,navn,gyldig_fra,gyldig_til,kilde\n"


@pytest.mark.parametrize(
    ("kommuner", "endringer", "bydeler", "message"),
    [
        ("301,Oslo,2016-01-01,,x\n", "", "", "kommuner, line 2: '301' is not 4 digits"),
        ("0301,Oslo,1.1.2016,,x\n", "", "", "kommuner, line 2: '1.1.2016' is not a date"),
        ("0301,Oslo,2016-01-01\n", "", "", "kommuner, line 2: the row has more or fewer columns"),
        ("0301,Oslo,2016-01-01,,x,y\n", "", "", "kommuner, line 2: the row has more or fewer columns"),
        ("", "2020-01-01,0101,3001,flyttet,x\n", "", "kommuneendringer, line 2: art must be one of"),
        ("", "2020-01-01,0101,301,delt,x\n", "", "kommuneendringer, line 2: '301' is not 4 digits"),
        ("", "", "0301,1,Gamle Oslo,2004-01-01,,x\n", "bydeler, line 2: '1' is not 2 digits"),
    ],
)
def test_a_table_that_cannot_be_read_names_the_line(kommuner: str, endringer: str, bydeler: str, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        parse_places(KOMMUNER + kommuner, ENDRINGER + endringer, BYDELER + bydeler)


def test_a_table_with_another_heading_is_refused() -> None:
    with pytest.raises(ValueError, match="kommuner, line 1: the heading must be kommunenummer,navn"):
        parse_places("nr;navn\n0301;Oslo\n", ENDRINGER, BYDELER)
    with pytest.raises(ValueError, match="bydeler, line 1"):
        parse_places(KOMMUNER, ENDRINGER, "")
