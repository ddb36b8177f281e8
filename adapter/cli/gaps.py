"""`iplos-adapter gaps`: what the register would reject or question if the report were sent today.

| code | meaning |
|---|---|
| 0 | no finding, and nothing parked at the door |
| 1 | findings: something is withheld, remarked on, or parked |
| 4 | a message would be stopped, or the report was refused |
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from adapter.cli.console import AsJson, ConfigPath, Exit, err, fail, out, run_async, settings
from adapter.cli.gaps_from_file import collect_from_file
from adapter.cli.progress import bar
from adapter.domain.enhet import Enhet
from adapter.report.gaps.grunnlag import Grunnlag, make_grunnlag
from adapter.report.gaps.live import read_and_collect
from adapter.report.gaps.mangelrapport import Mangelrapport, to_json
from adapter.report.gaps.render_html import to_html
from adapter.report.gaps.render_table import to_table
from adapter.report.gaps.summary import worst
from adapter.report.setup import RefusedError
from adapter.report.transport import write_private
from adapter.settings.config import Config
from adapter.settings.example import example_of

Form = Literal["table", "html", "json"]


def gaps(  # noqa: PLR0913, PLR0917  # one parameter an option
    kommune: Annotated[str, typer.Option(help="Municipality number, as it was in the reporting year.")],
    year: Annotated[int, typer.Option(help="Reporting year.")],
    bydel: Annotated[str, typer.Option(help="District number; without it every unit of the municipality.")] = "",
    form: Annotated[Form, typer.Option("--format", help="What to make.")] = "table",
    out_file: Annotated[Path | None, typer.Option("--out", help="Write to this file, readable by you only.")] = None,
    events: Annotated[
        Path | None, typer.Option(help="Read this file of events instead of the service's state.")
    ] = None,
    made: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to judge by; the same day gives the same bytes. None: today."),
    ] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Tell what is missing or wrong, unit by unit and rule by rule, with what to do about it.

    The exit code is 0 for nothing, 1 for findings, 4 when a message would be stopped.

    Example: iplos-adapter gaps --kommune 5001 --year 2018 --format html --out mangler.html
    """
    loaded = example_of(kommune) if config is None and events is not None else settings(config)
    enhet, day = Enhet(kommune, bydel), (made or datetime.now(UTC)).date()
    try:
        rapport = _collect(loaded, make_grunnlag(loaded, enhet, year, day), enhet, events)
    except RefusedError as error:
        fail(str(error), Exit.REFUSED)
    if not rapport.enheter and not rapport.uplassert:
        fail(
            f"No registrations from {enhet} for {year}: see whether they were parked "
            "(`iplos-adapter dlq list`; for a file `iplos-adapter contract check`), "
            "or never came.",
            Exit.REFUSED,
        )
    _write(rapport, "json" if as_json else form, out_file)
    match worst(rapport):
        case None:
            return
        case "block":
            raise typer.Exit(Exit.REFUSED)
        case _:
            raise typer.Exit(Exit.FINDINGS)


def _collect(config: Config, grunnlag: Grunnlag, enhet: Enhet, events: Path | None) -> Mangelrapport:
    if events is not None:
        try:
            return collect_from_file(config, grunnlag, enhet, events)
        except OSError as error:
            fail(f"{events}: {error.strerror}", Exit.USAGE)
    with bar("reading the state") as told:
        return run_async(lambda: read_and_collect(config, grunnlag, enhet, told))


def _write(rapport: Mangelrapport, form: Form, out_file: Path | None) -> None:
    if form == "table" and out_file is None:
        out.print(to_table(rapport))
        return
    text = {
        "html": lambda: to_html(rapport).encode(),
        "json": lambda: to_json(rapport),
        "table": lambda: _plain(rapport),
    }
    body = text[form]()
    if out_file is None:
        typer.echo(body, nl=False)
        return
    try:
        write_private(out_file, body)
    except OSError as error:
        fail(f"{out_file}: {error.strerror}", Exit.USAGE)
    err.print(f"{out_file}: {len(body):,} bytes. It is health data: keep it and shred it accordingly.", soft_wrap=True)


def _plain(rapport: Mangelrapport) -> bytes:
    with out.capture() as captured:
        out.print(to_table(rapport))
    return captured.get().encode()
