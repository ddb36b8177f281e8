"""Ours: one report command carried out, from the command to the committed transaction of every unit's pair."""

import asyncio
import resource
from datetime import UTC, datetime
from pathlib import Path

from adapter.host import loop
from adapter.ops.metrics import Metrics
from adapter.report.build_pool import processes
from adapter.report.command import ReportCommand
from adapter.report.ledger import read_ledger
from adapter.report.runner import Runner
from adapter.sealing import Keyring
from tests.bench.contenders.build import YEAR
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch


async def report(told: Job) -> Sample:
    """Persons sent are what is counted. Raises when a unit's pair was not sent."""
    config = told.config()
    command = ReportCommand(
        id="8f5c1c0e-3f4e-4d8e-9d1a-2f6f3a0e2018",
        kommunenummer=told.kommune,
        aar=YEAR,
        tidspunkt=datetime(YEAR + 1, 1, 2, 6, tzinfo=UTC),
        bestilt_av="bench",
        barriere={},
    )
    runner = Runner(config, Keyring(Path(config.nokkelfil)), Metrics())
    watch = Stopwatch()
    await runner.run(command)
    sample = watch.sample(told.pieces)
    runs = (await read_ledger(config.kafka, config.topics.rapport)).values()
    pairs = [one for one in runs if one.kjoring != command.id]
    if not pairs or any(one.status != "sendt" for one in pairs):
        raise RuntimeError(f"not sent: {sorted({f'{one.status} {one.grunn}' for one in runs})}")
    sent = sum(one.resultat["personer_sendt"] for one in pairs)
    size = sum(message.bytes for one in pairs for message in one.meldinger)
    # Those that built were there together, and each may have been as large as the largest.
    built = min(processes(config), len(pairs)) * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    peak, told_besides = sample.peak_mb + built, {"units": len(pairs), "megabytes": size / 1e6, "built_mb": built}
    return Sample(sent, sample.wall, sample.cpu, peak, told_besides)


if __name__ == "__main__":
    loop.install()
    answer(asyncio.run(report(job())))
