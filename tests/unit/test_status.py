"""The status: units, runs and calendar from the ledger, figures from the process, before and after it was read."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace as changed

from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import planned_id
from adapter.domain.windows import moment
from adapter.ops.metrics import Metrics
from adapter.report.control import CALENDAR
from adapter.report.ledger import Kjoring
from adapter.report.live import Open
from adapter.report.status.compose import Ledger, compose
from adapter.report.status.figures import Figures, read_off
from adapter.report.status.render import to_html
from adapter.report.status.status import Lesing, Stander, Status, to_json
from tests.unit.status_example import (
    DISTRICTS,
    NOW,
    ORDINARY,
    OSLO,
    STATUSES,
    UNIT,
    YES,
    aaret,
    answered,
    counted,
    figures,
    last_year,
    run,
    status,
    the_ledger,
)

# --- units ---


def test_a_unit_is_told_by_its_newest_counts_beside_those_of_last_year() -> None:
    look = run(name="look", kommando="a look", emisjon="ingen", slag=None, status="prøvd", lopenr="",
               tidspunkt=NOW - timedelta(hours=1), meldinger=[], resultat=counted(630))  # fmt: skip
    [unit] = status(answered(run(), "ok"), look, last_year()).enheter
    assert unit.navn == "Trondheim"
    assert unit.tellinger is not None
    assert (unit.tellinger.personer.i_ar, unit.tellinger.personer.i_fjor) == (630, 598)
    assert (unit.tellinger.tjenester.i_ar, unit.tellinger.tjenester.i_fjor) == (1580, 1502)
    assert (unit.tellinger.avslag.i_ar, unit.tellinger.avslag.i_fjor) == (39, 41)
    assert unit.siste is not None
    assert unit.sendt is not None
    assert unit.siste.kjoring == unit.sendt.kjoring
    assert [one.tilstand for one in unit.sendt.meldinger] == ["kvittert", "kvittert"]


def test_that_everybody_is_a_test_person_does_not_drown_the_other_remarks() -> None:
    [unit] = status(run(), open=Counter({Open("5001", "T1", "warn"): 600, Open("5001", "P1", "warn"): 12})).enheter
    assert unit.tellinger is not None
    assert unit.tellinger.funn.warn == 45
    assert unit.apne is not None
    assert unit.apne.warn == 12


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((), ["0301"]),
        ((run(DISTRICTS[2]),), ["0301-03"]),
        ((run(DISTRICTS[2]), run(DISTRICTS[0]), run(Enhet("4601"))), ["0301-01", "0301-03"]),
        ((run(DISTRICTS[2], aar=2017),), ["0301"]),
    ],
    ids=["nothing known", "one district", "others are not ours", "another year"],
)
def test_districts_take_the_place_of_their_city(known: tuple[Kjoring, ...], expected: list[str]) -> None:
    assert [one.enhet for one in status(*known, units=(OSLO,), open=Counter()).enheter] == expected


def test_a_district_with_findings_is_there_before_any_run() -> None:
    made = status(units=(OSLO,), open=Counter({Open("0301-07", "S3", "withhold"): 12}))
    assert [(one.enhet, one.navn, one.apne and one.apne.withhold) for one in made.enheter] == [
        ("0301-07", "Vestre Aker", 12)
    ]


def test_a_refused_command_for_the_city_is_every_districts_last_run_until_a_newer_comes() -> None:
    whole = run(OSLO, "hele", kommando="hele", status="nektet", meldinger=[], resultat={}, grunn="Kafka var borte.")
    older = run(DISTRICTS[0], tidspunkt=ORDINARY - timedelta(days=1))
    newer = run(DISTRICTS[1], tidspunkt=ORDINARY + timedelta(days=1))
    first, second = status(whole, older, newer, units=(OSLO,)).enheter
    assert first.siste is not None
    assert first.siste.tilstand == "nektet"
    assert second.siste is not None
    assert second.siste.kjoring == newer.kjoring
    assert first.sendt is not None


def test_what_is_open_now_is_unknown_while_no_partition_is_read() -> None:
    assert STATUSES["empty"].enheter[0].apne is None


# --- runs ---


def test_commands_are_shown_only_while_they_have_come_to_nothing() -> None:
    begun = run(name="venter", kommando="venter", status="planlagt", steg="venter", steg_ferdig=30, steg_av=120,
                resultat={}, meldinger=[])  # fmt: skip
    done = run(name="ferdig", kommando="ferdig", status="fordelt", resultat={}, meldinger=[])
    at_it = run(name="bygger", kommando="bygger", status="planlagt", resultat={}, meldinger=[])
    its_pair = run(name="par", kommando="bygger", status="planlagt", steg="bygger", resultat={}, meldinger=[])
    lines = {one.kjoring: one for one in status(begun, done, at_it, its_pair).kjoringer}
    assert set(lines) == {"venter", "par"}
    assert (lines["venter"].tilstand, lines["venter"].steg, lines["venter"].prosent) == ("under-arbeid", "venter", 25)


def test_the_hourly_looks_do_not_push_the_runs_out_of_sight() -> None:
    looks = [
        run(name=f"look {hour}", kommando=f"c {hour}", bestilt_av=CALENDAR, emisjon="ingen", slag=None, status="prøvd",
            tidspunkt=ORDINARY + timedelta(hours=hour))
        for hour in range(1, 50)
    ]  # fmt: skip
    assert [one.kjoring for one in status(run(name="sendt"), *looks).kjoringer] == ["sendt"]


def test_the_newest_runs_come_first_and_are_twelve_at_the_most() -> None:
    runs = [run(name=f"{day}", tidspunkt=ORDINARY + timedelta(days=day)) for day in range(20)]
    assert [one.kjoring for one in status(*runs).kjoringer] == [str(day) for day in range(19, 7, -1)]


# --- the calendar ---


def test_the_windows_tell_what_is_done_and_what_is_to_come() -> None:
    november = moment(date(2018, 11, 6))
    trial = run(name="første", slag="prove", emisjon="test", tidspunkt=november - timedelta(hours=18))
    first_monday = changed(trial, kommando=planned_id(2018, UNIT, "prove", "test", "2018-11-05"))
    prove, ordinaer, gjentak, rettelse = status(first_monday, now=november).kalender.vinduer
    assert (prove.stilling, prove.kjoringer) == ("apent", Stander(gjort=1, forfalt=0, kommer=8, tapt=0))
    assert (ordinaer.stilling, ordinaer.kjoringer) == ("kommer", Stander(gjort=0, forfalt=0, kommer=1, tapt=0))
    assert (gjentak.stilling, rettelse.stilling) == ("kommer", "kommer")


def test_before_the_ledger_is_read_nothing_is_said_of_runs() -> None:
    """Without it every run would seem to be due, and every unit late."""
    last_hour = moment(date(2019, 1, 15)) + timedelta(hours=23)
    made = compose(last_hour, aaret(UNIT), Ledger(), figures(parked=Counter()), YES, YES)
    assert made.kalender.neste == ""
    assert made.kalender.oppslag == ()
    assert [one.kjoringer for one in made.kalender.vinduer] == [None] * 4
    assert made.oppgaver == ()
    page = to_html(made)
    assert "Kjøres nå" not in page
    assert "ikke lest ennå" in page


def test_a_calendar_that_is_off_promises_nothing() -> None:
    made = compose(NOW, aaret(UNIT, pa=False), the_ledger([]), figures(parked=Counter()), YES, YES)
    assert made.kalender.neste == ""
    assert [one.tekst for one in made.oppgaver] == ["Kalenderen er slått av: ingenting begynner av seg selv."]


# --- figures ---


def test_the_figures_are_those_that_prometheus_reads() -> None:
    metrics = Metrics()
    assert read_off(metrics) == Figures()
    metrics.events.labels("tjeneste", "applied", "").inc(7)
    metrics.events.labels("person", "applied", "").inc(2)
    metrics.events.labels("person", "parked", "not-json").inc(3)
    metrics.partitions.labels("running").set(3)
    metrics.partitions.labels("restoring").set(1)
    metrics.bus_partitions.set(12)
    metrics.lag.labels("11").set(40)
    metrics.persons.labels("5001").set(20)
    metrics.persons.labels("0301-03").set(4)
    metrics.open_findings.labels("5001", "S3", "withhold").set(6)
    metrics.before_scrape.append(lambda: metrics.findings_waiting.set(9))
    metrics.last_batch.set(NOW.timestamp())
    assert read_off(metrics) == Figures(
        running=3,
        restoring=1,
        bus_partitions=12,
        lag={"11": 40},
        outcomes=Counter(applied=9, parked=3),
        parked=Counter({"not-json": 3}),
        last_batch=NOW,
        persons=24,
        waiting=9,
        open=Counter({Open("5001", "S3", "withhold"): 6}),
    )


def test_ingest_is_told_as_it_is() -> None:
    made = compose(NOW, aaret(UNIT), Ledger(), replace(figures(), lag={"10": 1, "9": 2}), YES, YES).innlesing
    assert list(made.etterslep) == ["9", "10"]
    assert list(made.utfall) == ["applied", "duplicate", "parked", "annulled", "superseded", "not-for-us"]
    assert made.utfall["parked"] == sum(made.stoppet.values())
    assert made.siste_bunke == NOW - timedelta(minutes=2)


def test_the_json_tells_what_the_page_does() -> None:
    told = json.loads(to_json(STATUSES["january"]))
    assert set(told) == set(Status.__struct_fields__)
    assert told["regnskap"] == {"lest": "2019-01-09T09:29:57Z", "feil": ""}
    assert [one["enhet"] for one in told["enheter"]] == ["1103", "1201", "5001"]
    assert told["enheter"][0]["tellinger"]["personer"]["i_ar"] == "<5"
    assert Lesing(lest=datetime(2019, 1, 9, 9, 29, 57, tzinfo=UTC)) == STATUSES["january"].regnskap
