"""`iplos-adapter transport`: what was emitted, read back."""

from pathlib import Path
from typing import Annotated

import typer

from adapter.cli.console import AsJson, ConfigPath, Exit, fail, make_folder, out, print_json, run_async, settings
from adapter.cli.progress import bar
from adapter.report.transport import BrokenDispatchError, Kind, fetch

transport = typer.Typer(no_args_is_help=True, help="Dispatches on the transport topics.")


@transport.callback()
def group() -> None:
    """Dispatches on the transport topics."""


@transport.command("fetch")
def fetch_command(
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for the XML files.")],
    melding: Annotated[list[str] | None, typer.Option(help="Only these message ids.")] = None,
    kind: Annotated[Kind | None, typer.Option("--type", help="Only messages of this type; without it both.")] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Put every dispatch together from its parts, check the hashes, and write it to a file.

    Example: iplos-adapter transport fetch --out fetched
    """
    loaded = settings(config)
    make_folder(out_dir)
    try:
        with bar("reading the dispatches") as progress:
            paths = run_async(lambda: fetch(loaded.kafka, loaded.topics, out_dir, melding, kind, progress))
    except BrokenDispatchError as error:
        fail(str(error), Exit.FINDINGS)
    if melding and not paths:
        fail(f"no dispatch with id {', '.join(melding)} on the transport topics", Exit.FINDINGS)
    if as_json:
        print_json([str(path) for path in paths])
    else:
        for path in paths:
            out.print(str(path), markup=False, highlight=False, soft_wrap=True)
