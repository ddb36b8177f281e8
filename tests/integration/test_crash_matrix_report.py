"""Every row of the crash table in adapter/report/README.md: the report is killed with kill -9 at that point, a reader
of committed records looks, the same command comes again, and there is exactly one pair, the one it would have been.
"""

import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapter.domain.enhet import Enhet
from adapter.report.command import ReportCommand, encode
from adapter.report.ledger import Kjoring
from adapter.simulate import SimulatedRecord, simulate
from tests.integration.house import House, wait_until
from tests.integration.reports import (
    built_offline,
    command_for,
    dispatches,
    emitted,
    hanging,
    ingested,
    ledger,
    parts_on_topics,
)

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

UNIT = Enhet("5001")
RECORDS: list[SimulatedRecord] = list(simulate(80, 2018, 5, [(UNIT.kommunenummer, "")], mess=True))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house whose state is complete. Each test gives a command of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("IPLOS_RAPPORT__DELSTORRELSE", "2048")
        async with House(kafka_bootstrap, tmp_path_factory.mktemp("rapport")) as house:
            await ingested(house, RECORDS)
            yield house


async def carry_out(house: House, command: ReportCommand, point: str = "") -> int:
    """A process that carries the command out; its exit code."""
    program = (sys.executable, "-m", "tests.integration.crashing_report", point, encode(command).decode())
    return await house.start(*program).ended(within=60)


async def run_of(house: House, command: ReportCommand) -> Kjoring:
    (found,) = [run for run in (await ledger(house)).values() if run.kommando == command.id != run.kjoring]
    return found


async def told(house: House, command: ReportCommand) -> str:
    """What the ledger says of a command and its runs, for a test that goes wrong."""
    return str([run for run in (await ledger(house)).values() if run.kommando == command.id])


async def crash_and_come_again(house: House, point: str) -> tuple[int, Kjoring]:
    """Crash there; then again without a crash. How many messages were to be seen in between, and the run at last."""
    before = {one.melding_id for one in await dispatches(house)}
    command = await command_for(house, UNIT)
    assert await carry_out(house, command, point) == -signal.SIGKILL, await told(house, command)
    between = {one.melding_id for one in await dispatches(house)}
    assert before <= between

    assert await carry_out(house, command) == 0
    run = await run_of(house, command)
    assert run.status == "sendt"
    assert (await ledger(house))[command.id].status == "fordelt"
    after = [one.melding_id for one in await dispatches(house)]
    assert len(after) == len(before) + 2
    assert await emitted(house, run) == built_offline(house, RECORDS, run)
    for topic in (house.config.topics.transport_ipl, house.config.topics.transport_ide, house.config.topics.rapport):
        assert await hanging(house, topic) == 0
    return len(between - before), run


@pytest.mark.parametrize(
    "point",
    [
        "kommando:planlagt:venter",
        "kommando:planlagt:leser",
        "kjoring:planlagt:bygger",
        "kjoring:bygget:sender",
        "begin",
        "ipl:1",
        "ipl:7",
        "ide:1",
        "ide:2",
        "kjoring:sendt:",
    ],
)
async def test_before_the_commit_nothing_is_seen_and_the_run_is_done_again_to_the_same_bytes(
    house: House, point: str
) -> None:
    seen, _ = await crash_and_come_again(house, point)
    assert seen == 0


@pytest.mark.parametrize("point", ["commit", "kommando:fordelt:"])
async def test_after_the_commit_the_pair_is_there_and_the_command_that_comes_again_sends_nothing(
    house: House, point: str
) -> None:
    seen, _ = await crash_and_come_again(house, point)
    assert seen == 2


async def test_a_crash_in_the_middle_leaves_parts_that_only_a_reader_of_uncommitted_records_sees(
    house: House,
) -> None:
    command = await command_for(house, UNIT)
    await carry_out(house, command, "ide:1")
    assert await hanging(house, house.config.topics.transport_ipl) > 7
    assert await hanging(house, house.config.topics.transport_ide) > 0
    assert (await run_of(house, command)).status == "bygget"
    assert await carry_out(house, command) == 0
    assert (await run_of(house, command)).status == "sendt"


async def test_a_run_keeps_its_number_its_moment_and_its_ids_through_crashes(house: House) -> None:
    command = await command_for(house, UNIT)
    await carry_out(house, command, "kjoring:bygget:sender")
    first = await run_of(house, command)
    for point in ("ipl:2", "ide:1", "kjoring:sendt:"):
        assert await carry_out(house, command, point) == -signal.SIGKILL
    assert await carry_out(house, command) == 0
    last = await run_of(house, command)
    assert (last.kjoring, last.lopenr, last.tidspunkt) == (first.kjoring, first.lopenr, first.tidspunkt)
    assert last.meldinger == first.meldinger
    assert await emitted(house, last) == built_offline(house, RECORDS, last)


@pytest.mark.parametrize(
    "point",
    ["kommando:planlagt:leser", "kjoring:planlagt:bygger", "kjoring:bygget:sender", "begin", "ipl:3", "kjoring:sendt:"],
)
async def test_a_paused_owner_that_wakes_up_when_another_has_sent_changes_nothing(house: House, point: str) -> None:
    command = await command_for(house, UNIT)
    program = (sys.executable, "-m", "tests.integration.crashing_report", point, encode(command).decode(), "pause")
    paused = house.start(*program)

    async def asleep() -> bool:
        return "State:\tT" in Path(f"/proc/{paused.pid}/status").read_text()  # noqa: ASYNC240  # not a disk

    await wait_until(asleep, 60, "the owner pauses")
    assert await carry_out(house, command) == 0
    before, sent = await parts_on_topics(house), await run_of(house, command)
    paused.signal(signal.SIGCONT)
    await paused.ended(within=60)
    assert await parts_on_topics(house) == before
    assert await emitted(house, sent) == built_offline(house, RECORDS, sent)
    assert await run_of(house, command) == sent
    assert (await ledger(house))[command.id].status == "fordelt"


async def test_another_command_after_a_crash_is_not_held_up_and_has_a_number_of_its_own(house: House) -> None:
    crashed, other = await command_for(house, UNIT), await command_for(house, UNIT)
    await carry_out(house, crashed, "kjoring:sendt:")
    assert await carry_out(house, other) == 0
    sent, left = await run_of(house, other), await run_of(house, crashed)
    assert (sent.status, left.status) == ("sendt", "bygget")
    assert int(sent.lopenr) == int(left.lopenr) + 1
    assert await carry_out(house, crashed) == 0
    assert await emitted(house, await run_of(house, crashed)) != await emitted(house, sent)
