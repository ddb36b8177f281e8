"""`iplos-adapter report` and `resend`: ask the service for a report, and follow it to the end."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from adapter.cli.console import AsJson, ConfigPath, Exit, fail, make_folder, run_async, settings
from adapter.cli.follow import carry_out, check_out, finish
from adapter.cli.progress import bar
from adapter.domain.enhet import Enhet
from adapter.report.ledger import read_ledger
from adapter.report.order import Order

OutDir = Annotated[Path | None, typer.Option("--out", help="Write report.json, and the XML that was emitted.")]
Patience = Annotated[int, typer.Option(help="Seconds to wait for the service.")]


def report(  # noqa: PLR0913, PLR0917  # one parameter an option
    kommune: Annotated[str, typer.Option(help="Municipality number, as it was in the reporting year.")],
    year: Annotated[int, typer.Option(help="Reporting year.")],
    bydel: Annotated[str, typer.Option(help="District number; without it every unit of the municipality.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Build and validate, emit nothing.")] = False,
    out_dir: OutDir = None,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")] = "",
    timeout: Patience = 900,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Have the service build, validate and emit both messages, once the state holds all that is on the bus now.

    Example: iplos-adapter report --kommune 5001 --year 2018 --dry-run
    """
    loaded = settings(config)
    if dry_run:
        make_folder(out_dir)
    else:
        check_out(loaded, out_dir)
    order = Order(Enhet(kommune, bydel), year, getpass.getuser(), reason, bare_prov=dry_run)
    runs = run_async(lambda: carry_out(loaded, order, timeout))
    finish(loaded, runs, out_dir, as_json=as_json)


def resend(  # one parameter an option
    run: Annotated[str, typer.Option(help="The run to replace: its id, or the first part of it.")],
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    out_dir: OutDir = None,
    timeout: Patience = 900,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Send a unit's report again, from the state as it is now, with new message ids and the next running number.

    Example: iplos-adapter resend --run 073c3f74 --reason "rettet bydel 03"
    """
    loaded = settings(config)
    check_out(loaded, out_dir)
    with bar("reading the ledger") as progress:
        runs = run_async(lambda: read_ledger(loaded.kafka, loaded.topics.rapport, progress))
    found = [one for one in runs.values() if one.kjoring.startswith(run) and one.kjoring != one.kommando]
    if len(found) != 1:
        fail(f"{len(found)} runs have an id that begins with {run!r}; see `iplos-adapter runs list`", Exit.USAGE)
    kommunenummer, _, bydelsnummer = found[0].enhet.partition("-")
    order = Order(Enhet(kommunenummer, bydelsnummer), found[0].aar, getpass.getuser(), reason)
    finish(loaded, run_async(lambda: carry_out(loaded, order, timeout)), out_dir, as_json=as_json)
