"""Ours after kill -9: a process that was at work is killed, another one takes its partitions and becomes ready.

The clock runs from the moment the group gives the first partition to the moment the worker says it is ready: fencing
the former owner, reading the state back, looking at it, the first poll. How long the group takes to give up the dead
member is its session timeout, a setting, and left out.
"""

import asyncio
import os
import signal
import sys

import msgspec

from adapter.host import loop
from adapter.host.garbage import spare_what_stays
from adapter.ingest.partition import Partition
from adapter.ops.metrics import Metrics
from tests.bench.contenders.ingest import BETWEEN_LOOKS, Nobody, make_worker
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch

VICTIM = "victim"
READY = b"ready\n"


async def until_ready(told: Job) -> Sample:
    """Join, restore; what is measured begins with the first partition given."""
    watch: list[Stopwatch] = []
    worker = make_worker(told, Metrics(), Nobody())
    make = worker._make_partition

    def make_partition(number: int) -> Partition:
        watch.append(Stopwatch())
        return make(number)

    worker._make_partition = make_partition
    running = asyncio.create_task(worker.run())
    while not worker.ready:
        if running.done():
            running.result()
        await asyncio.sleep(BETWEEN_LOOKS)
    held = [state for slot in worker._slots.values() for state in slot.partition.states.values()]
    sample = watch[0].sample(len(held), {"state_bytes": sum(map(len, held))})
    if told.variant == VICTIM:
        os.write(1, READY)
        await running
    worker.stop()
    await running
    return sample


async def victim(told: Job) -> None:
    """A process like ours, killed when it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.contenders.restore",
        msgspec.json.encode(msgspec.structs.replace(told, variant=VICTIM)),
        stdout=asyncio.subprocess.PIPE,
    )
    # Its log lines come the same way.
    while process.stdout is not None and (line := await process.stdout.readline()) != READY:
        if not line:
            raise RuntimeError("the process that was to be killed never became ready")
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def restored(told: Job) -> Sample:
    """After a kill."""
    await victim(told)
    return await until_ready(told)


if __name__ == "__main__":
    loop.install()
    spare_what_stays()
    told = job()
    answer(asyncio.run(until_ready(told) if told.variant == VICTIM else restored(told)))
