"""`iplos-adapter year close`: let go of what no open year needs."""

import asyncio
import getpass
import uuid
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from adapter.cli.console import AsJson, ConfigPath, Exit, fail, out, print_json, run_async, settings
from adapter.cli.progress import bar
from adapter.domain.closing import LukkingBestilt
from adapter.kafka.offsets import partitions_of
from adapter.packs import PackError, load_pack
from adapter.report.closing import Lukking, check_closing, order_closing, read_closings
from adapter.report.ledger import read_ledger
from adapter.report.setup import extra_packs
from adapter.settings.config import Config


def close(
    year: Annotated[int, typer.Argument(help="The reporting year to close, after the last day for corrections.")],
    timeout: Annotated[int, typer.Option(help="Seconds to wait for the service.")] = 300,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Remove from the state every record that no open year needs, and print the proof. Safe to repeat.

    Example: iplos-adapter year close 2018
    """
    loaded = settings(config)
    closing = run_async(lambda: _order_and_wait(loaded, year, timeout))
    parts = [closing.deler[number] for number in sorted(closing.deler)]
    if as_json:
        print_json(msgspec.to_builtins(closing))
        return
    table = Table(
        "partition", "persons", "removed", "cut down", "records removed", "SHA-256 after", title=f"{year} closed"
    )
    for part in parts:
        table.add_row(
            str(part.partisjon),
            str(part.personer_for),
            str(part.personer_fjernet),
            str(part.personer_beskaret),
            str(part.rader_fjernet),
            part.sha256_etter[:16],
        )
    out.print(table)


async def _order_and_wait(config: Config, year: int, patience: float) -> Lukking:
    now = datetime.now(UTC)
    try:
        pack = load_pack(year, extra_packs(config), config.antakelser.get(str(year), {}))
    except PackError as error:
        fail(str(error), Exit.REFUSED)
    check_closing(pack, await read_ledger(config.kafka, config.topics.rapport), now)
    partitions = await partitions_of(config.kafka, config.topics.tilstand)
    await order_closing(
        config, LukkingBestilt(id=str(uuid.uuid4()), aar=year, bestilt_av=getpass.getuser(), tidspunkt=now)
    )
    try:
        with bar(f"closing {year}") as tell:
            async with asyncio.timeout(patience):
                while True:
                    closing = (await read_closings(config))[year]
                    done = sum(map(closing.is_done, partitions))
                    tell(done, len(partitions))
                    if done == len(partitions):
                        return closing
                    await asyncio.sleep(1)
    except TimeoutError:
        fail(f"not done within {patience:.0f} s; it goes on when the service runs. Ask again later.", Exit.NO_KAFKA)
