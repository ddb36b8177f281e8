"""A real Prometheus looks at a real service on a real Kafka: an alert fires while there is cause, and then clears."""

import sys
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from adapter.domain.enhet import Enhet
from adapter.report.ledger import read_ledger
from adapter.report.order import Order, decide, give
from adapter.report.setup import check_year_and_unit
from adapter.simulate import simulate
from tests.deploy.place import RULES, read
from tests.deploy.prometheus_server import WAITS, PrometheusServer, prometheus, shortened
from tests.integration.house import House, wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

PROGRAM = (sys.executable, "-m", "tests.integration.clocked_service")
# The service's clock. Prometheus goes by its own: to it the deadline of that round is long past.
SUNDAY = datetime.fromisoformat("2019-01-13T12:00:00+00:00")
UNIT = Enhet("5001")
SIXTY = 60
JOB = "iplos-adapter"


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    (tmp_path / "clock").write_text(SUNDAY.isoformat(), "utf-8")
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    settings: dict[str, dict[str, object]] = {
        "kalender": {"pa": False, "takt_sekunder": 0.5},
        "rapport": {"aar": 2018, "ekte_i_test": True},
    }
    async with House(kafka_bootstrap, tmp_path, settings=settings) as house:
        yield house


async def report(house: House) -> None:
    """A person orders the unit's report."""
    order = Order(UNIT, 2018, "et menneske", "fristen")
    pack, _ = check_year_and_unit(house.config, UNIT, 2018)
    ledger = await read_ledger(house.kafka, house.config.topics.rapport)
    emisjon, slag = decide(order, house.config, pack, ledger, SUNDAY)
    await give(house.config, order, emisjon, slag, SUNDAY)


async def fires(server: PrometheusServer, name: str, *, within: float, still: bool = True, **labels: str) -> None:
    """Wait until the alert fires with these labels, or no longer does."""

    async def so() -> bool:
        found = [one for one in await server.firing() if one.name == name and labels.items() <= one.labels.items()]
        assert all(
            "error" not in text and "<no value>" not in text for one in found for text in one.annotations.values()
        )
        return bool(found) is still

    await wait_until(so, within, f"{name} {'fires' if still else 'clears'} for {labels}")


async def test_an_alert_fires_on_a_missing_report_and_clears_when_it_is_sent(house: House, tmp_path: Path) -> None:
    service = await house.start(*PROGRAM).ready(60)
    await house.produce(list(simulate(20, 2018, 3, [(UNIT.kommunenummer, "")])))
    await house.done()
    folder = tmp_path / "prometheus"
    folder.mkdir()
    with prometheus(folder, JOB, [f"127.0.0.1:{service.port}"], SIXTY) as server:
        await wait_until(server.ready, 60, "Prometheus is ready")
        missed = "IplosReportMissedDeadline"
        await fires(server, missed, within=90, unit="5001", year="2018", job=JOB, severity="critical")
        await fires(server, missed, within=90, unit="0301")

        await report(house)
        await fires(server, missed, within=120, still=False, unit="5001")
        # Of the other municipality nothing is sent, and that is still told.
        await fires(server, missed, within=30, unit="0301")
        assert {one.name for one in await server.firing()} == {missed}

        assert await server.troubles() == []
        await every_series_that_must_be_there_is_there(server)

        assert await service.stopped(20) == 0
        await fires(server, "IplosServiceDown", within=90, job=JOB)


async def every_series_that_must_be_there_is_there(server: PrometheusServer) -> None:
    """What the rules record, and the series behind it, from a service that has sent one report."""
    for name in (
        "iplos:leader",
        "iplos:round_deadline",
        "iplos:round_unit_state",
        "iplos:round_seconds_left",
        "iplos:lag_events",
        "iplos_ready",
        "iplos_round_ordinary_runs",
        "iplos_round_answer_due_timestamp_seconds",
    ):
        assert await server.query(name), name


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_the_rules_of_these_tests_are_the_shipped_ones_but_for_their_waits(path: Path) -> None:
    shipped: Mapping[str, Any] = read(path)
    short = shortened(shipped, SIXTY)
    for group, other in zip(shipped["groups"], short["groups"], strict=True):
        assert group["name"] == other["name"]
        for rule, quick in zip(group["rules"], other["rules"], strict=True):
            assert {name: rule[name] for name in rule if name not in WAITS} == {
                name: quick[name] for name in quick if name not in WAITS
            }
            assert {name for name in WAITS if name in rule} == {name for name in WAITS if name in quick}


def test_a_wait_is_shortened_as_told() -> None:
    rules = {"groups": [{"rules": [{"for": "10m", "keep_firing_for": "1d"}, {"for": "90s"}, {}]}]}
    [group] = shortened(rules, SIXTY)["groups"]
    assert group["rules"] == [{"for": "10000ms", "keep_firing_for": "1440000ms"}, {"for": "1500ms"}, {}]
