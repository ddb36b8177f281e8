"""The gauges of open findings as Prometheus sees them: right under load, after a crash and after a rebalance."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from adapter.domain.overgang import Overgang
from adapter.domain.rules import RULES
from adapter.packs import load_pack, load_places
from adapter.report.clock import utc_now
from adapter.report.live import LiveFindings, Open
from tests.integration.house import House, Service, events, wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]

# What an event caused or mended must show within this time (issue: 60 seconds after the event).
WITHIN = 60


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    settings = {"rapport": {"aar": 2018, "ekte_i_test": True}}
    async with House(kafka_bootstrap, tmp_path, settings=settings) as house:
        yield house


async def shown(services: Sequence[Service]) -> Counter[Open]:
    """The sum of what the processes show."""
    found: Counter[Open] = Counter()
    for service in services:
        for labels, value in await service.samples("iplos_findings_open"):
            found[Open(labels["unit"], labels["rule"], labels["severity"])] += int(value)
    return found


async def recount(house: House) -> Counter[Open]:
    """Everybody in the state on the topic, judged from the beginning."""
    fresh = LiveFindings(
        load_pack(2018), RULES, Overgang(load_places(), 2018), "test", lambda: utc_now().date(), ekte_i_test=True
    )
    fresh.opened(0, await house.state())
    fresh.work(60.0)
    assert fresh.waiting == 0
    return fresh.open


async def agree(house: House, services: Sequence[Service]) -> None:
    expected = await recount(house)
    assert len({one.rule for one in expected}) > 10

    async def so() -> bool:
        return await shown(services) == expected

    await wait_until(so, WITHIN, "the gauges show what a full recount finds")


async def test_the_gauges_equal_a_full_recount_through_load_rebalance_and_crash(house: House) -> None:
    records = events(400)
    half = len(records) // 2
    one, other = await house.start().ready(), await house.start().ready()
    await house.produce(records[:half])
    await house.done()
    await agree(house, (one, other))
    await house.produce(records[half:])
    await house.done()
    await agree(house, (one, other))
    await one.killed()
    await agree(house, (other,))
    again = await house.start().ready()
    await agree(house, (other, again))
