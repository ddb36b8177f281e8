"""A worker is killed, put to sleep or told to stop. What is seen is told in a few words, the same ones each time."""

import signal

from tests.chaos.faults import KillWorker, SleepWorker, StopWorker
from tests.chaos.scene import Scene
from tests.chaos.verdict import DID_NOT_STOP, NOT_READY
from tests.chaos.workers import Place, before_long
from tests.integration.house import Service

# As long as a start may take beside all else that goes on. It is not waited for longer; the run goes on without it.
PATIENCE_SECONDS = 180.0
# What an orchestrator usually gives before it kills, and what services.py aims at.
STOPS_WITHIN_SECONDS = 10.0
# Beside other faults the others may be busy with themselves.
TAKEN_OVER_SECONDS = 30.0
NAPS = 3


async def kill(fault: KillWorker, scene: Scene) -> set[str]:
    place = scene.workers.places[fault.worker]
    victim = place.service
    place.told_to_end.add(victim.pid)
    victim.signal(signal.SIGKILL)
    return await another_is_ready(place, victim)


async def sleep(fault: SleepWorker, scene: Scene) -> set[str]:
    """It sleeps until its partitions are at work elsewhere; then it tries to write what it had in hand.

    If it had nothing in hand when it fell asleep there is nothing to refuse, so it falls asleep again.
    """
    place = scene.workers.places[fault.worker]
    seen: set[str] = set()
    for _ in range(NAPS):
        seen |= await _nap(place, [one for one in scene.workers.places if one is not place], scene)
        if "fenced" in seen:
            break
    return seen


async def _nap(place: Place, others: list[Place], scene: Scene) -> set[str]:
    sleeper = place.service
    fenced, assigned = place.fenced(), len(sleeper.said("partitions assigned"))
    sleeper.signal(signal.SIGSTOP)
    taken = await before_long(lambda: scene.workers.running(others), TAKEN_OVER_SECONDS)
    sleeper.signal(signal.SIGCONT)

    async def has_met_the_others() -> bool:
        return not sleeper.running or place.fenced() > fenced or len(sleeper.said("partitions assigned")) > assigned

    await before_long(has_met_the_others, TAKEN_OVER_SECONDS)
    seen = {"taken over" if taken else "not taken over in time"}
    return seen | ({"fenced"} if place.fenced() > fenced else set())


async def stop(fault: StopWorker, scene: Scene) -> set[str]:
    place = scene.workers.places[fault.worker]
    leaving = place.service
    place.told_to_end.add(leaving.pid)
    leaving.signal(signal.SIGTERM)

    async def has_left() -> bool:
        return not leaving.running

    seen = set() if await before_long(has_left, STOPS_WITHIN_SECONDS) else {"slow stop"}
    if not await before_long(has_left, PATIENCE_SECONDS):
        leaving.signal(signal.SIGKILL)
        return {DID_NOT_STOP}
    return seen | {f"exit {await leaving.ended(within=1)}"} | await another_is_ready(place, leaving)


async def another_is_ready(place: Place, former: Service | None = None) -> set[str]:
    """Whether there is a worker in that place that works, and another than the one that was there."""

    async def so() -> bool:
        return place.service is not former and await place.is_ready()

    return {"ready again" if await before_long(so, PATIENCE_SECONDS) else NOT_READY}
