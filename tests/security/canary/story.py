"""The scenarios in order, and all that is left behind when they are over. A new scenario is a line here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapter.sandbox import KafkaSandbox
from adapter.simulate import simulate
from tests.integration.house import House
from tests.security.canary.collect import Evidence, read_topics
from tests.security.canary.scenarios import (
    commands,
    files_and_commands,
    holdings,
    http,
    identity_in_a_wrong_place,
    misfortunes,
    persons_of_all_kinds,
    receipts,
    rubbish,
)
from tests.security.canary.stage import PROGRAM, Stage

MARKED = [*persons_of_all_kinds.EVENTS, *identity_in_a_wrong_place.EVENTS]
# So that the marked ones are not alone, and a report has something to put on disk.
OTHERS = list(simulate(60, 2018, 23, [("5001", "")]))
# A broker that was killed is known as gone, and comes back, within seconds.
QUICK = {"broker.session.timeout.ms": "1500", "broker.heartbeat.interval.ms": "300"}
SETTINGS: dict[str, dict[str, object]] = {
    "kalender": {"pa": False, "takt_sekunder": 1.0},
    "rapport": {"barriere_sekunder": 10},
}


@asynccontextmanager
async def played(folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[Evidence]:
    """Everything happens here, once."""
    given, left = folder / "given", folder / "left"
    for one in (given, left, left / "tmp", left / "home"):
        one.mkdir()
    # Whatever a program writes without being asked lands where it is looked at.
    patch.setenv("TMPDIR", str(left / "tmp"))
    patch.setenv("HOME", str(left / "home"))
    patch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    with KafkaSandbox.start(extra=QUICK) as kafka:
        async with House(kafka.bootstrap, given, partitions=2, settings=SETTINGS) as house:
            stage = Stage(house, kafka, given, left)
            await _the_service_at_work(stage)
            await _misfortunes(stage)
            topics = await read_topics(stage)
            await holdings.put_back_and_let_go(stage)
            await _rubbish(stage)
            yield Evidence(stage, topics)


async def _the_service_at_work(stage: Stage) -> None:
    service = await stage.start(PROGRAM, "run", "--log-level", "DEBUG").ready()
    await stage.house.produce([*OTHERS, *MARKED])
    await stage.house.done()
    await commands.play(stage)
    await receipts.play(stage)
    await http.play(stage)
    await files_and_commands.play(stage)
    await holdings.play(stage)
    await stage.listen(service, "at work", ("/", "/status.json", "/metrics?x", "/nothing"))
    await misfortunes.killed(stage, service)


async def _misfortunes(stage: Stage) -> None:
    await misfortunes.stopped_with_all_on_disk(stage)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPLOS_RAPPORT__SEND", "production")
        service = await stage.start().ready(within=60)
    await commands.in_production(stage)
    await misfortunes.disk_full(stage, service)
    await misfortunes.broker_gone(stage, service)
    await stage.listen(service, "after all that", ("/", "/status.json"))
    assert await service.stopped(30) == 0


async def _rubbish(stage: Stage) -> None:
    await rubbish.wrong_keys(stage)
    await rubbish.in_the_ledger(stage)
    await rubbish.in_the_state(stage)
