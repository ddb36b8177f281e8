"""Ours: the service's own worker, with its partitions, transactions, metrics, and (`variant` live) the live findings."""

import asyncio
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import uvloop

from adapter.config import Kafka
from adapter.domain.overgang import Overgang
from adapter.domain.rules import RULES
from adapter.ingest.partition import Partition, TopicNames
from adapter.ingest.reading import Reader
from adapter.ingest.worker import Pace, Watch, Worker
from adapter.kafka.clients import group_consumer
from adapter.ops.metrics import Metrics
from adapter.packs import load_pack, load_places
from adapter.report.live import LiveFindings
from adapter.sealing import Sealer, new_key_file
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch

BETWEEN_LOOKS = 0.005


class Nobody:
    """Follows nothing."""

    def opened(self, number: int, states: Mapping[str, bytes], /) -> None: ...

    def changed(self, number: int, keys: Iterable[str], /) -> None: ...

    def closed(self, number: int, /) -> None: ...


async def fold(told: Job) -> Sample:
    access, names = Kafka(bootstrap=told.bootstrap), TopicNames(told.topic, told.tilstand, told.avvist)
    reader, metrics = Reader(_sealer(), frozenset({"5001"})), Metrics()
    watch: Watch = Nobody()
    tasks: list[asyncio.Task[None]] = []
    if told.variant == "live":
        watch = live = LiveFindings(
            load_pack(2018), RULES, Overgang(load_places(), 2018), "test", lambda: date(2019, 1, 2)
        )
        tasks.append(asyncio.create_task(live.run()))
    worker = Worker(
        lambda: group_consumer(access, told.name, 10_000),
        told.topic,
        lambda number: Partition(access, told.name, names, number, reader),
        Pace(2_000, 50),
        metrics,
        watch,
    )
    tasks.append(asyncio.create_task(worker.run()))
    stopwatch, before = None, 0
    while (done := _committed(metrics)) < told.events:
        if done and stopwatch is None:
            stopwatch, before = Stopwatch.start(), done
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(BETWEEN_LOOKS)
    assert stopwatch is not None
    sample = stopwatch.sample(done - before)
    worker.stop()
    await tasks[-1]
    return sample


def _committed(metrics: Metrics) -> int:
    """Events whose transaction is committed: they are counted only then."""
    samples = (one for family in metrics.events.collect() for one in family.samples)
    return int(sum(one.value for one in samples if one.name.endswith("_total")))


def _sealer() -> Sealer:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "keys.toml"
        file.write_text(new_key_file("n1"))
        return Sealer.load(file)


if __name__ == "__main__":
    answer(uvloop.run(fold(job())))
