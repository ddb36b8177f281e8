"""The gauges of the round on a real service: one process shows them, and a leader that lost its place stops."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from tests.integration.house import House, Service, wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]

PROGRAM = (sys.executable, "-m", "tests.integration.clocked_service")
SUNDAY = "2019-01-13T12:00:00+00:00"
NOTHING_SENT = {("5001", "2018", "ikke-sendt"), ("0301", "2018", "ikke-sendt")}
GAUGES = ("iplos_round_deadline_timestamp_seconds", "iplos_round_unit_state", "iplos_round_ordinary_runs")


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    clock = tmp_path / "clock"
    clock.write_text(SUNDAY, "utf-8")
    monkeypatch.setenv("CLOCK_FILE", str(clock))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    async with House(kafka_bootstrap, tmp_path, settings={"kalender": {"takt_sekunder": 0.5}}) as house:
        yield house


async def states(service: Service) -> set[tuple[str, ...]]:
    found = await service.samples("iplos_round_unit_state")
    return {(labels["unit"], labels["year"], labels["state"]) for labels, _ in found}


async def shows_nothing(service: Service) -> bool:
    return not any([await service.samples(name) for name in GAUGES])


async def leads(services: Iterable[Service], within: float = 60) -> Service:
    """Wait until one of them shows the round; which."""
    found: list[Service] = []

    async def one_does() -> bool:
        found[:] = [one for one in services if await states(one) == NOTHING_SENT]
        return len(found) == 1

    await wait_until(one_does, within, "one process shows the round")
    return found[0]


async def test_a_leader_that_lost_its_place_stops_telling_of_the_round(house: House) -> None:
    services = [await house.start(*PROGRAM).ready(), await house.start(*PROGRAM).ready()]
    old = await leads(services)
    [other] = [one for one in services if one is not old]

    async def other_is_silent() -> bool:
        return await shows_nothing(other)

    await wait_until(other_is_silent, 30, "only the leader shows the round")
    [(_, old_tick)] = await old.samples("iplos_leader_tick_timestamp_seconds")
    old.signal(signal.SIGSTOP)
    assert await leads([other]) is other
    old.signal(signal.SIGCONT)

    async def exactly_one() -> bool:
        shown = await asyncio.gather(*(states(one) for one in services))
        ticks = [value for one in services for _, value in await one.samples("iplos_leader_tick_timestamp_seconds")]
        return sorted(map(len, shown)) == [0, len(NOTHING_SENT)] and max(ticks) > old_tick

    await wait_until(exactly_one, 60, "of the two exactly one shows the round")
