"""One recipient's year of care, from the first registration to the last."""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from adapter.domain.records import Ident, PersonInn, Sammenslaing
from adapter.simulate.assessments import assess, describe, diagnose
from adapter.simulate.chart import Chart, Recipient
from adapter.simulate.decisions import apply_for, course_to, grant
from adapter.simulate.identities import Identities, Unit
from adapter.simulate.journal import Journal
from adapter.simulate.life import LIFE_EVENTS, die
from adapter.simulate.population import draw_person
from adapter.simulate.services import LONG_TERM_STAY

ALREADY_RECEIVES = 0.62
"""Share who had services before the year; the journal system publishes them during January."""
D_NUMBER, TWO_KEYS = 0.01, 0.006
DIAGNOSED = 0.45
_ONE_DAY = timedelta(days=1)


def draw_recipient(rng: random.Random, year: int, identities: Identities) -> Recipient:
    """Someone new, with a number nobody else has."""
    key = f"p-{rng.getrandbits(64):016x}"
    born, sex, profile = draw_person(rng, year)
    number, d_number, born = identities.draw(born, sex)
    return Recipient(key, born, sex, number, d_number, profile)


def live(recipient: Recipient, year: int, units: Sequence[Unit], rng: random.Random) -> Journal:
    """The journal of one year."""
    new_year = date(year, 1, 1)
    journal = Journal(recipient.key, rng.choice(units), new_year, rng)
    old_hand = rng.random() < ALREADY_RECEIVES
    arrival = new_year + timedelta(days=rng.randrange(31) if old_hand else rng.randint(1, 330))
    chart = Chart(recipient, journal, tuple(units), year, rng, today=arrival)
    _arrive(chart, arrival)
    if old_hand:
        _bring_services(chart, arrival, new_year)
    else:
        _seek_first_services(chart, arrival)
    for day, happen in _year_ahead(chart):
        today = max(day, chart.today + _ONE_DAY)
        if chart.closed or today > chart.last_day:
            break
        chart.today = today
        happen(chart, today)
    return journal


def _arrive(chart: Chart, day: date) -> None:
    """The person row and the first set of personopplysninger; for a few under two keys that are merged at once."""
    recipient, journal = chart.recipient, chart.journal
    fate = chart.rng.random()
    as_d_number = fate < D_NUMBER + TWO_KEYS
    ident = Ident(nummer=recipient.d_number, type="2") if as_d_number else Ident(nummer=recipient.number, type="1")
    since = max(day - chart.days(0, 30), chart.recipient.born)
    person = PersonInn(
        ident=ident,
        kommunenummer=journal.unit[0],
        bydelsnummer=journal.unit[1] or None,
        fra_dato=since,
        fodselsdato=recipient.born,
        kjonn=recipient.sex,
        endret_dato=day,
    )
    chart.person = journal.register(day, person)
    if D_NUMBER <= fate < D_NUMBER + TWO_KEYS:
        other = f"p-{chart.rng.getrandbits(64):016x}"
        journal.register(day, Sammenslaing(videre_til=other))
        journal.key = other
        person = replace(person, ident=Ident(nummer=recipient.number, type="1"))
        chart.person = journal.register(day, person)
    describe(chart, day, since)


def _bring_services(chart: Chart, day: date, new_year: date) -> None:
    """What ran before the year and still does, published in one go."""
    oldest = min(2500, (new_year - chart.recipient.born).days - 400)
    codes = _draw_codes(chart)
    if chart.rng.random() < chart.profile.institution:
        codes = [LONG_TERM_STAY]
    starts = [new_year - timedelta(days=1 + int(oldest * chart.rng.random() ** 2)) for _ in codes]
    assess(chart, day, min(starts))
    if chart.rng.random() < DIAGNOSED:
        diagnose(chart, day)
    for code, start in zip(codes, starts, strict=True):
        grant(chart, chart.services[code], course_to(chart, start), registered=day)


def _seek_first_services(chart: Chart, day: date) -> None:
    """Someone new applies."""
    for code in _draw_codes(chart):
        apply_for(chart, chart.services[code], day)
    if chart.running and chart.rng.random() < DIAGNOSED:
        diagnose(chart, chart.today)


def _draw_codes(chart: Chart) -> list[int]:
    shares = chart.profile.services.items()
    codes = [code for code, share in shares if code in chart.services and chart.rng.random() < share]
    return codes or [chart.profile.mainstay]


def _year_ahead(chart: Chart) -> list[tuple[date, Callable[[Chart, date], None]]]:
    """What will happen, by day. The chance shrinks with what is left of the year."""
    left = (chart.last_day - chart.today).days
    share = left / 365
    chances = [(event.happen, getattr(event, chart.profile.name)) for event in LIFE_EVENTS]
    weaker = 2 if chart.in_institution else 1
    chances.append((die, chart.profile.death * weaker))
    return sorted(
        (
            (chart.today + timedelta(days=1 + int(chart.rng.random() * left)), happen)
            for happen, chance in chances
            if chart.rng.random() < chance * share
        ),
        key=lambda planned: planned[0],
    )
