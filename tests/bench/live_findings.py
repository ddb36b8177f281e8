"""What the live findings cost ingest: the same events with and without them, interleaved, events a second.

    python -m tests.bench.live_findings --persons 3000 --runs 5

One process, one broker of its own, state and offsets committed as always. The ratio is what counts.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from adapter.config import Kafka
from adapter.domain.overgang import Overgang
from adapter.domain.rules import RULES
from adapter.ingest.partition import Partition, TopicNames
from adapter.ingest.reading import Reader
from adapter.ingest.worker import Pace, Watch, Worker
from adapter.kafka.clients import group_consumer, plain_producer
from adapter.ops.metrics import Metrics
from adapter.packs import load_pack, load_places
from adapter.report.live import LiveFindings
from adapter.sandbox import KafkaSandbox
from adapter.sandbox.topics import OwnTopics
from adapter.sealing import Sealer, new_key_file
from adapter.simulate import SimulatedRecord, simulate


class Nobody:
    """Follows nothing."""

    def opened(self, number: int, states: Mapping[str, bytes], /) -> None: ...

    def changed(self, number: int, keys: Iterable[str], /) -> None: ...

    def closed(self, number: int, /) -> None: ...


async def one_run(
    access: Kafka, bus: str, topics: OwnTopics, sealer: Sealer, total: int, name: str, *, live: bool
) -> float:
    """Events a second from the first to the last outcome."""
    names = TopicNames(bus, await topics(f"tilstand-{name}", 4), await topics(f"avvist-{name}", 1))
    reader, metrics = Reader(sealer), Metrics()
    watch: Watch = Nobody()
    judging = None
    if live:
        findings = LiveFindings(load_pack(2018), RULES, Overgang(load_places(), 2018), "test", lambda: date(2019, 1, 2))
        watch, judging = findings, asyncio.create_task(findings.run())
    worker = Worker(
        lambda: group_consumer(access, name, 10_000),
        bus,
        lambda number: Partition(access, name, names, number, reader),
        Pace(2_000, 50),
        metrics,
        watch,
    )
    running = asyncio.create_task(worker.run())
    started = 0.0
    while (done := _counted(metrics)) < total:
        if done and not started:
            started, first = time.perf_counter(), done
        if running.done():
            running.result()
        await asyncio.sleep(0.005)
    speed = (total - first) / (time.perf_counter() - started)
    worker.stop()
    await running
    if judging is not None:
        judging.cancel()
    return speed


def _counted(metrics: Metrics) -> int:
    samples = (one for family in metrics.events.collect() for one in family.samples)
    return int(sum(one.value for one in samples if one.name.endswith("_total")))


async def measure(bootstrap: str, records: list[SimulatedRecord], runs: int, sealer: Sealer) -> None:
    access = Kafka(bootstrap=bootstrap)
    async with OwnTopics(bootstrap, "live") as topics:
        bus = await topics("buss", 4)
        producer = plain_producer(access)
        await producer.start()
        await asyncio.gather(*[await producer.send(bus, one.value, one.key) for one in records])
        await producer.stop()
        speeds: dict[bool, list[float]] = {False: [], True: []}
        for number in range(runs + 1):
            for live in (False, True):
                speed = await one_run(access, bus, topics, sealer, len(records), f"{number}-{live}", live=live)
                if number:  # the first pair only warms up
                    speeds[live].append(speed)
        without, with_them = (statistics.median(speeds[live]) for live in (False, True))
        figures = {
            "events": len(records),
            "without": round(without),
            "with": round(with_them),
            "ratio": round(with_them / without, 3),
            "all": {str(live): [round(one) for one in found] for live, found in speeds.items()},
        }
        print(json.dumps(figures))  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=3_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    records = list(simulate(arguments.persons, 2018, 1, [("5001", "")]))
    with tempfile.TemporaryDirectory() as place, KafkaSandbox.start() as kafka:
        keys = Path(place) / "keys.toml"
        keys.write_text(new_key_file("n1"))
        asyncio.run(measure(kafka.bootstrap, records, arguments.runs, Sealer.load(keys)))


if __name__ == "__main__":
    main()
