"""Units are built ahead of their turn, in processes of their own; what is sent, and under which number, is what it was
when one was built after the other.
"""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from adapter.domain.enhet import Enhet
from adapter.report.population import Population
from adapter.simulate import SimulatedRecord, simulate
from tests.integration.house import House, Service, wait_until
from tests.integration.reports import built_offline, carried_out, command_for, dispatches, emitted, ended, give, ledger

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

OSLO = Enhet("0301")
DISTRICTS = [("0301", "03"), ("0301", "12"), ("0301", "13")]


class Town(NamedTuple):
    """A service, and what was on its bus."""

    house: House
    service: Service
    records: list[SimulatedRecord]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Three districts; nobody can be sent of the first, for nobody's person row came."""
    async with House(kafka_bootstrap, tmp_path_factory.mktemp("bydeler")) as house:
        records = list(simulate(90, 2018, 23, DISTRICTS))
        first = Population.of(house.model(records).states).groups(Enhet(*DISTRICTS[0]))
        records = [
            one for one in records if (one.key or b"").decode() not in first or b".person.registrert." not in one.value
        ]
        service = house.start()
        await house.produce(records)
        await service.ready()
        await house.done()
        yield Town(house, service, records)


def building(service: Service) -> list[int]:
    """The processes that this one has started and that are still there."""
    tasks = Path(f"/proc/{service.pid}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def running(pid: int) -> bool:
    """Whether it is there, and not only as a number that nobody has asked for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_unit_that_comes_to_nothing_leaves_its_number_to_the_one_that_was_built_ahead(town: Town) -> None:
    runs = await carried_out(town.house, await command_for(town.house, OSLO))
    assert [(run.status, run.lopenr) for run in runs] == [("nektet", "1"), ("sendt", "1"), ("sendt", "2")]
    for run in runs[1:]:
        assert await emitted(town.house, run) == built_offline(town.house, town.records, run)
    assert building(town.service) == []


async def test_a_build_process_that_is_killed_fails_its_unit_and_nothing_of_it_is_sent(town: Town) -> None:
    before = len(await dispatches(town.house))
    district = Enhet(*DISTRICTS[1])
    command = await command_for(town.house, district)
    await give(town.house, command)

    async def begun() -> bool:
        return bool(building(town.service))

    await wait_until(begun, 30, "the unit is being built")
    for pid in building(town.service):
        os.kill(pid, signal.SIGKILL)
    whole = await ended(town.house, command)
    (run,) = [(await ledger(town.house))[one] for one in whole.kjoringer]
    assert (run.status, run.meldinger) == ("feilet", [])
    assert "kode -9" in run.grunn
    assert len(await dispatches(town.house)) == before
    (again,) = await carried_out(town.house, await command_for(town.house, district))
    assert again.status == "sendt"


async def test_build_processes_end_with_the_service_that_is_killed(town: Town) -> None:
    await give(town.house, await command_for(town.house, OSLO))

    async def begun() -> bool:
        return bool(building(town.service))

    await wait_until(begun, 30, "the first unit is being built")
    left = building(town.service)
    await town.service.killed()

    async def gone() -> bool:
        return not any(map(running, left))

    await wait_until(gone, 30, "they are gone")
