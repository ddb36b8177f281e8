"""So many processes of ours (`variant`) that share the bus as one group, as an installation runs them.

Each of them works on what the group gives it until its partitions are at their ends; the clock runs from the first
commit of any to the last commit of the last. What joining takes is left out: it is the same few seconds at any size.
"""

import asyncio
import sys
import time

import msgspec

from adapter.host import loop
from adapter.host.garbage import spare_what_stays
from adapter.kafka.offsets import committed_offsets, end_offsets
from adapter.ops.metrics import Metrics
from tests.bench.contenders.ingest import BETWEEN_LOOKS, Nobody, committed, make_worker
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, cpu_seconds, peak_mb

MEMBER = "member"


class Span(msgspec.Struct, frozen=True):
    """When one member began and ended (the machine's monotonic clock), what it did meanwhile, and what it took."""

    begin: float
    end: float
    done: int
    cpu: float
    peak_mb: float


async def member(told: Job) -> Span:
    """One process: until the whole bus is committed, by whomever."""
    metrics, kafka, bus = Metrics(), told.config().kafka, told.topics["buss"]
    ends = await end_offsets(kafka, bus)
    worker = make_worker(told, metrics, Nobody())
    running = asyncio.create_task(worker.run())
    begin = end = cpu = spent = 0.0
    before, seen, looked = 0, 0, time.monotonic()
    while True:
        if running.done():
            running.result()
        done, now = committed(metrics), time.monotonic()
        if done > seen:
            if not seen:
                begin, before, cpu = now, done, cpu_seconds()
            seen, end, spent = done, now, cpu_seconds() - cpu
        elif now - looked > 1:
            looked = now
            if await committed_offsets(kafka, kafka.gruppe, bus, [*ends]) == ends:
                break
        await asyncio.sleep(BETWEEN_LOOKS)
    worker.stop()
    await running
    return Span(begin, end, seen - before, spent, peak_mb())


async def together(told: Job) -> Sample:
    """All members at once."""
    told_each = msgspec.json.encode(msgspec.structs.replace(told, variant=MEMBER))
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.contenders.members", told_each, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(int(told.variant))
    ]
    outputs = [await process.communicate() for process in processes]
    spans = [msgspec.json.decode(out.splitlines()[-1], type=Span) for out, _ in outputs]
    shared = [one for one in spans if one.done]
    if len(shared) != len(processes):
        raise RuntimeError("not every member was given partitions in time")
    wall = max(one.end for one in shared) - min(one.begin for one in shared)
    done, cpu = sum(one.done for one in shared), sum(one.cpu for one in shared)
    return Sample(done, wall, cpu, sum(one.peak_mb for one in shared))


if __name__ == "__main__":
    loop.install()
    spare_what_stays()
    told = job()
    if told.variant == MEMBER:
        print(msgspec.json.encode(asyncio.run(member(told))).decode(), flush=True)  # noqa: T201
    else:
        answer(asyncio.run(together(told)))
