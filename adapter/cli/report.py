"""`iplos-adapter report`: ask the service for a report, and follow it to the end."""

import asyncio
import getpass
import json
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import typer
from aiokafka import TopicPartition
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapter.cli.console import AsJson, ConfigPath, Exit, err, fail, out, print_json, run_async, settings
from adapter.config import Config
from adapter.domain.enhet import Enhet
from adapter.kafka.clients import lone_consumer, plain_producer
from adapter.kafka.offsets import end_offsets, partitions_of
from adapter.report.command import ReportCommand, encode
from adapter.report.ledger import ENDED, Kjoring, decode
from adapter.report.setup import check_year_and_unit
from adapter.report.transport import fetch

_STAGES = {"venter": "waiting for the state", "leser": "reading the state", "bygger": "building", "sender": "emitting"}


class Asked(NamedTuple):
    """What the caller wants, and how many seconds they will wait for it."""

    enhet: Enhet
    year: int
    dry_run: bool
    reason: str
    patience: int


def report(  # noqa: PLR0913, PLR0917  # one parameter an option
    kommune: Annotated[str, typer.Option(help="Municipality number, as it was in the reporting year.")],
    year: Annotated[int, typer.Option(help="Reporting year.")],
    bydel: Annotated[str, typer.Option(help="District number; without it every unit of the municipality.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Build and validate, emit nothing.")] = False,
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Write report.json, and the XML that was emitted.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")] = "",
    timeout: Annotated[int, typer.Option(help="Seconds to wait for the service.")] = 900,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Have the service build, validate and emit both messages, once the state holds all that is on the bus now.

    Example: iplos-adapter report --kommune 5001 --year 2018 --dry-run
    """
    loaded = settings(config)
    run_async(lambda: _refuse_early(loaded, Enhet(kommune, bydel), year))
    asked = Asked(Enhet(kommune, bydel), year, dry_run=dry_run, reason=reason, patience=timeout)
    runs = run_async(lambda: _ask_and_follow(loaded, asked))
    if out_dir is not None:
        out_dir.mkdir(parents=True, exist_ok=True)
        described = [json.loads(msgspec.json.encode(run)) for run in runs]
        (out_dir / "report.json").write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", "utf-8")
        wanted = {sent.melding_id for run in runs if run.status == "sendt" for sent in run.meldinger}
        if wanted:
            run_async(lambda: fetch(loaded.kafka, loaded.topics, out_dir, wanted))
    if as_json:
        print_json([json.loads(msgspec.json.encode(run)) for run in runs])
    else:
        out.print(_table(runs))
        for run in runs:
            if run.status in ("nektet", "feilet"):
                err.print(f"{run.enhet}: {run.grunn}", style="red", markup=False, highlight=False)
    if any(run.status in ("nektet", "feilet") for run in runs):
        raise typer.Exit(Exit.REFUSED)


async def _refuse_early(config: Config, enhet: Enhet, year: int) -> None:
    check_year_and_unit(config, enhet, year)


async def _ask_and_follow(config: Config, asked: Asked) -> list[Kjoring]:
    """Send the command and wait for its runs to end; a bar shows the stage it is in."""
    barrier = await end_offsets(config.kafka, config.topics.buss)
    command = ReportCommand(
        id=str(uuid.uuid4()),
        kommunenummer=asked.enhet.kommunenummer,
        bydelsnummer=asked.enhet.bydelsnummer,
        aar=asked.year,
        tidspunkt=datetime.now(UTC).replace(microsecond=0),
        bestilt_av=getpass.getuser(),
        barriere={str(partition): offset for partition, offset in barrier.items()},
        prove=asked.dry_run,
        grunn=asked.reason,
    )
    producer = plain_producer(config.kafka)
    await producer.start()
    try:
        # The follower stands at the end of the ledger before the command is given, so that it misses nothing.
        follower = _follow(config, command.id)
        await anext(follower)
        await producer.send_and_wait(config.topics.kommando, encode(command), key=asked.enhet.kommunenummer.encode())
    finally:
        await producer.stop()
    seen: dict[str, Kjoring] = {}
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task("asking the service", total=None)
        try:
            async with asyncio.timeout(asked.patience):
                async for run in follower:
                    if run is None:
                        continue
                    seen[run.kjoring] = run
                    stage = _STAGES.get(run.steg, run.status)
                    progress.update(
                        bar, description=f"{run.enhet}: {stage}", completed=run.steg_ferdig, total=run.steg_av or None
                    )
                    if run.kjoring == command.id and run.status in ENDED:
                        break
        except TimeoutError:
            fail(f"no end after {asked.patience} s; is the service running? (command {command.id})", Exit.NO_KAFKA)
    whole = seen[command.id]
    return [seen[name] for name in whole.kjoringer if name in seen] or [whole]


async def _follow(config: Config, command_id: str) -> AsyncIterator[Kjoring | None]:
    """First None, when listening; then every record the ledger gets for this command."""
    topic = config.topics.rapport
    partitions = [TopicPartition(topic, number) for number in await partitions_of(config.kafka, topic)]
    consumer = lone_consumer(config.kafka)
    await consumer.start()
    try:
        consumer.assign(partitions)
        for partition, end in (await consumer.end_offsets(partitions)).items():
            consumer.seek(partition, end)
        yield None
        async for record in consumer:
            if record.value and (run := decode(record.value)).kommando == command_id:
                yield run
    finally:
        await consumer.stop()


def _table(runs: list[Kjoring]) -> Table:
    table = Table("unit", "status", "persons", "services", "refusals", "withheld", "findings", "bytes", title="Report")
    for run in runs:
        counts: dict[str, Any] = run.resultat
        table.add_row(
            run.enhet,
            run.status,
            str(counts.get("personer_sendt", "")),
            str(counts.get("rader_sendt", {}).get("tjeneste", "")),
            str(counts.get("avslag_sendt", "")),
            str(sum(counts.get("rader_holdt", {}).values())),
            str(sum(counts.get("funn", {}).values())),
            str(sum(sent.bytes for sent in run.meldinger)),
        )
    return table
