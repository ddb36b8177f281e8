"""Members come and go, and an operator orders a report while they do."""

import asyncio
import sys
from pathlib import Path

from aiokafka.errors import KafkaError

from adapter.kafka.clients import group_consumer
from tests.chaos.faults import OrderReport, RebalanceStorm
from tests.chaos.scene import Scene
from tests.chaos.workers import before_long
from tests.integration.house import UNITS

PROGRAM = str(Path(sys.executable).with_name("iplos-adapter"))
# An operator's patience; the command stays on its topic and is carried out whether somebody waits or not.
REPORT_SECONDS = 240


async def storm(fault: RebalanceStorm, scene: Scene) -> set[str]:
    """Guests that are given partitions and do nothing for them; what they were given stands still until they leave."""
    # The client of a guest that leaves may cancel whoever waits for it, which is no reason to end the storms.
    seen = await asyncio.gather(*(_visit(scene) for _ in range(fault.guests)), return_exceptions=True)
    for one in seen:
        if isinstance(one, BaseException) and not isinstance(one, asyncio.CancelledError):
            raise one
    return {"were given partitions"} if True in seen else {"were given none"}


async def _visit(scene: Scene) -> bool:
    guest = group_consumer(scene.house.kafka, scene.house.group, scene.house.kafka.sesjon_ms)
    try:
        await guest.start()
        guest.subscribe([scene.house.bus])
        polling = asyncio.create_task(guest.getmany(timeout_ms=20_000))

        async def was_given_some() -> bool:
            return bool(guest.assignment())

        given = await before_long(was_given_some, within=20)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    except KafkaError:
        return False  # it came while the brokers were away
    else:
        return given
    finally:
        await guest.stop()


async def order_report(event: OrderReport, scene: Scene) -> set[str]:
    return {f"exit {await report_exit(scene, event.unit)}"}


async def report_exit(scene: Scene, unit: int) -> int | None:
    """`iplos-adapter report` of a unit, from a desk whose network is well; its exit code, None when it never ended."""
    kommune, bydel = UNITS[unit]
    of_unit = ["--kommune", kommune, *(["--bydel", bydel] if bydel else [])]
    command = scene.house.start(PROGRAM, "report", *of_unit, "--year", "2018", "--timeout", str(REPORT_SECONDS))

    async def has_ended() -> bool:
        return not command.running

    return await command.ended(within=1) if await before_long(has_ended, REPORT_SECONDS + 60) else None
