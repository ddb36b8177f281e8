"""A run: the lanes of the plan side by side under a steady load, then quiet, then what is there is counted."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from aiokafka.errors import KafkaError

from adapter.sandbox import KafkaSandbox
from tests.chaos.aftermath import open_events
from tests.chaos.ending import Ending
from tests.chaos.load import Load
from tests.chaos.perform import impossible, perform
from tests.chaos.proxy import Line, Way
from tests.chaos.scene import ON_THE_SMALL_DISK, Scene
from tests.chaos.schedule import BROKERS, WORKERS, Schedule, Step
from tests.chaos.small_disk import SmallDisk
from tests.chaos.verdict import Aftermath, Record
from tests.chaos.workers import PARTITIONS, Workers, bootstrap_of
from tests.integration.house import House

Say = Callable[[str], None]

START_SECONDS = 120.0
# Events on the bus that the service has not yet taken.
FAR_AHEAD = 4_000
# A broker that is gone is known as gone soon, and may come back; a transaction that nobody ends is ended soon. Small
# segments, so that the state is compacted while all this goes on.
BROKER = {
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    "log.segment.bytes": str(8 * 1024 * 1024),
    "log.index.size.max.bytes": str(1024 * 1024),
    "log.cleaner.min.cleanable.ratio": "0.2",
    "num.network.threads": "1",
    "num.io.threads": "4",
}
SETTINGS = {
    "kafka": {"sesjon_ms": 4_000, "transaksjon_ms": 10_000},
    "ingest": {"batch": 200, "vent_ms": 100},
    # Many parts, so that a report takes its time and there is something to lose.
    "rapport": {"delstorrelse": 40_000},
}


class Order(NamedTuple):
    """What is asked of a run."""

    seed: int
    schedule: Schedule
    rate: int
    minutes: float


async def carry_out(order: Order, folder: Path, disk: SmallDisk | str, say: Say) -> tuple[list[Record], Aftermath]:
    """Everything that happened, and what was found afterwards."""
    async with _scene(folder, disk) as scene:
        load = Load(scene.house, order.seed, order.rate)
        try:
            if not await scene.workers.all_ready(START_SECONDS):
                raise TimeoutError(f"no fault yet, and the workers are not ready in {START_SECONDS:.0f} s")
            await load.start()
            watching = asyncio.create_task(_hold_back(scene.house, load))
            say("three brokers, three workers, all ready; the faults begin")
            records = await _all_lanes(order, scene, say)
            watching.cancel()
            say("the faults are over")
            return records, await Ending(scene, load, order.seed, say).found()
        finally:
            scene.workers.stop_watching()
            await load.close()


async def _hold_back(house: House, load: Load) -> None:
    while True:
        with contextlib.suppress(KafkaError, OSError):
            load.is_far_ahead = await open_events(house) > FAR_AHEAD
        await asyncio.sleep(1.0)


@asynccontextmanager
async def _scene(folder: Path, disk: SmallDisk | str) -> AsyncIterator[Scene]:
    data = {ON_THE_SMALL_DISK + 1: disk.data} if isinstance(disk, SmallDisk) else {}
    around = [f"WORKER{number}" for number in range(WORKERS)]
    with KafkaSandbox.start(brokers=BROKERS, extra=BROKER, detours=around, data=data) as kafka:
        async with AsyncExitStack() as stack:
            ways = [
                [
                    Way(broker.node.detours[number].advertised, broker.node.detours[number].port)
                    for broker in kafka.brokers
                ]
                for number in range(WORKERS)
            ]
            lines = [await stack.enter_async_context(Line(one)) for one in ways]
            house = House(kafka.bootstrap, folder, partitions=PARTITIONS, settings=SETTINGS)
            await stack.enter_async_context(house)
            workers = Workers(house, lines, [bootstrap_of([way.advertised for way in one]) for one in ways])
            yield Scene(kafka, house, workers, disk)


async def _all_lanes(order: Order, scene: Scene, say: Say) -> list[Record]:
    started = time.monotonic()
    records: list[Record] = []

    async def lane(name: str, steps: tuple[Step, ...]) -> None:
        for pause, event in steps:
            if time.monotonic() - started > order.minutes * 60:
                records.append(Record(name, event, "not reached"))
                continue
            if why := impossible(event, scene):
                records.append(Record(name, event, "impossible", seen=frozenset({why})))
                continue
            await asyncio.sleep(pause)  # the plan's own rhythm
            begun = time.monotonic()
            seen = await perform(event, scene)
            at, took = begun - started, time.monotonic() - begun
            records.append(Record(name, event, "happened", round(at, 1), round(took, 1), frozenset(seen)))
            say(f"{at:6.1f} s {name:9} {event}: {', '.join(sorted(seen))} ({took:.1f} s)")

    async with asyncio.TaskGroup() as lanes:
        for name, steps in order.schedule.items():
            lanes.create_task(lane(name, steps))
    # A lane whose task was cancelled from within ends without a word, and a plan that was not carried out is none.
    for name, steps in order.schedule.items():
        told = sum(one.lane == name for one in records)
        records += [Record(name, event, "not reached") for _, event in steps[told:]]
    return sorted(records, key=lambda one: (one.fate, one.at))
