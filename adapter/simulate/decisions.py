"""Services: application, decision, start, new rows in the same decision, stop, refusal and complaint."""

from dataclasses import dataclass
from datetime import date, timedelta

from adapter.domain.records import Tjeneste
from adapter.simulate.assessments import assess
from adapter.simulate.chart import Chart, Running
from adapter.simulate.services import Service

REFUSED = 0.08
"""Share of applications that are refused."""
COMPLAINS, ANSWERED, UPHELD = 0.25, 0.8, 0.3
APPLICATION_FIRST = 0.3
"""Share of decisions whose row is on the bus already as an application."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dates:
    """The course of one application."""

    applied: date
    decided: date
    start: date


def course_from(chart: Chart, applied: date) -> Dates:
    """An application in the year, decided and started before the year is out."""
    decided = min(applied + chart.days(1, 14), chart.last_day)
    return Dates(applied, decided, min(decided + chart.days(0, 7), chart.last_day))


def course_to(chart: Chart, start: date) -> Dates:
    """The course that led to a known start."""
    decided = start - chart.days(0, 14)
    return Dates(decided - chart.days(2, 30), decided, start)


def apply_for(chart: Chart, service: Service, applied: date) -> None:
    """Someone applies; the answer is a service or a refusal."""
    if chart.rng.random() < REFUSED:
        refuse(chart, service, applied)
    else:
        grant(chart, service, course_from(chart, applied))


def grant(chart: Chart, service: Service, dates: Dates, registered: date | None = None) -> Running:
    """A granted service, and the first mapping with it.

    `registered` is the day an older decision is published; without it, the events come as things happen.
    """
    journal = chart.journal
    decision = Tjeneste(
        tjenestetype=service.code,
        vedtak_id=journal.new_id("v"),
        vedtak_rad=1,
        vedtak="innvilget",
        soknad_dato=dates.applied,
        vedtak_dato=dates.decided,
        timer_per_uke=draw_hours(chart, service),
        orgnummer=chart.performer(service),
        fra_dato=dates.start,
    )
    if registered is None and chart.rng.random() < APPLICATION_FIRST:
        row = journal.register(dates.applied, _application(decision))
        journal.revise(dates.decided, row, **{name: getattr(decision, name) for name in _DECIDED})
    else:
        row = journal.register(registered or dates.decided, decision)
    running = Running(service, row)
    chart.running.append(running)
    chart.today = max(chart.today, dates.start)
    if not chart.scores:
        assess(chart, registered or dates.decided, dates.decided)
    return running


_DECIDED = ("vedtak", "vedtak_dato", "timer_per_uke", "orgnummer", "fra_dato")


def _application(decision: Tjeneste) -> Tjeneste:
    return Tjeneste(
        tjenestetype=decision.tjenestetype,
        vedtak_id=decision.vedtak_id,
        vedtak_rad=1,
        soknad_dato=decision.soknad_dato,
    )


def refuse(chart: Chart, service: Service, applied: date) -> None:
    """A refusal has no service dates. Some complain, and some of them are heard."""
    decided = min(applied + chart.days(3, 25), chart.last_day)
    chart.today = max(chart.today, decided)
    row = chart.journal.register(
        decided,
        Tjeneste(
            tjenestetype=service.code,
            vedtak_id=chart.journal.new_id("v"),
            vedtak_rad=1,
            vedtak="avslag",
            soknad_dato=applied,
            vedtak_dato=decided,
        ),
    )
    complained = decided + chart.days(4, 20)
    if complained > chart.last_day or chart.rng.random() >= COMPLAINS:
        return
    chart.journal.revise(complained, row, klage_mottatt_dato=complained)
    answered = complained + chart.days(10, 40)
    chart.today = complained
    if answered > chart.last_day or chart.rng.random() >= ANSWERED:
        return
    chart.journal.revise(answered, row, klage_besvart_dato=answered)
    chart.today = answered
    if chart.rng.random() < UPHELD:
        grant(chart, service, Dates(applied, answered, answered))


def pause(chart: Chart, running: Running, last: date) -> None:
    """The row ends; the decision stands and may get a new row."""
    chart.journal.revise(last, running.row, til_dato=last)


def stop(chart: Chart, running: Running, last: date) -> None:
    """The service ends for good."""
    pause(chart, running, last)
    chart.running.remove(running)


def resume(chart: Chart, running: Running, start: date, hours: float | None) -> None:
    """The next row of the same decision."""
    old = running.row.innhold
    running.row = chart.journal.register(
        start,
        Tjeneste(
            tjenestetype=old.tjenestetype,
            vedtak_id=old.vedtak_id,
            vedtak_rad=(old.vedtak_rad or 1) + 1,
            vedtak="innvilget",
            soknad_dato=old.soknad_dato,
            vedtak_dato=old.vedtak_dato,
            timer_per_uke=hours,
            orgnummer=old.orgnummer,
            fra_dato=start,
        ),
    )


def change_hours(chart: Chart, day: date) -> None:
    """More or fewer hours: the old row ends the day before, the decision gets a new row."""
    able = [running for running in chart.running if running.service.hours and running.since < day]
    if not able:
        return
    running = chart.rng.choice(able)
    pause(chart, running, day - _ONE_DAY)
    resume(chart, running, day, draw_hours(chart, running.service))


def draw_hours(chart: Chart, service: Service) -> float | None:
    """Hours a week in quarters, most of them low in the range; None for services that are not counted in hours."""
    if service.hours is None:
        return None
    fewest, most = service.hours
    drawn: float = chart.rng.random() ** 2.5
    return round(4 * (fewest + (most - fewest) * drawn)) / 4
