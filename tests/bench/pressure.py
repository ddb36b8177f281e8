"""What presses at full size: fifty-megabyte records, a million rows of one person, a slow broker.

    python -m tests.bench.pressure giants --number 40
    python -m tests.bench.pressure person --number 1000000
    python -m tests.bench.pressure slow --number 3000 --rate 100000

One process of the service with the settings of an installation, one broker of its own. What counts is the memory, and
that it comes to an end.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path

from adapter.sandbox import KafkaSandbox
from adapter.simulate import SimulatedRecord
from tests.integration.house import House, events
from tests.integration.pressure import MEGABYTE, Scales, giants, rows_of_one_person, slow_broker

# Records handed to the producer at a time, so that the load does not lie in this process.
STEP = 20_000
SETTINGS: dict[str, dict[str, object]] = {
    "ingest": {"batch": 2_000, "vent_ms": 200},
    "kafka": {"transaksjon_ms": 60_000, "sesjon_ms": 45_000},
}
LOADS: dict[str, tuple[int, Callable[[int], Iterable[SimulatedRecord]]]] = {
    "giants": (40, giants),
    "person": (1_000_000, rows_of_one_person),
    "slow": (3_000, events),
}


async def press(load: str, number: int, partitions: int, rate: int) -> None:
    """Produce, wait for the end, and tell."""
    with KafkaSandbox.start() as kafka, tempfile.TemporaryDirectory(prefix="pressure-") as folder:
        async with House(kafka.bootstrap, Path(folder), partitions=partitions, settings=SETTINGS) as house:
            service = await house.start().ready(120)
            scales, begun = Scales(service), time.monotonic()
            async with AsyncExitStack() as stack:
                if load == "slow":
                    await stack.enter_async_context(slow_broker(kafka.bootstrap, rate))
                records = iter(LOADS[load][1](number))
                while step := list(islice(records, 1 if load == "giants" else STEP)):
                    await house.produce(step)
                await house.done(7_200)
            took, weight = time.monotonic() - begun, scales.read()
            outcomes = await service.outcomes()
            megabytes = [round(bytes_ / MEGABYTE) for bytes_ in weight]
            print(f"{load}: {sum(outcomes.values()):,} events in {took:.0f} s, {outcomes}")  # noqa: T201
            print(f"memory: {megabytes[0]} MB before, {megabytes[1]} MB at most")  # noqa: T201
            slowest = await service.samples("iplos_ingest_batch_seconds_sum")
            batches = await service.samples("iplos_ingest_batch_seconds_count")
            print(f"batches: {batches[0][1]:,.0f}, {slowest[0][1] / batches[0][1]:.3f} s each")  # noqa: T201
            print(f"failed: {len(service.said('batch failed, partition opens anew'))}")  # noqa: T201


def main() -> None:
    """One load."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pressure", description=__doc__.splitlines()[0])
    parser.add_argument("load", choices=LOADS)
    parser.add_argument("--number", type=int, help="records, rows, or persons")
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--rate", type=int, default=100_000, help="bytes a second that the slow broker takes")
    asked = parser.parse_args()
    asyncio.run(press(asked.load, asked.number or LOADS[asked.load][0], asked.partitions, asked.rate))


if __name__ == "__main__":
    main()
