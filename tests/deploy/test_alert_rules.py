"""The alerts: promtool is satisfied, each is shown to fire and not to fire, and none asks for what does not exist."""

import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from adapter.domain.outcome import OUTCOME_NAMES
from adapter.domain.planned_run import Emisjon, Kjoretilstand
from adapter.domain.round_view import UTE
from adapter.domain.rules import RULES as MESSAGE_RULES
from adapter.ingest.slot import Stage
from adapter.report.receipts import Taken
from tests.deploy.expressions import known, labels_of, values_in
from tests.deploy.place import DEPLOY, RULE_TESTS, RULES, promtool, read, rules

ALERTS, RECORDED = rules("alert"), rules("record")
# What a label may be compared with; a misspelt value matches nothing, and says nothing.
VALUES: dict[str, frozenset[str]] = {
    "state": frozenset({*get_args(Kjoretilstand), "ikke-sendt"}),
    "emission": frozenset(get_args(Emisjon)),
    "outcome": frozenset(OUTCOME_NAMES),
    "taken": frozenset(get_args(Taken)),
    "stage": frozenset(get_args(Stage)),
    "rule": frozenset(rule.id for rule in MESSAGE_RULES),
}


def named(value: object) -> str:
    return value["alert"] if isinstance(value, dict) else value.stem if isinstance(value, Path) else str(value)


def test_promtool_accepts_the_rules() -> None:
    assert promtool("check", "rules", *RULES).count("SUCCESS") == len(RULES) == 3


@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", RULE_TESTS, ids=named)
def test_each_alert_fires_when_it_should_and_not_otherwise(path: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", path)


@cache
def cases() -> list[tuple[list[str], list[str]]]:
    """Of each of promtool's tests: which alerts it sees firing at some time, and which it sees silent at another."""
    found = []
    for path in RULE_TESTS:
        for test in read(path)["tests"]:
            looks = [one for one in test["promql_expr_test"] if "ALERTS" in one["expr"]]
            fired = [re.findall(r'alertname="(\w+)"', str(one.get("exp_samples", ""))) for one in looks]
            for_all = {name for names in fired for name in names}
            silent = [name for name in for_all if any(name not in names for names in fired)]
            found.append((sorted(for_all), silent))
    return found


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_every_alert_has_a_test_in_which_it_fires_and_in_which_it_is_silent(alert: dict[str, Any]) -> None:
    assert any(alert["alert"] in fires for fires, _ in cases())
    assert any(alert["alert"] in silent for _, silent in cases())


def test_no_test_is_about_an_alert_that_is_gone() -> None:
    assert {name for fires, _ in cases() for name in fires} == {alert["alert"] for alert in ALERTS}


@pytest.mark.parametrize("rule", [*RECORDED, *ALERTS], ids=lambda rule: rule.get("alert") or rule["record"])
def test_an_expression_names_what_the_service_exposes_by_labels_it_has(rule: dict[str, Any]) -> None:
    assert labels_of(rule["expr"], known())
    for label, allowed in VALUES.items():
        assert values_in(rule["expr"], label) <= allowed


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_an_alert_tells_what_since_when_and_what_to_do_first(alert: dict[str, Any]) -> None:
    assert set(alert["annotations"]) == {"summary", "description", "action", "runbook_url"}
    assert alert["labels"]["severity"] in ("info", "warning", "critical")
    assert set(alert["labels"]) == {"severity"}
    assert re.fullmatch(r"Iplos[A-Z]\w+", alert["alert"])
    for text in alert["annotations"].values():
        assert set(re.findall(r"\$labels\.(\w+)", text)) <= labels_of(alert["expr"], known())


@pytest.mark.parametrize("alert", ALERTS, ids=named)
def test_the_runbook_has_a_heading_where_the_alert_points(alert: dict[str, Any]) -> None:
    path, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    assert path == "deploy/RUNBOOK.md"
    assert anchor == alert["alert"].lower()
    assert f"\n### {alert['alert']}\n" in (DEPLOY / "RUNBOOK.md").read_text("utf-8")


def test_every_state_of_a_unit_is_either_out_or_told_of_as_unsent() -> None:
    [unsent] = [rule for rule in RECORDED if rule["record"] == "iplos:round_unsent"]
    # A dry run and a command's own record are no state of a unit's round.
    assert values_in(unsent["expr"], "state") == VALUES["state"] - UTE - {"prøvd", "fordelt"}
