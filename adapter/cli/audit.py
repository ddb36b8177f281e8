"""`iplos-adapter audit`: who has seen or dealt with what."""

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from adapter.audit_trail import read_trail
from adapter.cli.console import AsJson, ConfigPath, Exit, fail, out, print_json, run_async, settings
from adapter.cli.progress import bar
from adapter.domain.windows import norsk_tid
from adapter.ops.audit import Innslag

audit = typer.Typer(no_args_is_help=True, help="The audit trail: list.")

_PLACES_SHOWN = 3


@audit.callback()
def group() -> None:
    """The audit trail: who has seen or dealt with what."""


@audit.command("list")
def list_entries(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Print every entry of the audit trail, the oldest first; with --json all that each was about.

    The exit code is 1 when the topic holds what this version cannot read.

    Example: iplos-adapter audit list --json
    """
    loaded = settings(config)
    with bar("reading the audit trail") as progress:
        trail = run_async(lambda: read_trail(loaded.kafka, loaded.topics.revisjon, progress))
    if as_json:
        print_json(msgspec.to_builtins(trail.entries))
    else:
        table = Table("when", "who", "what", "on", "why", "version")
        for one in trail.entries:
            texts = (norsk_tid(one.tidspunkt), one.hvem, one.handling, _on(one), one.grunn, one.programversjon)
            table.add_row(*map(escape, texts))
        out.print(table)
    if trail.unreadable:
        offsets = ", ".join(map(str, trail.unreadable[:10]))
        fail(
            f"{len(trail.unreadable)} records of {loaded.topics.revisjon} cannot be read by this version (offsets "
            f"{offsets}): a newer one wrote them, or somebody else did",
            Exit.FINDINGS,
        )


def _on(innslag: Innslag) -> str:
    rest = len(innslag.gjelder) - _PLACES_SHOWN
    return "\n".join([*innslag.gjelder[:_PLACES_SHOWN], *([f"and {rest} more"] if rest > 0 else [])])
