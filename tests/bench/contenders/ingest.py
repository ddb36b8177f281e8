"""Ours: the service's own worker with its partitions, transactions and metrics, as the settings are by default.

`variant` live adds the live findings. The clock runs from the first committed batch to the last.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from adapter.domain.rules import RULES
from adapter.host import loop
from adapter.host.garbage import spare_what_stays
from adapter.ingest.partition import Partition, TopicNames
from adapter.ingest.worker import Pace, Watch, Worker
from adapter.kafka.clients import group_consumer
from adapter.ops.metrics import Metrics
from adapter.packs import load_pack, load_places
from adapter.report.live import LiveFindings
from adapter.report.setup import make_overgang
from adapter.settings.config import Config
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch

BETWEEN_LOOKS = 0.005
YEAR = 2018


class Nobody:
    """Follows nothing."""

    def opened(self, number: int, states: Mapping[str, bytes], /) -> None: ...

    def changed(self, number: int, keys: Iterable[str], /) -> None: ...

    def closed(self, number: int, /) -> None: ...


def make_worker(told: Job, metrics: Metrics, watch: Watch) -> Worker:
    """A member of the group, wired as `adapter.host.app` does it."""
    config, reader = told.config(), told.reader()
    kafka, topics = config.kafka, config.topics
    names = TopicNames(topics.buss, topics.tilstand, topics.avvist)
    return Worker(
        lambda: group_consumer(kafka, kafka.gruppe, kafka.sesjon_ms),
        topics.buss,
        lambda number: Partition(kafka, kafka.gruppe, names, number, reader),
        Pace(config.ingest.batch, config.ingest.vent_ms),
        metrics,
        watch,
    )


def findings(config: Config) -> LiveFindings:
    """What is kept up to date beside it."""
    places = load_places()
    return LiveFindings(
        load_pack(YEAR), RULES, make_overgang(config, places, YEAR), "test", lambda: date(YEAR + 1, 1, 2)
    )


def committed(metrics: Metrics) -> int:
    """Events whose transaction is committed: they are counted only then."""
    samples = (one for family in metrics.events.collect() for one in family.samples)
    return int(sum(one.value for one in samples if one.name.endswith("_total")))


async def fold(told: Job) -> Sample:
    """Until so many events are committed."""
    metrics = Metrics()
    watch: Watch = Nobody()
    tasks: list[asyncio.Task[None]] = []
    if told.variant == "live":
        watch = live = findings(told.config())
        tasks.append(asyncio.create_task(live.run()))
    worker = make_worker(told, metrics, watch)
    tasks.append(asyncio.create_task(worker.run()))
    stopwatch, before = Stopwatch(), 0
    while (done := committed(metrics)) < told.pieces:
        if done and not before:
            stopwatch, before = Stopwatch(), done
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(BETWEEN_LOOKS)
    sample = stopwatch.sample(done - before)
    worker.stop()
    await tasks[-1]
    return sample


if __name__ == "__main__":
    loop.install()
    spare_what_stays()
    answer(asyncio.run(fold(job())))
