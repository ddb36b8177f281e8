"""What this process counts, read off the metrics that Prometheus reads: the page and the dashboards cannot differ."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prometheus_client.metrics import MetricWrapperBase

from adapter.ops.metrics import Metrics
from adapter.report.live import Open

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """One process at one moment. Nothing is masked here. `door` is the code of the closed door it stands at, if any."""

    door: str = ""
    running: int = 0
    restoring: int = 0
    bus_partitions: int = 0
    restored: float = 0.0
    lag: dict[str, int] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    batch_failures: int = 0
    last_batch: datetime | None = None
    persons: int = 0
    records: int = 0
    waiting: int = 0
    open: Counter[Open] = field(default_factory=Counter)


def read_off(metrics: Metrics) -> Figures:
    """The figures of now."""
    for refresh in metrics.before_scrape:
        refresh()
    stages = {labels["stage"]: int(value) for labels, value in _samples(metrics.partitions)}
    outcomes, parked = Counter[str](), Counter[str]()
    for labels, value in _samples(metrics.events):
        outcomes[labels["outcome"]] += int(value)
        if labels["outcome"] == "parked":
            parked[labels["code"]] += int(value)
    last = _one(metrics.last_batch)
    doors = [labels["problem"] for labels, _ in _samples(metrics.access_problem)]
    return Figures(
        door=doors[0] if doors else "",
        running=stages.get("running", 0),
        restoring=stages.get("restoring", 0),
        bus_partitions=int(_one(metrics.bus_partitions)),
        restored=_one(metrics.restore_progress),
        lag={labels["partition"]: int(value) for labels, value in _samples(metrics.lag)},
        outcomes=outcomes,
        parked=parked,
        conflicts=int(_one(metrics.conflicts)),
        batch_failures=int(_one(metrics.batch_failures)),
        last_batch=datetime.fromtimestamp(last, UTC) if last else None,
        persons=int(sum(value for _, value in _samples(metrics.persons))),
        records=int(sum(value for _, value in _samples(metrics.records))),
        waiting=int(_one(metrics.findings_waiting)),
        open=Counter({Open(**labels): int(value) for labels, value in _samples(metrics.open_findings)}),
    )


def _samples(metric: MetricWrapperBase) -> Iterator[tuple[Labels, float]]:
    for family in metric.collect():
        yield from ((one.labels, one.value) for one in family.samples if not one.name.endswith("_created"))


def _one(metric: MetricWrapperBase) -> float:
    return sum(value for _, value in _samples(metric))
