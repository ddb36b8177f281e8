"""What is measured can be read as Prometheus reads it: names, units, help and labels as the world has them."""

import re

import pytest
from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from adapter.ops.metrics import Metrics
from adapter.report.ledger_writer import STAGES

LABELS = {
    "type", "outcome", "code", "unit", "rule", "severity", "stage", "status", "message", "repair", "partition",
    "state", "taken", "key", "problem", "certificate", "year", "emission",
}  # fmt: skip
# What a name that is no counter may end in: a unit of measure, or the thing that is counted.
UNITS = ("_seconds", "_bytes", "_ratio")
COUNTED = ("_events", "_persons", "_records", "_partitions", "_open", "_runs", "_findings")
# One for what is so, zero or absent for what is not; the help says so.
FLAGS = {
    "iplos_report_stage",
    "iplos_report_run_state",
    "iplos_sealing_key_active",
    "iplos_sealing_key_file_broken",
    "iplos_kafka_access_problem",
    "iplos_ready",
    "iplos_round_emission",
    "iplos_round_unit_state",
}

METRICS = Metrics()
DECLARED: list[Metric] = list(METRICS.registry.collect())


# By the name of the attribute.
ATTRIBUTES = [(name, one) for name, one in vars(METRICS).items() if isinstance(one, MetricWrapperBase)]


def named(metric: Metric) -> str:
    return metric.name


def touched() -> Metrics:
    """Metrics with one value in each, so that the exposition holds a sample of every metric."""
    metrics = Metrics()
    for one in vars(metrics).values():
        if isinstance(one, MetricWrapperBase) and one._labelnames:
            one.labels(*("x" for _ in one._labelnames))
    return metrics


def test_every_metric_that_is_declared_is_in_the_registry() -> None:
    assert {one._name for _, one in ATTRIBUTES} == {one.name for one in DECLARED}
    assert len(DECLARED) > 15


@pytest.mark.parametrize("metric", DECLARED, ids=named)
def test_a_name_has_our_prefix_and_says_its_unit(metric: Metric) -> None:
    assert re.fullmatch(r"iplos(_[a-z]+)+", metric.name)
    if metric.type == "counter":
        assert not metric.name.endswith("_total")
    elif metric.type == "histogram":
        assert metric.name.endswith(UNITS)
    else:
        assert metric.type == "gauge"
        assert metric.name in FLAGS or metric.name.endswith((*UNITS, *COUNTED))
    assert metric.name not in FLAGS or metric.documentation.startswith("1 for ")


@pytest.mark.parametrize("metric", DECLARED, ids=named)
def test_a_time_is_in_seconds_a_size_in_bytes_a_share_a_ratio(metric: Metric) -> None:
    assert not re.search(r"_(ms|millis|milliseconds|minutes|kb|mb|kilobytes|percent|pct)(_|$)", metric.name)
    assert ("timestamp" in metric.name) == ("since 1970" in metric.documentation)
    assert "timestamp" not in metric.name or metric.name.endswith("_timestamp_seconds")


@pytest.mark.parametrize("metric", DECLARED, ids=named)
def test_help_is_a_sentence(metric: Metric) -> None:
    assert re.fullmatch(r"[A-Z0-9][^\n]*[^.\s]\.", metric.documentation)
    assert len(metric.documentation) > 25


@pytest.mark.parametrize(("name", "metric"), ATTRIBUTES, ids=[name for name, _ in ATTRIBUTES])
def test_labels_are_few_and_known_and_none_is_a_person(name: str, metric: MetricWrapperBase) -> None:
    labels = metric._labelnames
    assert set(labels) <= LABELS
    assert len(labels) == len(set(labels)) <= 3


def test_every_label_of_the_list_is_used() -> None:
    assert {label for _, metric in ATTRIBUTES for label in metric._labelnames} == LABELS


def test_the_exposition_is_what_prometheus_reads_and_a_counter_ends_in_total() -> None:
    families = list(text_string_to_metric_families(touched().exposition().decode()))
    counters = [family for family in families if family.type == "counter"]
    assert {
        sample.name for family in counters for sample in family.samples if not sample.name.endswith("_created")
    } == {f"{metric.name}_total" for metric in DECLARED if metric.type == "counter"}
    shown = {sample.name for family in families for sample in family.samples}
    assert not [name for name in shown if not name.startswith("iplos_")]
    for family in families:
        assert family.type == "counter" or not any(sample.name.endswith("_total") for sample in family.samples)


def test_what_is_shown_is_refreshed_before_it_is_shown() -> None:
    metrics = Metrics()
    metrics.before_scrape.append(lambda: metrics.findings_waiting.set(3))
    assert b"iplos_findings_waiting_persons 3.0" in metrics.exposition()


def test_the_help_of_the_stage_names_the_stages_as_the_label_does() -> None:
    [stage] = [one for one in DECLARED if one.name == "iplos_report_stage"]
    assert all(name in stage.documentation for name in STAGES)


def test_two_services_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.conflicts.inc()
    assert other.registry.get_sample_value("iplos_version_conflicts_total") == 0
