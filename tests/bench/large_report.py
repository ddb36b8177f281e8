"""A report too large for memory: how big both messages get, how long it takes, and the most memory the process had.

    python -m tests.bench.large_report --persons 80000

The state is made by the simulator and written straight to a state topic on a broker of its own; what is measured is a
process that only carries out the report command: read the state, build, validate, emit in one transaction.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import msgspec

from adapter.config import Config, Kafka, load
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.offline import fold_all
from adapter.ingest.reading import Reader
from adapter.kafka.clients import plain_producer
from adapter.ops.metrics import Metrics
from adapter.report.command import ReportCommand
from adapter.report.ledger import read_ledger
from adapter.report.runner import Runner
from adapter.sandbox import KafkaSandbox
from adapter.sandbox.topics import OwnTopics
from adapter.sealing import Keyring, Sealer, new_key_file
from adapter.simulate import simulate

PIECE = 5_000  # persons simulated at a time, so that making the state does not need the memory that is measured


def configuration(folder: Path, bootstrap: str) -> Config:
    """The example's municipality on this broker."""
    with files("adapter").joinpath("eksempel.toml").open("rb") as file:
        example = load(Path(file.name), {})
    keys = folder / "keys.toml"
    if not keys.exists():
        keys.write_text(new_key_file("n1"))
    return msgspec.structs.replace(example, kafka=Kafka(bootstrap=bootstrap, gruppe="bench"), nokkelfil=str(keys))


async def fill(config: Config, persons: int) -> None:
    """Write the state of so many persons."""
    reader = Reader(Sealer.load(Path(config.nokkelfil)))
    producer = plain_producer(config.kafka)
    await producer.start()
    for piece, start in enumerate(range(0, persons, PIECE)):
        events = simulate(min(PIECE, persons - start), 2018, 1000 + piece, [("5001", "")])
        states = fold_all((Delivered(one.key, one.value, one.headers) for one in events), reader).states
        sent = [await producer.send(config.topics.tilstand, state, key.encode()) for key, state in states.items()]
        await asyncio.gather(*sent)
    await producer.stop()


async def report(config: Config) -> None:
    """Carry out one command, and say what it took."""
    command = ReportCommand(
        id="8f5c1c0e-3f4e-4d8e-9d1a-2f6f3a0e2018",
        kommunenummer="5001",
        aar=2018,
        tidspunkt=datetime(2019, 1, 2, 6, tzinfo=UTC),
        bestilt_av="bench",
        barriere={},
    )
    runner = Runner(config, Keyring(Path(config.nokkelfil)), Metrics())
    started = time.monotonic()
    await runner.run(command)
    seconds = time.monotonic() - started
    (run,) = [one for one in (await read_ledger(config.kafka, config.topics.rapport)).values() if one.meldinger]
    figures = {
        "status": run.status,
        "persons": run.resultat.get("personer_sendt"),
        "megabytes": round(sum(one.bytes for one in run.meldinger) / 1e6, 1),
        "parts": sum(one.deler for one in run.meldinger),
        "seconds": round(seconds, 1),
        "peak_memory_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "why": run.grunn,
    }
    print(json.dumps(figures))  # noqa: T201


async def measure(persons: int, folder: Path, bootstrap: str) -> None:
    config = configuration(folder, bootstrap)
    async with OwnTopics(bootstrap, "bench") as topics:
        names = {role: await topics(role) for role in config.topics.__struct_fields__}
        config = msgspec.structs.replace(config, topics=msgspec.convert(names, type(config.topics)))
        (folder / "names.json").write_text(json.dumps(names))
        await fill(config, persons)
        environment = {**os.environ, "BENCH_FOLDER": str(folder), "BENCH_KAFKA": bootstrap}
        await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "tests.bench.large_report", "--child"], env=environment, check=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=10_000)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        folder = Path(os.environ["BENCH_FOLDER"])
        config = configuration(folder, os.environ["BENCH_KAFKA"])
        names = json.loads((folder / "names.json").read_text())
        config = msgspec.structs.replace(config, topics=msgspec.convert(names, type(config.topics)))
        rapport = msgspec.structs.replace(config.rapport, ekte_i_test=True)
        asyncio.run(report(msgspec.structs.replace(config, rapport=rapport)))
        return
    with tempfile.TemporaryDirectory() as place, KafkaSandbox.start() as kafka:
        asyncio.run(measure(arguments.persons, Path(place), kafka.bootstrap))


if __name__ == "__main__":
    main()
