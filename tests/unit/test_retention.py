"""When a year is closed only what an open year needs remains, and nothing needed is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.enhet import Enhet
from adapter.domain.records import Dogntilbud, Funksjon, Kind, Person, Personopplysning, Record, Sammenslaing, Tjeneste
from adapter.domain.retention import still_needed
from adapter.domain.tilstand import NOTHING, Linje, Tilstand, encode_record, record_key
from adapter.domain.yearview import year_view

OPEN = 2019
HERE = Enhet("5001")


def line(record: Record, *, annulled: bool = False) -> Linje:
    return Linje(1, annulled, "5001", "", encode_record(record))


PERSON: tuple[Kind, Record] = ("person", Person(kommunenummer="5001", fra_dato=date(2010, 1, 1)))
RUNNING: tuple[Kind, Record] = ("tjeneste", Tjeneste(tjenestetype=6, vedtak="innvilget", fra_dato=date(2018, 5, 1)))


def state(*rows: tuple[Kind, Record]) -> Tilstand:
    return Tilstand({record_key(kind, f"r{number}"): line(record) for number, (kind, record) in enumerate(rows)})


@pytest.mark.parametrize(
    ("why", "record", "kept"),
    [
        ("open", Tjeneste(tjenestetype=6, fra_dato=date(2018, 1, 1)), True),
        ("ends on the first day of the open year", Tjeneste(tjenestetype=6, til_dato=date(2019, 1, 1)), True),
        ("ended on the last day of the closed year", Tjeneste(tjenestetype=6, til_dato=date(2018, 12, 31)), False),
        ("begins later", Tjeneste(tjenestetype=6, fra_dato=date(2020, 1, 1), til_dato=date(2020, 2, 1)), True),
        (
            "ended, but a complaint was answered in the open year",
            Tjeneste(tjenestetype=6, til_dato=date(2018, 3, 1), klage_besvart_dato=date(2019, 1, 4)),
            True,
        ),
        ("refused in the closed year", Tjeneste(tjenestetype=6, vedtak="avslag", vedtak_dato=date(2018, 9, 1)), False),
        ("refused in the open year", Tjeneste(tjenestetype=6, vedtak="avslag", vedtak_dato=date(2019, 1, 9)), True),
        ("a stay that is over", Dogntilbud(fra_dato=date(2018, 1, 1), til_dato=date(2018, 1, 9)), False),
        ("a score that is over", Funksjon(funksjonstype=1, verdi=2, til_dato=date(2018, 6, 1)), False),
        ("a set without dates", Personopplysning(husstand=1), True),
    ],
)
def test_a_record_is_kept_if_an_open_year_may_need_it(why: str, record: Record, kept: bool) -> None:
    kind: Kind = {Tjeneste: "tjeneste", Dogntilbud: "dogntilbud", Funksjon: "funksjon"}.get(  # type: ignore[assignment]
        type(record), "personopplysning"
    )
    assert (record_key(kind, "r0") in still_needed(state((kind, record), RUNNING), OPEN).linjer) is kept, why


def test_a_person_about_whom_nothing_is_left_is_removed_whole() -> None:
    over: tuple[Kind, Record] = ("tjeneste", Tjeneste(tjenestetype=6, til_dato=date(2018, 2, 1)))
    assert still_needed(state(PERSON, over), OPEN).linjer == {}


def test_the_person_row_stays_while_another_key_goes_by_it() -> None:
    merged: tuple[Kind, Record] = ("sammenslaing", Sammenslaing(videre_til="p-2"))
    assert set(still_needed(state(PERSON, merged), OPEN).linjer) == {"person/r0", "sammenslaing/r1"}


@pytest.mark.parametrize(
    "row",
    [
        Person(kommunenummer="5001", fra_dato=date(2019, 3, 1)),
        Person(kommunenummer="5001", fra_dato=date(2010, 1, 1), endret_dato=date(2019, 3, 1)),
    ],
)
def test_a_person_row_of_an_open_year_waits_for_its_first_service(row: Person) -> None:
    assert set(still_needed(state(("person", row)), OPEN).linjer) == {"person/r0"}


def test_the_person_row_stays_with_what_is_left() -> None:
    assert set(still_needed(state(PERSON, RUNNING), OPEN).linjer) == {"person/r0", "tjeneste/r1"}


def test_an_annulment_stays_so_that_a_late_version_brings_nothing_back() -> None:
    tilstand = state(PERSON)
    tilstand.linjer["tjeneste/x"] = Linje(2, annullert=True, kommunenummer="5001", bydelsnummer="", innhold=NOTHING)
    kept = still_needed(tilstand, OPEN)
    assert set(kept.linjer) == {"tjeneste/x"}
    late = Linje(1, False, "5001", "", encode_record(Tjeneste(tjenestetype=6, fra_dato=date(2019, 2, 1))))
    kept.put("tjeneste/x", late)
    assert year_view("p", kept.linjer.items(), HERE, OPEN) is None


def test_of_the_dead_nothing_is_kept_however_open() -> None:
    dead: tuple[Kind, Record] = ("person", Person(kommunenummer="5001", dod_dato=date(2018, 12, 31)))
    alive: tuple[Kind, Record] = ("person", Person(kommunenummer="5001", dod_dato=date(2019, 1, 1)))
    assert still_needed(state(dead, RUNNING), OPEN).linjer == {}
    assert set(still_needed(state(alive, RUNNING), OPEN).linjer) == {"person/r0", "tjeneste/r1"}


def test_an_erased_person_stays_a_bare_mark() -> None:
    kept = still_needed(Tilstand(slettet=True), OPEN)
    assert kept.slettet
    assert kept.linjer == {}


dates = st.none() | st.dates(date(2016, 1, 1), date(2021, 12, 31))
made_up = st.builds(
    Tjeneste,
    tjenestetype=st.just(6),
    vedtak=st.sampled_from([None, "innvilget", "avslag"]),
    soknad_dato=dates,
    vedtak_dato=dates,
    fra_dato=dates,
    til_dato=dates,
    klage_mottatt_dato=dates,
)


@given(st.lists(made_up, max_size=6), st.integers(2019, 2022))
def test_no_open_year_can_tell_that_a_year_was_closed(rows: list[Tjeneste], year: int) -> None:
    services: list[tuple[Kind, Record]] = [("tjeneste", row) for row in rows]
    before = state(PERSON, *services)
    after = still_needed(before, OPEN)
    assert year_view("p", after.linjer.items(), HERE, year) == year_view("p", before.linjer.items(), HERE, year)
    assert still_needed(after, OPEN).encode() == after.encode()
