"""The gauges of the round: what they are set to, and that nothing lingers."""

from datetime import UTC, datetime, timedelta
from typing import Any

from adapter.domain.enhet import Enhet
from adapter.domain.round_view import Enhetsrunde, Runde
from adapter.ops.metrics import Metrics
from adapter.report.ledger import Kjoring
from adapter.report.round_gauges import Remark, blocking_findings, forget_round, message_findings, show_round

FRIST = datetime(2019, 1, 15, 23, 0, tzinfo=UTC)
SENT = datetime(2019, 1, 2, 5, 0, tzinfo=UTC)
ROUND = Runde(
    2018,
    FRIST,
    "produksjon",
    (
        Enhetsrunde(Enhet("5001"), "sendt", 1, FRIST - timedelta(days=9)),
        Enhetsrunde(Enhet("0301", "03"), "ikke-sendt", 0, None),
    ),
)


def built(**fields: Any) -> Kjoring:
    """A dry run of the unit that found something."""
    sound: dict[str, Any] = {
        "kjoring": "run",
        "kommando": "order",
        "bestilt_av": "kalenderen",
        "enhet": "5001",
        "aar": 2018,
        "emisjon": "ingen",
        "lopenr": "1",
        "tidspunkt": SENT,
        "status": "prøvd",
        "resultat": {"funn": {"Y1": 2, "S3": 5, "M4": 0}, "stoppet_av": []},
    }
    return Kjoring(**sound | fields)


def shown(metrics: Metrics) -> dict[str, dict[tuple[str, ...], float]]:
    """Every sample of the round's gauges, by name and labels."""
    return {
        family.name.removeprefix("iplos_round_"): {tuple(one.labels.values()): one.value for one in family.samples}
        for family in metrics.registry.collect()
        if family.name.startswith("iplos_round_") and family.samples
    }


def test_a_round_is_shown_as_it_stands() -> None:
    metrics = Metrics()
    show_round(metrics, [ROUND], [built()])
    assert shown(metrics) == {
        "deadline_timestamp_seconds": {("2018",): FRIST.timestamp()},
        "emission": {("2018", "produksjon"): 1},
        "unit_state": {("5001", "2018", "sendt"): 1, ("0301-03", "2018", "ikke-sendt"): 1},
        "ordinary_runs": {("5001", "2018"): 1, ("0301-03", "2018"): 0},
        "answer_due_timestamp_seconds": {("5001", "2018"): (FRIST - timedelta(days=9)).timestamp()},
        "message_findings": {("5001", "2018", "Y1"): 2},
    }


def test_nothing_of_the_last_look_lingers() -> None:
    metrics = Metrics()
    show_round(metrics, [ROUND], [built()])
    now = Runde(2018, FRIST, "produksjon", (Enhetsrunde(Enhet("5001"), "kvittert", 1, None),))
    show_round(metrics, [now], [])
    assert shown(metrics) == {
        "deadline_timestamp_seconds": {("2018",): FRIST.timestamp()},
        "emission": {("2018", "produksjon"): 1},
        "unit_state": {("5001", "2018", "kvittert"): 1},
        "ordinary_runs": {("5001", "2018"): 1},
    }
    show_round(metrics, [], [])
    assert shown(metrics) == {}


def test_who_no_longer_leads_shows_nothing_of_the_round() -> None:
    metrics = Metrics()
    show_round(metrics, [ROUND], [built()])
    metrics.run_states.labels("5001", "sendt").set(1)
    forget_round(metrics)
    assert shown(metrics) == {}
    assert b"iplos_report_run_state{" not in metrics.exposition()


def test_only_findings_about_the_message_are_told_here() -> None:
    found = message_findings(built(resultat={"funn": {"Y1": 1, "M5": 1, "S3": 7, "P1": 2}}))
    assert found == {Remark("5001", "2018", "Y1"): 1, Remark("5001", "2018", "M5"): 1}


def test_what_stops_a_message_is_told_by_rule() -> None:
    stopped = built(resultat={"funn": {}, "stoppet_av": ["M5: Rett det.", "M5: Rett det også.", "M3: Rett: nummeret."]})
    assert blocking_findings(stopped) == {Remark("5001", "2018", "M5"): 2, Remark("5001", "2018", "M3"): 1}


def test_the_newest_build_counts_and_what_was_not_built_does_not() -> None:
    stopped = built(kjoring="old", status="nektet", resultat={"funn": {"M5": 1}, "stoppet_av": ["M5: Rett det."]})
    mended = built(kjoring="new", tidspunkt=SENT + timedelta(hours=1), resultat={"funn": {"Y1": 1}, "stoppet_av": []})
    under_way = built(kjoring="now", tidspunkt=SENT + timedelta(hours=2), status="planlagt", resultat={})
    elsewhere = built(kjoring="other", enhet="4601", resultat={"funn": {"Y1": 9}})
    for runs in ([stopped, mended, under_way, elsewhere], [elsewhere, under_way, mended, stopped]):
        metrics = Metrics()
        show_round(metrics, [ROUND], runs)
        assert shown(metrics)["message_findings"] == {("5001", "2018", "Y1"): 1}
        assert "blocking_findings" not in shown(metrics)
