"""A broker is killed, the controller restarts, a disk is full. Each ends with three brokers that answer."""

import asyncio
import json

from adapter.sandbox.broker import Broker
from adapter.sandbox.ports import HOST
from adapter.sandbox.ready import how_many_answer
from tests.chaos.faults import FillDisk, KillBroker, RestartController
from tests.chaos.scene import ON_THE_SMALL_DISK, Scene
from tests.chaos.small_disk import SmallDisk
from tests.chaos.verdict import DID_NOT_COME_BACK
from tests.chaos.workers import before_long

PATIENCE_SECONDS = 120.0
# A broker that finds its former self still known to the cluster waits; one that has waited in vain ends.
STARTS = 3
FULL = "No space left on device"


async def kill(fault: KillBroker, scene: Scene) -> set[str]:
    broker = scene.broker(fault.broker)
    broker.kill()
    await asyncio.sleep(fault.seconds)  # the fault itself: nothing is waited for
    return await _comes_back(broker, scene)


async def restart_controller(_: RestartController, scene: Scene) -> set[str]:
    broker = active_controller(scene)
    broker.ask_to_stop()

    async def has_ended() -> bool:
        return not broker.running

    if not await before_long(has_ended, within=20):
        broker.kill()
    seen = await _comes_back(broker, scene)
    return seen | ({"another leads"} if active_controller(scene) is not broker else set())


async def fill_disk(_: FillDisk, scene: Scene) -> set[str]:
    """Full until the broker gives up, which it does at its next write: it has no other disk."""
    disk, broker = scene.disk, scene.broker(ON_THE_SMALL_DISK)
    assert isinstance(disk, SmallDisk)
    complaints = _complaints(broker)
    disk.fill()

    async def has_given_up() -> bool:
        return not broker.running

    gave_up = await before_long(has_given_up, within=45)
    disk.clear()
    if not gave_up:
        broker.kill()
    seen = {"broker gave up" if gave_up else "broker held out"}
    if _complaints(broker) > complaints:
        seen.add("disk full in its log")
    return seen | await _comes_back(broker, scene)


def active_controller(scene: Scene) -> Broker:
    """The one that its voters follow in the newest epoch, by what each has on disk.

    A client that asks a broker for the controller is told of some broker, not of the active controller (KIP-919).
    """
    states = [
        json.loads((broker.data / "__cluster_metadata-0" / "quorum-state").read_text())
        for broker in scene.kafka.brokers
    ]
    newest = max(states, key=lambda state: (state["leaderEpoch"], state["leaderId"]))
    return next(broker for broker in scene.kafka.brokers if broker.node.id == newest["leaderId"])


async def _comes_back(broker: Broker, scene: Scene) -> set[str]:
    async def answers() -> bool:
        # Itself: the others may not have noticed yet that it was away.
        return await how_many_answer(f"{HOST}:{broker.node.port}") == len(scene.kafka.brokers)

    for start in range(STARTS):
        broker.start()
        if await before_long(answers, PATIENCE_SECONDS):
            return {"back"} if start == 0 else {"back", "needed another start"}
        broker.kill()
    return {DID_NOT_COME_BACK}


def _complaints(broker: Broker) -> int:
    return broker.log.read_text(errors="replace").count(FULL)
