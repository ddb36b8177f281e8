"""Things go wrong for real: the process is killed, the disk is full, the broker is gone."""

import resource
import sys
from pathlib import Path

from adapter.domain.enhet import Enhet
from adapter.report.command import encode
from tests.integration.house import Service, wait_until
from tests.integration.reports import command_for, ended, give, ledger
from tests.security.canary.events import UNIT
from tests.security.canary.stage import Stage

TRONDHEIM = Enhet(UNIT)
# More than the lines that are logged meanwhile, less than a report puts on disk.
ROOM = 16 * 1024


async def killed(stage: Stage, service: Service) -> None:
    """kill -9 in the middle of a report, as soon as the ledger says that it has begun."""
    command = await command_for(stage.house, TRONDHEIM)
    await give(stage.house, command)

    async def under_way() -> bool:
        return any(run.kommando == command.id for run in (await ledger(stage.house)).values())

    await wait_until(under_way, 120, "the report has begun")
    await service.killed()


async def stopped_with_all_on_disk(stage: Stage) -> None:
    """Both messages are built and nothing is sent yet: what is on disk then, in files that have no name."""
    command = encode(await command_for(stage.house, TRONDHEIM)).decode()
    program = (sys.executable, "-m", "tests.integration.crashing_report", "kjoring:bygget:sender", command, "pause")
    process = stage.start(*program)

    async def paused() -> bool:
        return stopped(process.pid)

    await wait_until(paused, 120, "both messages are built")
    stage.spools |= deleted_files(process.pid)
    await process.killed()


def stopped(pid: int) -> bool:
    return "State:\tT" in Path(f"/proc/{pid}/status").read_text()


def deleted_files(pid: int) -> dict[str, bytes]:
    """What a process has in files that no folder names."""
    open_files = Path(f"/proc/{pid}/fd").iterdir()
    return {f"spool {one.name}": one.read_bytes() for one in open_files if str(one.readlink()).endswith("(deleted)")}


async def disk_full(stage: Stage, service: Service) -> None:
    """No file may grow beyond a limit that the report needs; then it may, and the report ends."""
    limit = service.log.stat().st_size + ROOM
    _, most = resource.prlimit(service.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (limit, most))
    before = len(service.said("not carried out, trying again"))
    command = await command_for(stage.house, TRONDHEIM, emisjon="ingen")
    await give(stage.house, command)

    async def refused() -> bool:
        return len(service.said("not carried out, trying again")) > before

    await wait_until(refused, 120, "the disk is full")
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (most, most))
    await ended(stage.house, command, within=120)


async def broker_gone(stage: Stage, service: Service) -> None:
    """In the middle of ingest and with a command waiting; command lines meanwhile; then it is back."""
    [broker] = stage.kafka.brokers
    command = await command_for(stage.house, TRONDHEIM, emisjon="ingen")
    await give(stage.house, command)
    broker.kill()
    asked = ("report", "--kommune", UNIT, "--year", "2018", "--dry-run")
    assert all(await stage.run(("runs", "list"), asked))

    async def seen() -> bool:
        return bool(service.said("tick failed, the next one tries again"))

    await wait_until(seen, 120, "the service sees that the broker is gone")
    await stage.listen(service, "without a broker")
    broker.start()
    await stage.house.answers(within=120)
    await ended(stage.house, command, within=120)
