"""The dashboard shows what the service has: all expressions are read, all names and labels exist, panels explain."""

import json
from typing import Any

import pytest

from adapter.ops.metrics import Metrics
from tests.deploy.expressions import TARGET, exposed, known, labels_of, names_in
from tests.deploy.place import DEPLOY, read, rules

FILE = DEPLOY / "grafana" / "dashboards" / "iplos-adapter.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
ROWS = [one for one in DASHBOARD["panels"] if one["type"] == "row"]
PANELS = [one for one in DASHBOARD["panels"] if one["type"] != "row"]
VARIABLES = {one["name"]: one for one in DASHBOARD["templating"]["list"]}
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
# Prometheus makes it of the rules.
ALERTS = {"ALERTS": TARGET | {"alertname", "alertstate", "severity"}}
# Shown by no panel: what it tells is in the alerts and in the panels beside it.
NOT_SHOWN = {
    "iplos_report_run_state",  # of any year; the round's own state is shown
    "iplos_round_ordinary_runs",
    "iplos_report_last_success_timestamp_seconds",
    "iplos_report_findings_total",  # of builds; the open findings are shown
}


def title(panel: dict[str, Any]) -> str:
    return str(panel["title"])


def expression(target: dict[str, Any]) -> str:
    """As Prometheus gets it; Grafana puts in the span by itself."""
    return str(target["expr"]).replace("$__rate_interval", "5m")


def expressions() -> list[str]:
    return [expression(target) for panel in PANELS for target in panel["targets"]]


def test_it_is_written_in_one_style() -> None:
    assert FILE.read_text("utf-8") == json.dumps(DASHBOARD, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_it_has_its_rows_and_no_panel_covers_another() -> None:
    assert [title(one) for one in ROWS] == ["Overview", "Ingest", "January", "Quality", "Access and keys"]
    taken: set[tuple[int, int]] = set()
    for one in DASHBOARD["panels"]:
        place = one["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, title(one)
        taken |= cells
    assert len({one["id"] for one in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


@pytest.mark.parametrize("panel", PANELS, ids=title)
def test_a_panel_has_title_unit_and_a_sentence_about_it(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["description"].endswith(".")
    assert len(panel["description"]) > 15


@pytest.mark.parametrize("panel", PANELS, ids=title)
def test_a_panel_asks_for_what_the_service_exposes(panel: dict[str, Any]) -> None:
    assert panel["targets"]
    for target in panel["targets"]:
        labels = labels_of(expression(target), known() | ALERTS)
        shown = {part.partition("}}")[0] for part in target["legendFormat"].split("{{")[1:]}
        assert shown <= labels
        renamed = {name for one in panel.get("transformations", []) for name in one["options"]["renameByName"]}
        assert renamed - {"Value"} <= labels


@pytest.mark.parametrize("panel", PANELS, ids=title)
def test_a_panel_asks_for_the_chosen_installation_at_the_chosen_source(panel: dict[str, Any]) -> None:
    assert panel["datasource"] == SOURCE
    for target in panel["targets"]:
        assert target["datasource"] == SOURCE
        series = {name for name in names_in(expression(target)) if name not in ALERTS}
        assert target["expr"].count('job="$job"') == target["expr"].count('namespace=~"$namespace"') >= len(series)


def test_the_source_and_the_installation_are_variables() -> None:
    assert list(VARIABLES) == ["datasource", "job", "namespace"]
    assert VARIABLES["datasource"]["type"] == "datasource"
    for name in ("job", "namespace"):
        assert "iplos_ready" in VARIABLES[name]["definition"]
        assert VARIABLES[name]["datasource"] == SOURCE


def test_everything_the_service_exposes_is_shown_or_left_out_on_purpose() -> None:
    through = {name for rule in rules("record") for name in names_in(rule["expr"])}
    shown = {name for one in expressions() for name in names_in(one)} | through
    families = {name for name in exposed() if not name.endswith(("_sum", "_count", "_bucket"))}
    assert families - shown == NOT_SHOWN
    histograms = {f"{metric.name}_" for metric in Metrics().registry.collect() if metric.type == "histogram"}
    assert all(any(name.startswith(one) for name in shown) for one in histograms)


def test_grafana_is_told_where_the_dashboard_and_prometheus_are() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    [source] = read(provisioning / "datasources" / "prometheus.yaml")["datasources"]
    [provider] = read(provisioning / "dashboards" / "iplos.yaml")["providers"]
    services = read(DEPLOY / "compose.yaml")["services"]
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in services
    mounts = dict(reversed(one.split(":")[:2]) for one in services["grafana"]["volumes"])
    assert mounts[provider["options"]["path"]] == "./grafana/dashboards"
    assert mounts["/etc/grafana/provisioning"] == "./grafana/provisioning"
