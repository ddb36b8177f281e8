"""The network between a worker and the brokers is gone, silent or slow for a while."""

import asyncio
from collections.abc import Callable

from tests.chaos.faults import CutNetwork, DelayNetwork, DropNetwork
from tests.chaos.proxy import Line
from tests.chaos.scene import Scene
from tests.chaos.worker_faults import another_is_ready


async def cut(fault: CutNetwork, scene: Scene) -> set[str]:
    return await _for_a_while(fault, scene, Line.cut)


async def drop(fault: DropNetwork, scene: Scene) -> set[str]:
    return await _for_a_while(fault, scene, Line.drop)


async def delay(fault: DelayNetwork, scene: Scene) -> set[str]:
    return await _for_a_while(fault, scene, lambda line: line.delay(fault.late))


async def _for_a_while(
    fault: CutNetwork | DropNetwork | DelayNetwork, scene: Scene, worsen: Callable[[Line], None]
) -> set[str]:
    place = scene.workers.places[fault.worker]
    worsen(place.line)
    await asyncio.sleep(fault.seconds)  # the fault itself: nothing is waited for
    place.line.mend()
    return await another_is_ready(place)
