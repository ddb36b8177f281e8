"""What a person should see to, and whether the service is ready: what is wrong, and what to do."""

from collections import Counter
from datetime import date, timedelta

import pytest
from msgspec.structs import replace as changed

from adapter.domain.windows import moment
from adapter.kafka.problem import CODES
from adapter.ops.http import Health
from adapter.ops.metrics import Metrics
from adapter.report.ledger import Kjoring
from adapter.report.status.compose import compose
from adapter.report.status.doors import DORER
from adapter.report.status.figures import Figures, read_off
from adapter.report.status.readiness import klarhet
from tests.unit.status_example import (
    DISTRICTS,
    NOT_YET,
    NOW,
    OSLO,
    STUCK,
    UNIT,
    YES,
    aaret,
    answered,
    figures,
    run,
    status,
    the_ledger,
)

# --- what to do ---


@pytest.mark.parametrize(
    ("why", "runs", "expected"),
    [
        ("all is well", [answered(run(), "ok")], []),
        ("waiting", [run(tidspunkt=NOW - timedelta(hours=1))], []),
        ("rejected", [answered(run(), "avvist", "T02")], [("block", "5001 Trondheim: avvist. Feilkoder: T02.")]),
        ("silence", [run()], [("withhold", "5001 Trondheim: ubesvart.")]),
        ("flaws", [answered(run(), "ok-med-feil", "E1")],
         [("withhold", "5001 Trondheim: kvittert med feil. Feilkoder: E1.")]),
        ("failed", [run(status="feilet", meldinger=[], resultat={}, grunn="Uventet feil (OSError); se loggen.")],
         [("block", "5001 Trondheim: feilet. Uventet feil (OSError); se loggen.")]),
        ("rejected, and tried dry since", [answered(run(), "avvist", "T02"),
          run(name="prøvd", status="prøvd", emisjon="ingen", slag=None, bestilt_av="x", tidspunkt=NOW, meldinger=[])],
         [("block", "5001 Trondheim: avvist. Feilkoder: T02.")]),
        ("rejected, and being repeated", [answered(run(), "avvist", "T02"),
          run(name="ny", status="planlagt", tidspunkt=NOW, meldinger=[])], []),
        ("rejected, and receipted since", [answered(run(), "avvist", "T02"),
          answered(run(name="ny", tidspunkt=NOW), "ok")], []),
    ],
)  # fmt: skip
def test_what_stands_badly_is_to_be_seen_to(why: str, runs: list[Kjoring], expected: list[tuple[str, str]]) -> None:
    made = status(*runs, parked=Counter()).oppgaver
    assert [(one.alvor, one.tekst) for one in made] == expected
    assert all(one.rad for one in made)


def test_districts_that_stand_alike_are_one_task() -> None:
    runs = [answered(run(unit), "avvist", "T02") for unit in DISTRICTS]
    [task] = status(*runs, units=(OSLO,), parked=Counter()).oppgaver
    assert task.tekst.startswith("0301-01, 0301-02, ")
    assert task.tekst.endswith("0301-15: avvist. Feilkoder: T02.")


@pytest.mark.parametrize(
    ("left", "runs", "expected"),
    [
        (timedelta(hours=71), [], "Fristen går ut om 71 timer, og 5001 Trondheim er ikke kvittert."),
        (timedelta(hours=73), [], None),
        (timedelta(hours=5), [answered(run(), "ok")], None),
        (timedelta(hours=5), [answered(run(slag="prove", emisjon="test"), "ok")],
         "Fristen går ut om 5 timer, og 5001 Trondheim er ikke kvittert."),
        (timedelta(0), [], None),
    ],
    ids=["near", "not yet", "receipted", "a test run is not the report", "over"],
)  # fmt: skip
def test_the_deadline_is_told_of_when_it_is_near(left: timedelta, runs: list[Kjoring], expected: str | None) -> None:
    made = status(*runs, now=moment(date(2019, 1, 16)) - left, parked=Counter()).oppgaver
    assert [one.tekst for one in made if one.tekst.startswith("Fristen")] == ([expected] if expected else [])


def test_an_identity_in_clear_is_told_apart_from_other_broken_events() -> None:
    parked = Counter({"missing-field": 3, "key-is-identity": 2, "identity-in-clear": 2})
    assert [(one.alvor, one.tekst) for one in status(answered(run(), "ok"), parked=parked).oppgaver] == [
        ("withhold", "4 hendelser hadde et identitetsnummer i klartekst, og ble stoppet i døra."),
        ("warn", "3 hendelser ble stoppet i døra."),
    ]


def test_a_ledger_that_cannot_be_read_is_told_of_with_the_time_it_was() -> None:
    ledger = the_ledger([answered(run(), "ok")])
    stale = ledger._replace(lesing=changed(ledger.lesing, feil="KafkaConnectionError"))
    made = compose(NOW, aaret(UNIT), stale, figures(parked=Counter()), YES, YES)
    [task] = made.oppgaver
    assert "KafkaConnectionError" in task.tekst
    assert "9. januar 2019 kl. 10.29" in task.tekst
    assert made.enheter[0].sendt is not None


# --- readiness ---


@pytest.mark.parametrize(
    ("now", "live", "ready", "stilling", "says"),
    [
        (figures(), YES, YES, "klar", "Leser 12 av 12 partisjoner; ingen hendelser gjenstår."),
        (figures(running=4, lag={"0": 5, "1": 1200}), YES, YES, "klar", "Leser 4 av 12 partisjoner; 1\u00a0205"),
        (figures(running=0), YES, YES, "klar", "Andre prosesser har alle partisjonene"),
        (Figures(restoring=11, running=1, restored=0.374), YES, NOT_YET, "leser-tilbake", "37 % av 12 partisjoner"),
        (Figures(), YES, NOT_YET, "venter", "Venter på partisjoner"),
        (figures(), STUCK, STUCK, "star", "Innlesingen står stille."),
        (figures(door="login-refused"), YES, NOT_YET, "utestengt", "Innloggingen er avvist."),
        (figures(door="topic-denied"), STUCK, STUCK, "utestengt", "Vi mangler tilgang til et emne."),
        (figures(door="a-code-of-tomorrow"), YES, NOT_YET, "utestengt", "Kafka slipper oss ikke inn."),
    ],
    ids=["ready", "shared", "nothing left", "restoring", "waiting", "stuck", "login", "access", "newer code"],
)
def test_the_page_tells_whether_it_is_ready_and_why_not(
    now: Figures, live: Health, ready: Health, stilling: str, says: str
) -> None:
    told = klarhet(now, live, ready)
    assert told.stilling == stilling
    assert says in told.setning
    assert (told.rad == "") == ready.ok
    assert told.teknisk == ("" if ready.ok else ready.why)


def test_every_way_in_which_kafka_s_doors_can_be_closed_has_words() -> None:
    assert DORER.keys() == set(CODES)


def test_the_door_on_the_page_is_the_one_prometheus_is_told_of() -> None:
    metrics = Metrics()
    assert read_off(metrics).door == ""
    metrics.access_problem.labels("group-denied").set(1)
    assert read_off(metrics).door == "group-denied"
