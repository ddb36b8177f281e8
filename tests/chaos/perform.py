"""Who does what: each kind of fault, and the one thing that is not a fault."""

from typing import assert_never

from tests.chaos import broker_faults, group_faults, network_faults, worker_faults
from tests.chaos.faults import (
    CutNetwork,
    DelayNetwork,
    DropNetwork,
    Event,
    FillDisk,
    KillBroker,
    KillWorker,
    OrderReport,
    RebalanceStorm,
    RestartController,
    SleepWorker,
    StopWorker,
)
from tests.chaos.scene import Scene


async def perform(event: Event, scene: Scene) -> set[str]:  # noqa: C901  # one line for each kind
    """Let it happen, and wait until it is over; what was seen, in a few words."""
    match event:
        case KillWorker():
            return await worker_faults.kill(event, scene)
        case SleepWorker():
            return await worker_faults.sleep(event, scene)
        case StopWorker():
            return await worker_faults.stop(event, scene)
        case CutNetwork():
            return await network_faults.cut(event, scene)
        case DropNetwork():
            return await network_faults.drop(event, scene)
        case DelayNetwork():
            return await network_faults.delay(event, scene)
        case KillBroker():
            return await broker_faults.kill(event, scene)
        case RestartController():
            return await broker_faults.restart_controller(event, scene)
        case FillDisk():
            return await broker_faults.fill_disk(event, scene)
        case RebalanceStorm():
            return await group_faults.storm(event, scene)
        case OrderReport():
            return await group_faults.order_report(event, scene)
        case _:
            assert_never(event)


def impossible(event: Event, scene: Scene) -> str:
    """Why this cannot happen on this machine; empty when it can."""
    return scene.disk if isinstance(event, FillDisk) and isinstance(scene.disk, str) else ""
