"""The service as the image runs it, without an image: where it writes, and what its health check says."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from adapter.domain.enhet import Enhet
from adapter.report.ledger import read_ledger
from adapter.report.order import Order, give
from adapter.sandbox.ports import free_ports
from adapter.settings.config import Config
from adapter.simulate import simulate
from tests.deploy.test_dockerfile import FINAL, of
from tests.integration.house import House, wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

UNIT = Enhet("5001")


class Folders(NamedTuple):
    """Where a program may think it can write."""

    here: Path
    home: Path
    tmp: Path


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    found = Folders(*(tmp_path / name for name in Folders._fields))
    for one in found:
        one.mkdir()
    monkeypatch.chdir(found.here)
    monkeypatch.setenv("HOME", str(found.home))
    monkeypatch.setenv("TMPDIR", str(found.tmp))
    return found


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    settings: dict[str, dict[str, object]] = {"rapport": {"aar": 2018, "ekte_i_test": True}}
    async with House(kafka_bootstrap, tmp_path, settings=settings) as house:
        yield house


def healthy(port: int) -> bool:
    """What the image's health check says of a service on this port."""
    _, _, command = of("HEALTHCHECK", FINAL)[0].partition("CMD ")
    python, *arguments = json.loads(command)
    assert python == "python"
    arguments = [one.replace(f":{Config().http.port}/", f":{port}/") for one in arguments]
    return subprocess.run([sys.executable, *arguments], capture_output=True, check=False).returncode == 0


def files_under(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if not one.is_dir()]


async def test_it_writes_only_to_its_temporary_folder_and_leaves_nothing_there(house: House, folders: Folders) -> None:
    service = await house.start().ready(90)
    await house.produce(list(simulate(20, 2018, 3, [(UNIT.kommunenummer, "")])))
    await house.done(120)
    await give(house.config, Order(UNIT, 2018, "et menneske", "prøve"), "test", None, datetime.now(UTC))

    async def sent() -> bool:
        ledger = await read_ledger(house.kafka, house.config.topics.rapport)
        return any(run.status == "sendt" for run in ledger.values())

    await wait_until(sent, 120, "a report is sent")
    assert healthy(service.port)
    assert await service.stopped(30) == 0
    assert not healthy(service.port)
    assert [files_under(folder) for folder in folders] == [[], [], []]


def test_a_health_check_of_nothing_fails() -> None:
    [port] = free_ports(1)
    assert not healthy(port)
