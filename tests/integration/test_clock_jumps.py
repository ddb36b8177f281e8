"""The wall clock jumps while the service runs, or two processes disagree about the time: ingest does not care, and the
calendar gives no run twice. That any order of moments gives each run once is a law in tests/property.
"""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.house import House, Service, events, wait_until
from tests.integration.test_january import JANUARY, SETTINGS, UNIT, Clock, clock, runs, sent

__all__ = ["clock"]

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

JUMPING = (sys.executable, "-m", "tests.integration.jumping_service")
CLOCKED = (sys.executable, "-m", "tests.integration.clocked_service")
MONTH = timedelta(days=30)


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path, settings=SETTINGS) as house:
        yield house


async def ticked(service: Service) -> None:
    """Wait until a tick has begun and ended: another one began after it."""
    seen: set[float] = set()

    async def twice_more() -> bool:
        seen.update(value for _, value in await service.samples("iplos_leader_tick_timestamp_seconds"))
        return len(seen) > 3

    await wait_until(twice_more, 60, f"process {service.pid} has looked at the calendar")


async def goes_by(service: Service, moment: datetime) -> None:
    """Wait until the process shows a time after this moment, and not a day later."""

    async def so() -> bool:
        shown = [value for _, value in await service.samples("iplos_leader_tick_timestamp_seconds")]
        return any(0 <= value - moment.timestamp() < 86_400 for value in shown)

    await wait_until(so, 60, f"process {service.pid} goes by the clock that was set")


async def test_ingest_goes_on_however_the_wall_clock_jumps(house: House, clock: Clock) -> None:
    records = events(120)
    third, now = len(records) // 3, datetime.now(UTC)
    clock.set(now)
    service = await house.start(*JUMPING).ready()
    await house.produce(records[:third])
    await house.done()
    clock.set(now + MONTH)
    await goes_by(service, now + MONTH)
    await house.produce(records[third : 2 * third])
    await house.done()
    clock.set(now - MONTH)
    await goes_by(service, now - MONTH)
    await house.produce(records[2 * third :])
    await house.done()
    await house.agrees_with_the_model(records)
    assert (await service.get("/health/live"))[0] == 200
    assert (await service.get("/health/ready"))[0] == 200
    assert service.said("batch failed, partition opens anew") == []
    assert sum((await service.outcomes()).values()) == len(records)


async def test_a_clock_that_jumps_over_the_window_and_back_gives_the_ordinary_run_once(
    house: House, clock: Clock
) -> None:
    clock.set(JANUARY - timedelta(hours=12))
    service = await house.start(*CLOCKED).ready()
    await house.produce([one for one in events(20) if one.expected == "accepted"])
    await house.done()
    await ticked(service)
    assert await runs(house) == []

    clock.set(JANUARY)
    ordinary = await sent(house, 1)
    assert (ordinary.slag, ordinary.enhet) == ("ordinaer", str(UNIT))
    for moment in (JANUARY - timedelta(hours=12), JANUARY, JANUARY + MONTH, JANUARY + timedelta(minutes=1)):
        clock.set(moment)
        await ticked(service)
        assert await runs(house) == [ordinary]

    clock.set(JANUARY + MONTH)
    await ticked(service)
    assert await runs(house) == [ordinary]


async def test_a_leader_with_another_clock_does_not_send_what_was_sent(
    house: House, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the two goes by a clock of its own; the second takes over an hour before the first one sent."""
    clock.set(JANUARY + timedelta(hours=1))
    first = await house.start(*CLOCKED).ready()
    await house.produce([one for one in events(20) if one.expected == "accepted"])
    await house.done()
    ordinary = await sent(house, 1)

    slow = Clock(tmp_path / "another-clock")
    slow.set(JANUARY)
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "another-clock"))
    second = house.start(*CLOCKED)
    await first.killed()
    await second.ready(60)
    await ticked(second)
    assert await runs(house) == [ordinary]
    # It is set right, and still there is nothing to send.
    slow.set(JANUARY + timedelta(hours=2))
    await ticked(second)
    assert await runs(house) == [ordinary]
