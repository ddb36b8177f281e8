"""What can happen to someone during the year, and how often. Each function is told the day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from adapter.domain.records import Dogntilbud, Ident
from adapter.simulate.assessments import assess, describe, diagnose, end_assessments, reassess, yearly_set
from adapter.simulate.chart import Chart
from adapter.simulate.decisions import apply_for, change_hours, course_to, grant, pause, resume, stop
from adapter.simulate.identities import HOSPITALS
from adapter.simulate.services import LONG_TERM_STAY, SHORT_STAYS

_ONE_DAY = timedelta(days=1)


def seek_more(chart: Chart, day: date) -> None:
    """Applies for a service the person does not have."""
    if chart.in_institution:
        return
    held = {running.service.code for running in chart.running}
    open_to = [code for code in chart.profile.services if code in chart.services and code not in held]
    weights = [chart.profile.services[code] for code in open_to]
    apply_for(chart, chart.services[chart.rng.choices(open_to, weights)[0]], day)


def end_one(chart: Chart, day: date) -> None:
    """A service is no longer needed."""
    able = [running for running in chart.running if running.since < day]
    if able:
        stop(chart, chart.rng.choice(able), day)


def hospital(chart: Chart, day: date) -> None:
    """A stay in specialist care: home services stop and go on in new rows; housing and long-term stays do not stop."""
    out = day + chart.days(2, 18)
    if out > chart.last_day:
        return
    stay = chart.journal.register(day, Dogntilbud(orgnummer=chart.rng.choice(HOSPITALS), fra_dato=day))
    stopped = [running for running in chart.running if running.service.group == "home" and running.since < day]
    for running in stopped:
        pause(chart, running, day)
    chart.journal.revise(out, stay, til_dato=out)
    for running in stopped:
        resume(chart, running, out, running.row.innhold.timer_per_uke)
    chart.today = out


def short_stay(chart: Chart, day: date) -> None:
    """A time-limited stay, usually some weeks, while services at home wait."""
    if chart.in_institution:
        return
    service = chart.services[chart.rng.choices(SHORT_STAYS, (5, 3, 2, 2))[0]]
    running = grant(chart, service, course_to(chart, day), registered=day)
    out = day + (chart.days(1, 4) if service.code == 25 else chart.days(7, 28))
    if out <= chart.last_day:
        stop(chart, running, out)
        chart.today = out


def to_institution(chart: Chart, day: date) -> None:
    """A place for good: everything at home ends the day before."""
    if chart.in_institution:
        return
    for running in tuple(chart.running):
        if running.since < day:
            stop(chart, running, day - _ONE_DAY)
    if not chart.running:
        grant(chart, chart.services[LONG_TERM_STAY], course_to(chart, day), registered=day)


def move_district(chart: Chart, day: date) -> None:
    """To another district of the same city: the old district ends what it has, the new one maps and decides anew."""
    here, person = chart.journal.unit, chart.person
    others = [unit for unit in chart.units if unit[0] == here[0] and unit[1] and unit != here]
    if not others or person is None or chart.in_institution or not _all_begun(chart, day):
        return
    moving = [running.service for running in chart.running]
    for running in tuple(chart.running):
        stop(chart, running, day - _ONE_DAY)
    end_assessments(chart, day - _ONE_DAY)
    chart.journal.unit = chart.rng.choice(others)
    chart.journal.revise(day, person, bydelsnummer=chart.journal.unit[1], fra_dato=day, endret_dato=day)
    if moving:
        assess(chart, day, day)
    for service in moving:
        grant(chart, service, course_to(chart, day), registered=day)
    describe(chart, day, day)


def _all_begun(chart: Chart, day: date) -> bool:
    starts = [running.since for running in chart.running]
    starts += [row.innhold.fra_dato or day for row in chart.scores]
    starts += [chart.opplysning.innhold.fra_dato or day] if chart.opplysning else []
    return all(start < day for start in starts)


def get_number(chart: Chart, day: date) -> None:
    """A D-number becomes a fødselsnummer: the same person row with another identity."""
    ident = chart.person and chart.person.innhold.ident
    if chart.person is not None and ident and ident.type == "2":
        number = Ident(nummer=chart.recipient.number, type="1")
        chart.journal.revise(day, chart.person, ident=number, endret_dato=day)


def die(chart: Chart, day: date) -> None:
    """Death is registered, and every service ends on that day."""
    if chart.person is not None and all(running.since <= day for running in chart.running):
        chart.journal.revise(day, chart.person, dod_dato=day, endret_dato=day)
        for running in tuple(chart.running):
            stop(chart, running, day)
        chart.closed = True


def be_erased(chart: Chart, day: date) -> None:
    """The person is to be forgotten."""
    chart.journal.erase(day)
    chart.closed = True


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Chances in a whole year, by profile name."""

    happen: Callable[[Chart, date], None]
    barn: float
    voksen: float
    eldre: float


LIFE_EVENTS = (
    LifeEvent(change_hours, 0.25, 0.3, 0.35),
    LifeEvent(change_hours, 0.05, 0.08, 0.12),
    LifeEvent(reassess, 0.35, 0.35, 0.4),
    LifeEvent(yearly_set, 0.6, 0.6, 0.6),
    LifeEvent(diagnose, 0.05, 0.08, 0.1),
    LifeEvent(hospital, 0.03, 0.08, 0.16),
    LifeEvent(seek_more, 0.2, 0.2, 0.22),
    LifeEvent(end_one, 0.12, 0.14, 0.12),
    LifeEvent(short_stay, 0.0, 0.03, 0.14),
    LifeEvent(to_institution, 0.0, 0.005, 0.06),
    LifeEvent(move_district, 0.03, 0.05, 0.02),
    LifeEvent(get_number, 0.7, 0.7, 0.7),
    LifeEvent(be_erased, 0.003, 0.003, 0.003),
)
