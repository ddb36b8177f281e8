"""Bad registrations of services: codes, dates, hours, organisation numbers, overlaps. Same form as `bad_persons`."""

from datetime import date, timedelta

from msgspec.structs import replace

from adapter.domain.records import Tjeneste
from adapter.simulate.history import History, Version
from adapter.simulate.identities import performing_units, with_wrong_check_digit
from adapter.simulate.services import LONG_TERM_STAY, Service, code_of_another_year, services_of


def code_on_no_list(history: History) -> str | None:
    """S1: a local code leaked out."""
    return _everywhere(history.granted(), tjenestetype=history.rng.choice((10, 99, 151)))


def code_of_wrong_year(history: History) -> str | None:
    """S1: withdrawn before the year, or not introduced yet."""
    return _everywhere(history.granted(), tjenestetype=code_of_another_year(history.year))


def no_start(history: History) -> str | None:
    """S2: the service was granted and never started on paper. Only what was decided in the year is in the year."""
    new = history.granted(lambda row: row.vedtak_dato is not None and row.vedtak_dato >= history.new_year)
    return _everywhere(new, fra_dato=None)


def start_before_1980(history: History) -> str | None:
    """S2: a default date of the journal system."""
    first = {"fra_dato": date(1900, 1, 1), "vedtak_dato": date(1900, 1, 1), "soknad_dato": date(1900, 1, 1)}
    return _everywhere(history.granted(), **first)


def ends_before_it_starts(history: History) -> str | None:
    """S3: day and month were swapped, or so. Only what starts in the year is in the year."""
    row = history.granted(lambda row: row.fra_dato is not None and row.fra_dato >= history.new_year)
    return None if row is None else _everywhere(row, til_dato=_start(row) - timedelta(days=history.rng.randint(3, 90)))


def no_decision_date(history: History) -> str | None:
    """S4: the message demands the date of the decision."""
    return _everywhere(history.granted(), vedtak_dato=None)


def starts_before_decision(history: History) -> str | None:
    """S4: the paperwork came after."""
    row = history.granted()
    return (
        None if row is None else _everywhere(row, vedtak_dato=_start(row) + timedelta(days=history.rng.randint(5, 40)))
    )


def starts_before_application(history: History) -> str | None:
    """S4: applied for after it was decided and begun."""
    row = history.granted()
    return (
        None if row is None else _everywhere(row, soknad_dato=_start(row) + timedelta(days=history.rng.randint(5, 40)))
    )


def invalid_orgnr(history: History) -> str | None:
    """S5: nine digits, but not an organisation number."""
    row = history.granted(lambda service: service.orgnummer is not None)
    return None if row is None else _everywhere(row, orgnummer=with_wrong_check_digit(row[-1].innhold.orgnummer or ""))


def no_orgnr(history: History) -> str | None:
    """S5: nobody knows who performs it."""
    return _everywhere(history.granted(lambda row: _duty(history, row) == "must"), orgnummer=None)


def orgnr_where_none_belongs(history: History) -> str | None:
    """S5: housing and tracking technology are not to name a unit."""
    row = history.granted(lambda row: _duty(history, row) == "must-not")
    number = history.rng.choice(performing_units(history.units[0]))
    if row is not None:
        return _everywhere(row, orgnummer=number)
    known = history.granted()
    if known is None:
        return None
    hours_less = replace(known[-1].innhold, tjenestetype=26, timer_per_uke=None, orgnummer=number)
    spoiled = replace(hours_less, vedtak_id=_new_decision(history), vedtak_rad=1)
    return history.register(history.day_of(known[-1].draft), spoiled, beside=known[-1])


def two_hundred_hours(history: History) -> str | None:
    """S6: a week has 168 hours."""
    return _everywhere(history.granted(lambda row: row.timer_per_uke is not None), timer_per_uke=200.0)


def no_hours(history: History) -> str | None:
    """S6: a service that is counted in hours has none."""
    return _everywhere(history.granted(lambda row: row.timer_per_uke is not None), timer_per_uke=None)


def same_service_twice(history: History) -> str | None:
    """S7: the same service of the same unit in the same period, under another decision."""
    row = history.granted()
    if row is None:
        return None
    again = replace(row[-1].innhold, vedtak_id=_new_decision(history), vedtak_rad=1)
    return history.register(history.day_of(row[-1].draft), again, beside=row[-1])


def refusal_with_service_dates(history: History) -> str | None:
    """S8: refused, and yet it has a period."""
    day = history.any_day()
    return history.register(
        day,
        Tjeneste(
            tjenestetype=5,
            vedtak_id=_new_decision(history),
            vedtak_rad=1,
            vedtak="avslag",
            soknad_dato=day - timedelta(days=14),
            vedtak_dato=day,
            fra_dato=day,
            til_dato=day + timedelta(days=30),
        ),
    )


def home_service_in_institution(history: History) -> str | None:
    """S9: a long-term stay begins, and home services go on."""
    if history.granted(lambda row: row.tjenestetype == LONG_TERM_STAY):
        return None
    row = history.granted(lambda row: row.til_dato is None and _service(history, row).group == "home")
    if row is None:
        return None
    start = max(_start(row), history.day_of(row[-1].draft))
    history.register(
        start,
        Tjeneste(
            tjenestetype=LONG_TERM_STAY,
            vedtak_id=_new_decision(history),
            vedtak_rad=1,
            vedtak="innvilget",
            soknad_dato=start - timedelta(days=20),
            vedtak_dato=start - timedelta(days=4),
            orgnummer=history.rng.choice(performing_units(history.units[0])),
            fra_dato=start,
        ),
        beside=row[-1],
    )
    return row[-1].data.registrerings_id


def _everywhere(row: list[Version[Tjeneste]] | None, **changes: object) -> str | None:
    """The mistake stands in every version of the row, so that no late delivery hides it."""
    if row is None:
        return None
    for version in row:
        version.change(**changes)
    return row[-1].data.registrerings_id


def _service(history: History, row: Tjeneste) -> Service:
    return services_of(history.year)[row.tjenestetype]


def _duty(history: History, row: Tjeneste) -> str:
    return _service(history, row).orgnr


def _start(row: list[Version[Tjeneste]]) -> date:
    start = row[-1].innhold.fra_dato
    assert start is not None  # noqa: S101  # `granted` only gives rows with a start
    return start


def _new_decision(history: History) -> str:
    return f"v-{history.rng.getrandbits(48):012x}"
