"""Laws of the year view that no list of examples can show."""

from datetime import date, timedelta
from random import Random

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from adapter.domain.enhet import Enhet
from adapter.domain.records import Funksjon, Record
from adapter.domain.tilstand import Linje, Tilstand
from adapter.domain.yearview import touches, year_view
from tests.property.registrations import UNITS, dates, histories, rows
from tests.sound import linje

BERGEN = UNITS[0]
START, END = date(2018, 1, 1), date(2018, 12, 31)
DAYS = [START + timedelta(days=number) for number in range(365)]

units = st.sampled_from(UNITS)
States = dict[str, Linje]


@given(histories(units), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(state: States, random: Random) -> None:
    shuffled = list(state.items())
    random.shuffle(shuffled)
    assert year_view("p", shuffled, BERGEN, 2018) == year_view("p", state.items(), BERGEN, 2018)


@given(histories(units))
def test_the_way_through_storage_does_not_matter(state: States) -> None:
    stored = Tilstand.decode(Tilstand(dict(state)).encode())
    assert year_view("p", stored.linjer.items(), BERGEN, 2018) == year_view("p", state.items(), BERGEN, 2018)


def days_of(record: Record) -> list[date]:
    values = (getattr(record, field) for field in record.__struct_fields__)
    return [value for value in values if isinstance(value, date)]


@given(rows)
def test_a_record_that_ended_before_the_year_never_shows(record: Record) -> None:
    assume(days_of(record))
    moved = _moved(record, latest=date(2017, 12, 31))
    assume(getattr(moved, "til_dato", None) is not None)
    assert year_view("p", [linje(moved)], BERGEN, 2018) is None


@given(rows)
def test_a_record_that_begins_after_the_year_never_shows(record: Record) -> None:
    moved = _moved(record, earliest=date(2019, 1, 1))
    assume(getattr(moved, "fra_dato", None) is not None)
    assert year_view("p", [linje(moved)], BERGEN, 2018) is None


def _moved(record: Record, earliest: date = date.min, latest: date = date.max) -> Record:
    """The record with every date brought within the bounds."""
    fields = {
        field: min(max(value, earliest), latest)
        for field in record.__struct_fields__
        if isinstance(value := getattr(record, field), date)
    }
    return msgspec.structs.replace(record, **fields)


# Drawn in order, so that nothing has to be thrown away.
periods = st.tuples(dates, dates).map(sorted)


@given(periods)
def test_a_closed_period_shows_when_a_day_of_it_lies_in_the_year(period: list[date]) -> None:
    fra, til = period
    record = Funksjon(funksjonstype=1, verdi=2, fra_dato=fra, til_dato=til)
    assert touches(record, START, END) is any(fra <= day <= til for day in DAYS)


@given(histories(units))
def test_every_record_shows_in_one_unit_at_most(state: States) -> None:
    seen = [
        (rad.kind, rad.id)
        for unit in UNITS
        if (view := year_view("p", state.items(), unit, 2018)) is not None
        for rad in view.rader()
    ]
    assert len(seen) == len(set(seen))


@given(histories(units), histories(st.just(Enhet("5001"))))
def test_what_other_units_register_changes_only_who_the_person_is(state: States, others: States) -> None:
    mine = year_view("p", state.items(), BERGEN, 2018)
    both = year_view("p", (others | state).items(), BERGEN, 2018)
    assert (mine.rader() if mine else None) == (both.rader() if both else None)
