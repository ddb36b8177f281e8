"""kill -9 between each two steps of the order of durability, then a start: the table of adapter/ingest/README.md.

One partition, batches of fifty, and the third batch is the one that dies; so what must be committed is known to the
event. Where persons are sealed anew, all events are done before. All rows run side by side beforehand, because most of
a row is waiting for Kafka to give a dead member up.
"""

import asyncio
import signal
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from adapter.sealing import read_key_file, write_key_file
from adapter.simulate import SimulatedRecord
from tests.integration import crashing_service
from tests.integration.house import House, events, sealed_with, wait_until

pytestmark = pytest.mark.kafka

BATCH = 50
TWO, THREE = 2 * BATCH, 3 * BATCH
# Point of the crash, and the offsets of which the group may stand at one afterwards.
OPENING = ("producer-fenced", "state-restored", "offset-known", "position-set")
ROWS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(OPENING, (0,)),
    "polled": (TWO,),
    "folded": (TWO,),
    "transaction-begun": (TWO,),
    "states-sent": (TWO,),
    "letters-sent": (TWO,),
    "offset-sent": (TWO,),
    "commit-asked": (TWO, THREE),
    "committed": (THREE,),
    "memory-updated": (THREE,),
}
# Persons are sealed anew when all events are done.
RESEALING = ("resealing-begun", "resealing-sent", "resealing-asked", "resealing-committed", "resealed")
ALL = 4 * BATCH
ROWS |= dict.fromkeys(RESEALING, (ALL,))
AT_A_TIME = 5


class Row(NamedTuple):
    """What one crash came to: its exit code, and how many events the next process counted."""

    exit_code: int
    counted: int


def load() -> list[SimulatedRecord]:
    """Two hundred events, every tenth of them broken, so that each batch has states and dead letters."""
    sound = [one for one in events(20) if one.expected == "accepted"][:180]
    broken = [SimulatedRecord(b"p-broken", b"{%d" % number, (), "parked:not-json") for number in range(20)]
    return [one for number in range(20) for one in (*sound[9 * number : 9 * number + 9], broken[number])]


async def crash_and_start_again(bootstrap: str, folder: Path, point: str) -> Row:
    settings = {"ingest": {"batch": BATCH, "vent_ms": 50}, "kafka": {"sesjon_ms": 1_500}}
    records = load()
    async with House(bootstrap, folder, partitions=1, settings=settings) as house:
        await house.produce(records)
        if point in RESEALING:
            await all_is_in_state_and_the_key_has_changed(house)
        exit_code = await house.start(sys.executable, crashing_service.__file__, point).ended(within=60)

        async def settled() -> bool:
            return (await house.committed())[0] in ROWS[point]

        await wait_until(settled, 5, f"the group stands where it should after {point}")
        again = await house.start().ready(within=60)
        await house.done()
        if point in RESEALING:
            await sealed_with(house.sealer.active_id, again)
        await house.agrees_with_the_model(records)
        return Row(exit_code, sum((await again.outcomes()).values()))


async def all_is_in_state_and_the_key_has_changed(house: House) -> None:
    service = await house.start().ready(within=60)
    await house.done()
    assert await service.stopped() == 0
    file = read_key_file(house.keys).with_waiting("n2", date(2019, 1, 7))
    write_key_file(house.keys, file.with_active(file.waiting[0], date(2019, 1, 7)))
    house.follow_the_keys()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rows(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row | BaseException]:
    turn = asyncio.Semaphore(AT_A_TIME)

    async def row(point: str) -> Row:
        async with turn:
            return await crash_and_start_again(kafka_bootstrap, tmp_path_factory.mktemp(point), point)

    ends = await asyncio.gather(*map(row, ROWS), return_exceptions=True)
    return dict(zip(ROWS, ends, strict=True))


@pytest.mark.parametrize("point", ROWS)
def test_a_crash_loses_and_doubles_nothing(rows: dict[str, Row | BaseException], point: str) -> None:
    row = rows[point]
    if isinstance(row, BaseException):
        raise row
    assert row.exit_code == -signal.SIGKILL
    # What was committed is not read again, what was not committed is.
    assert len(load()) - row.counted in ROWS[point]
