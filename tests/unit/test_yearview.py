"""What of a person belongs in one unit's message for 2018."""

from collections.abc import Callable
from datetime import date

import pytest

from adapter.domain.enhet import Enhet
from adapter.domain.records import Person, Record, Sammenslaing, Tjeneste
from adapter.domain.tilstand import Linje
from adapter.domain.yearview import PersonAar, year_view
from tests.sound import BERGEN, avslag, diagnose, dogntilbud, funksjon, linje, opplysning, person, tjeneste

BEFORE, FIRST, MIDDLE = date(2017, 12, 31), date(2018, 1, 1), date(2018, 7, 1)
LAST, AFTER = date(2018, 12, 31), date(2019, 1, 1)
LONG_AGO, FAR_AHEAD = date(2015, 4, 1), date(2021, 4, 1)


def view(*lines: tuple[str, Linje], enhet: Enhet = BERGEN) -> PersonAar | None:
    return year_view("person-1", lines, enhet, 2018)


def ids(year: PersonAar | None) -> list[str]:
    return [rad.id for rad in year.rader()] if year else []


def shows(record: Record) -> bool:
    return view(linje(person(), "p1"), linje(record)) is not None


def bare(fra: date | None, til: date | None, **fields: object) -> Tjeneste:
    """A granted service with no other dates than its own."""
    none = {"soknad_dato": None, "vedtak_dato": None, "fra_dato": fra, "til_dato": til}
    return tjeneste(**none | fields)


@pytest.mark.parametrize(
    ("about", "record", "shown"),
    [
        ("inside", bare(MIDDLE, MIDDLE), True),
        ("over the whole year", bare(LONG_AGO, FAR_AHEAD), True),
        ("ended on the last day before", bare(LONG_AGO, BEFORE), False),
        ("ends on the first day", bare(LONG_AGO, FIRST), True),
        ("starts on the last day", bare(LAST, FAR_AHEAD), True),
        ("starts on the first day after", bare(AFTER, FAR_AHEAD), False),
        ("open since long ago", bare(LONG_AGO, None), True),
        ("open from the last day", bare(LAST, None), True),
        ("open from the day after", bare(AFTER, None), False),
        ("start missing, ends in the year", bare(None, FIRST), True),
        ("start missing, ended before", bare(None, BEFORE), False),
        ("start missing, ends after", bare(None, FAR_AHEAD), True),
        ("no date at all", bare(None, None), True),
        ("wrong way round, start on the first day", bare(FIRST, LONG_AGO), True),
        ("wrong way round, start on the last day", bare(LAST, LONG_AGO), True),
        ("wrong way round, end on the first day", bare(FAR_AHEAD, FIRST), True),
        ("wrong way round, end on the last day", bare(FAR_AHEAD, LAST), True),
        ("wrong way round, all before", bare(BEFORE, LONG_AGO), False),
        ("wrong way round, all after", bare(FAR_AHEAD, AFTER), False),
        ("wrong way round, around the year", bare(FAR_AHEAD, LONG_AGO), False),
        ("applied for on the last day", bare(None, None, soknad_dato=LAST), True),
        ("applied for after", bare(None, None, soknad_dato=AFTER), False),
        ("decided on the first day, starts after", bare(AFTER, None, vedtak_dato=FIRST), True),
        ("decided before, without dates", bare(None, None, vedtak_dato=BEFORE), False),
        ("complaint received in the year", bare(LONG_AGO, BEFORE, klage_mottatt_dato=MIDDLE), True),
        ("complaint answered in the year", bare(LONG_AGO, BEFORE, klage_besvart_dato=MIDDLE), True),
        ("complaint answered after", bare(LONG_AGO, BEFORE, klage_besvart_dato=AFTER), False),
        ("refused in the year", avslag(), True),
        ("refused before, dates over the year", avslag(soknad_dato=None, vedtak_dato=BEFORE, fra_dato=LONG_AGO), False),
        ("refused after, applied for in the year", avslag(soknad_dato=LAST, vedtak_dato=AFTER), True),
        ("refused before", avslag(soknad_dato=LONG_AGO, vedtak_dato=BEFORE), False),
        ("no outcome, over the year", bare(LONG_AGO, None, vedtak=None), True),
        ("score that ended before", funksjon(fra_dato=LONG_AGO, til_dato=BEFORE), False),
        ("score that still holds", funksjon(fra_dato=LONG_AGO), True),
        ("score without dates", funksjon(fra_dato=None), True),
        ("score of the year after", funksjon(fra_dato=AFTER), False),
        ("diagnosis of old", diagnose(fra_dato=LONG_AGO), True),
        ("diagnosis that ended before", diagnose(fra_dato=LONG_AGO, til_dato=BEFORE), False),
        ("hospital stay over New Year", dogntilbud(fra_dato=BEFORE, til_dato=FIRST), True),
        ("hospital stay before", dogntilbud(fra_dato=LONG_AGO, til_dato=BEFORE), False),
        ("person information of the year", opplysning(), True),
        ("person information of the year after", opplysning(fra_dato=AFTER), False),
        ("a person row alone is no year", person(), False),
        ("a merge alone is no year", Sammenslaing(videre_til="person-2"), False),
    ],
    ids=str,
)
def test_which_records_touch_the_year(about: str, record: Record, *, shown: bool) -> None:
    assert shows(record) is shown, about


def test_annulled_records_are_gone() -> None:
    assert view(linje(person(), "p1"), linje(tjeneste(), annullert=True)) is None
    year = view(linje(person(), "p1", annullert=True), linje(tjeneste()))
    assert year is not None
    assert year.person is None


OSLO_1, OSLO_2 = Enhet("0301", "01"), Enhet("0301", "02")


def test_each_unit_sees_what_it_registered() -> None:
    lines = [linje(person(), "p1", OSLO_1), linje(tjeneste(), "t1", OSLO_1), linje(funksjon(), "f2", OSLO_2)]
    assert ids(view(*lines, enhet=OSLO_1)) == ["t1"]
    assert ids(view(*lines, enhet=OSLO_2)) == ["f2"]
    assert view(*lines, enhet=Enhet("0301")) is None
    assert view(*lines, enhet=BERGEN) is None


def test_who_the_person_is_may_come_from_another_unit() -> None:
    year = view(linje(person(), "p1", OSLO_1), linje(tjeneste(), "t2", OSLO_2), enhet=OSLO_2)
    assert year is not None
    assert year.person is not None


def test_a_new_municipality_number_is_read_as_the_one_of_the_year() -> None:
    lines = [linje(person(), "p1"), linje(tjeneste(), "t1", Enhet("4601")), linje(funksjon(), "f1")]
    assert ids(view(*lines)) == ["f1"]
    renamed = year_view("person-1", lines, BERGEN, 2018, {"4601": "1201", "1201": "1201"}.__getitem__)
    assert ids(renamed) == ["f1", "t1"]


@pytest.mark.parametrize(
    ("about", "rows", "expected"),
    [
        ("one", {"a": LONG_AGO}, "a"),
        ("the last that began in the year", {"a": LONG_AGO, "b": MIDDLE, "c": FIRST}, "b"),
        ("began on the last day", {"a": MIDDLE, "b": LAST}, "b"),
        ("moved after the year", {"a": MIDDLE, "b": AFTER}, "a"),
        ("all of them later: the first", {"a": FAR_AHEAD, "b": AFTER}, "b"),
        ("no date is the oldest", {"a": None, "b": LONG_AGO}, "b"),
        ("no date is better than a later one", {"a": None, "b": AFTER}, "a"),
        ("the same day: the id decides", {"a": MIDDLE, "b": MIDDLE}, "b"),
    ],
    ids=str,
)
def test_which_home_municipality_counts(about: str, rows: dict[str, date | None], expected: str) -> None:
    persons = [linje(person(fra_dato=fra), name) for name, fra in rows.items()]
    for order in (persons, persons[::-1]):
        year = view(*order, linje(tjeneste()))
        assert year is not None
        assert year.person is not None
        assert year.person.id == expected, about


@pytest.mark.parametrize("dod_dato", [BEFORE, MIDDLE, AFTER])
def test_death_changes_nothing_in_the_view_for_the_rules_must_see_it(dod_dato: date) -> None:
    year = view(linje(person(dod_dato=dod_dato), "p1"), linje(tjeneste(til_dato=None)))
    assert year is not None
    assert isinstance(year.person.innhold if year.person else None, Person)
    assert ids(year) == ["r1"]


def test_services_come_by_decision_row_and_start() -> None:
    rows = {
        "last": tjeneste(vedtak_id="v2", vedtak_rad=1),
        "third": tjeneste(vedtak_id="v1", vedtak_rad=2),
        "second": tjeneste(vedtak_id="v1", vedtak_rad=1, fra_dato=MIDDLE),
        "first": tjeneste(vedtak_id="v1", vedtak_rad=1, fra_dato=FIRST),
        "loose": tjeneste(vedtak_id=None, vedtak_rad=None),
    }
    year = view(*(linje(record, name) for name, record in rows.items()))
    assert ids(year) == ["loose", "first", "second", "third", "last"]


def test_a_row_without_number_comes_first_in_its_decision() -> None:
    year = view(linje(tjeneste(vedtak_rad=1), "a"), linje(tjeneste(vedtak_rad=None), "b"))
    assert ids(year) == ["b", "a"]


def test_scores_of_one_day_come_by_variable() -> None:
    year = view(
        linje(funksjon(funksjonstype=2), "b"),
        linje(funksjon(funksjonstype=1), "c"),
        linje(funksjon(funksjonstype=1), "a"),
    )
    assert ids(year) == ["a", "c", "b"]


@pytest.mark.parametrize("make", [tjeneste, funksjon, opplysning, diagnose, dogntilbud])
def test_rows_come_by_start_then_id_and_those_without_start_first(make: Callable[..., Record]) -> None:
    starts = {"d": MIDDLE, "c": MIDDLE, "e": FIRST, "b": None, "a": MIDDLE}
    year = view(*(linje(make(fra_dato=fra, til_dato=None), name) for name, fra in starts.items()))
    assert ids(year) == ["b", "e", "a", "c", "d"]
