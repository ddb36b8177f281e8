"""Give the service an order and follow it to the end; shared by `report` and `resend`."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import typer
from aiokafka import TopicPartition
from rich.table import Table

from adapter.cli.beforehand import must_have
from adapter.cli.console import Exit, err, fail, make_folder, out, print_json, run_async
from adapter.cli.progress import bar, stages
from adapter.kafka.clients import lone_consumer
from adapter.kafka.offsets import partitions_of
from adapter.report.ledger import ENDED, Kjoring, decode, read_ledger
from adapter.report.order import Order, decide, give
from adapter.report.setup import check_year_and_unit
from adapter.report.transport import fetch
from adapter.settings.config import Config

_STAGES = {"venter": "waiting for the state", "leser": "reading the state", "bygger": "building", "sender": "emitting"}
_FAILED = ("nektet", "feilet")


async def carry_out(config: Config, order: Order, patience: float) -> list[Kjoring]:
    """Order it, wait for its runs to end, and return them. Raises `RefusedError` before anything is asked."""
    pack, _ = check_year_and_unit(config, order.enhet, order.aar)
    now = datetime.now(UTC)
    emisjon, slag = decide(order, config, pack, await read_ledger(config.kafka, config.topics.rapport), now)
    command_id = str(uuid.uuid4())
    # The follower stands at the end of the ledger before the command is given, so that it misses nothing.
    follower = _follow(config, command_id)
    await anext(follower)
    await give(config, order, emisjon, slag, now, command_id=command_id)
    seen: dict[str, Kjoring] = {}
    with stages("asking the service") as tell:
        try:
            async with asyncio.timeout(patience):
                async for run in follower:
                    if run is None:
                        continue
                    seen[run.kjoring] = run
                    stage = f"{run.enhet}: {_STAGES.get(run.steg, run.status)}"
                    tell(stage, run.steg_ferdig, run.steg_av or None)
                    if run.kjoring == command_id and run.status in ENDED:
                        break
        except TimeoutError:
            fail(f"no end after {patience:.0f} s; is the service running? (command {command_id})", Exit.NO_KAFKA)
    whole = seen[command_id]
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


def check_out(config: Config, out_dir: Path | None) -> None:
    """Whoever wants the messages as files must be able to fetch them; else one sentence and exit code 4."""
    if out_dir is None:
        return
    make_folder(out_dir)
    must_have(
        config,
        [("read", config.topics.transport_ipl), ("read", config.topics.transport_ide)],
        "nothing was ordered. Leave --out out; who transports a message fetches it, with `iplos-adapter transport "
        "fetch --type`",
    )


def finish(config: Config, runs: list[Kjoring], out_dir: Path | None, *, as_json: bool) -> None:
    """Tell what became of the runs, leave files if asked, and end with code 4 when one was refused or failed."""
    described = [json.loads(msgspec.json.encode(run)) for run in runs]
    if out_dir is not None:
        out_dir.mkdir(parents=True, exist_ok=True)
        (out_dir / "report.json").write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", "utf-8")
        wanted = {sent.melding_id for run in runs if run.status == "sendt" for sent in run.meldinger}
        if wanted:
            with bar("reading the dispatches") as progress:
                run_async(lambda: fetch(config.kafka, config.topics, out_dir, wanted, progress=progress))
    if as_json:
        print_json(described)
    else:
        out.print(_table(runs))
        for run in runs:
            if run.status in _FAILED:
                err.print(f"{run.enhet}: {run.grunn}", style="red", markup=False, highlight=False, soft_wrap=True)
    if any(run.status in _FAILED for run in runs):
        raise typer.Exit(Exit.REFUSED)


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
