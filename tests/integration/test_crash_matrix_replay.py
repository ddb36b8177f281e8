"""kill -9 between each two steps of a replay, then the same command again: the table of adapter/letters/README.md."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from adapter.audit_trail import read_trail
from adapter.domain.outcome import Parked
from adapter.ingest.cloudevent import Delivered
from adapter.letters.letter import Origin
from adapter.letters.verdict import Terms
from tests.integration import crashing_replay
from tests.integration.dead_letters import park, parts_of, replayed
from tests.integration.house import House

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

LETTERS = 3
# Point of the crash, and how many letters may be dealt with by then: all of them or none.
POINTS: dict[str, tuple[int, ...]] = {
    "fenced": (0,),
    "audited": (0,),
    "begun": (0,),
    "on-the-bus": (0,),
    "marked": (0,),
    "commit-asked": (0, LETTERS),
    "committed": (LETTERS,),
}
AT_A_TIME = 3


class Row(NamedTuple):
    """What one crash came to, and what there was when the command had been given again."""

    exit_code: int
    audited: int
    left: int
    marked: list[int]
    on_the_bus: list[bytes]


async def crash_and_replay_again(bootstrap: str, folder: Path, point: str) -> Row:
    async with House(bootstrap, folder, partitions=1) as house:
        made = [
            parts_of(Origin(house.bus, 0, n, 1), Delivered(b"p", b"%d{" % n), Parked("not-json"), house.sealer)
            for n in range(LETTERS)
        ]
        await park(house, [part for one in made for part in one])
        exit_code = await house.start(sys.executable, crashing_replay.__file__, point).ended(within=60)
        entries, _ = await read_trail(house.kafka, house.config.topics.revisjon)
        left = await replayed(house, terms=Terms(also_broken=True))
        marked = sorted(one.origin.offset for one in await house.marks())
        on_the_bus = sorted(one.value or b"" for one in await house.records(house.bus))
        return Row(exit_code, len(entries), len(left), marked, on_the_bus)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rows(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row | BaseException]:
    turn = asyncio.Semaphore(AT_A_TIME)

    async def row(point: str) -> Row:
        async with turn:
            return await crash_and_replay_again(kafka_bootstrap, tmp_path_factory.mktemp(point), point)

    ends = await asyncio.gather(*map(row, POINTS), return_exceptions=True)
    return dict(zip(POINTS, ends, strict=True))


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_leaves_no_letter_replayed_and_unmarked_nor_the_other_way_round(
    rows: dict[str, Row | BaseException], point: str
) -> None:
    row = rows[point]
    if isinstance(row, BaseException):
        raise row
    assert row.exit_code == -signal.SIGKILL
    assert row.audited == (0 if point == "fenced" else 1)
    assert LETTERS - row.left in POINTS[point]
    assert row.marked == [*range(LETTERS)]
    assert row.on_the_bus == [b"%d{" % number for number in range(LETTERS)]
