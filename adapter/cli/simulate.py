"""`iplos-adapter simulate`: a made-up year of events as lines on standard output."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from adapter.cli.progress import bar
from adapter.ingest.event_lines import write_line
from adapter.simulate import SimulationTally, simulate


def simulate_command(
    persons: Annotated[int, typer.Option(min=1, help="How many recipients.")],
    year: Annotated[int, typer.Option(min=2006, max=2031, help="Reporting year.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    kommune: Annotated[list[str] | None, typer.Option(help="Municipality number; may be repeated.")] = None,
    bydel: Annotated[list[str] | None, typer.Option(help="District number; needs exactly one --kommune.")] = None,
    mess: Annotated[bool, typer.Option("--mess", help="Let everything go wrong that can.")] = False,
    tally: Annotated[Path | None, typer.Option(help="Write what was put in to this JSON file.")] = None,
) -> None:
    """Print a simulated year, one event per line, in the order the bus delivers it.

    Example: iplos-adapter simulate --persons 200 --year 2018 --mess > events.jsonl
    """
    if tally is not None and not tally.parent.is_dir():
        raise typer.BadParameter(f"--tally {tally}: there is no folder {tally.parent}")
    units = _units(kommune or ["5001"], bydel or [])
    counted = SimulationTally()
    out = sys.stdout.buffer
    records = simulate(persons, year, seed, units, mess=mess, tally=counted)
    with nullcontext(lambda *_: None) if out.isatty() else bar("drawing events") as progress:
        for number, record in enumerate(records, start=1):
            out.write(write_line(record.delivered) + b"\n")
            progress(number, None)
        out.flush()
    if tally is not None:
        tally.write_bytes(msgspec.json.format(msgspec.json.encode(counted.summary())) + b"\n")


def _units(kommuner: list[str], bydeler: list[str]) -> list[tuple[str, str]]:
    for number, width, option in [*((k, 4, "--kommune") for k in kommuner), *((b, 2, "--bydel") for b in bydeler)]:
        if not (number.isascii() and number.isdigit() and len(number) == width):
            raise typer.BadParameter(f"{option} takes {width} digits, leading zero included, not {number!r}")
    if bydeler and len(kommuner) != 1:
        raise typer.BadParameter("--bydel names districts of one municipality: give exactly one --kommune")
    return [(kommune, bydel) for kommune in kommuner for bydel in (bydeler or [""])]
