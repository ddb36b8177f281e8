"""`iplos-adapter dlq list`, and the group it stands in: what was parked, and what is done about it."""

import json
from collections import Counter

import typer
from rich.table import Table

from adapter.cli import dlq_replay, dlq_show
from adapter.cli.console import AsJson, ConfigPath, Exit, out, run_async, settings
from adapter.cli.dlq_options import (
    BydelOf,
    Codes,
    From,
    KommuneOf,
    Limit,
    Older,
    Since,
    Types,
    Until,
    chosen,
    described,
    print_line,
)
from adapter.cli.progress import bar
from adapter.kafka.log_reader import Progress
from adapter.letters.box import Box
from adapter.letters.selection import Selection
from adapter.settings.config import Config

dlq = typer.Typer(
    no_args_is_help=True, help="Dead letters, events that could not be read: list, show, replay, discard."
)


@dlq.command("list")
def list_letters(  # noqa: PLR0913, PLR0917  # one parameter an option
    code: Codes = None,
    type_: Types = None,
    since: Since = None,
    until: Until = None,
    kommune: KommuneOf = "",
    bydel: BydelOf = "",
    origin: From = "",
    older: Older = False,
    limit: Limit = 20,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Count the letters nobody has dealt with, by code, type and unit, and print some; with --json all of them.

    The exit code is 1 when there are any. No letter is opened, and no key is needed.

    Example: iplos-adapter dlq list --code out-of-bounds --kommune 5001
    """
    loaded = settings(config)
    selection = chosen(code, type_, since, until, kommune, bydel, origin, older)
    with bar("reading the dead letters") as progress:
        found = run_async(lambda: _read(loaded, selection, limit, progress, as_json=as_json))
    if not as_json:
        _print(found)
    if found.total:
        raise typer.Exit(Exit.FINDINGS)


class _Listed:
    """Counts of all, and as many letters as are to be printed."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.total = 0
        self.some: list[dict[str, str]] = []
        self.dealt_with: dict[str, int] = {}


async def _read(config: Config, selection: Selection, limit: int, progress: Progress, *, as_json: bool) -> _Listed:
    """As JSON the letters are printed as they are read: there may be more than one would hold."""
    listed, box = _Listed(), Box(config.kafka, config.topics.avvist, progress)
    before = '{"letters": ['
    async for found in box.letters():
        head = found.head
        if not selection.takes(head):
            continue
        if as_json:
            typer.echo(f"{before}\n  {json.dumps(described(head))}", nl=False)
            before = ","
        elif len(listed.some) < limit:
            listed.some.append(described(head))
        listed.counts[head.code, head.event_type, head.unit] += 1
        listed.total += 1
    listed.dealt_with = dict(sorted(box.dealt_with.items()))
    if as_json:
        rest = {"counts": _counts(listed), "total": listed.total, "dealt_with": listed.dealt_with}
        typer.echo(f"{'' if listed.total else before}\n], {json.dumps(rest)[1:]}")
    return listed


def _counts(listed: _Listed) -> list[dict[str, str | int]]:
    rows = sorted(listed.counts.items(), key=lambda row: (-row[1], row[0]))
    return [{"code": code, "type": type_, "unit": unit, "letters": number} for (code, type_, unit), number in rows]


def _print(listed: _Listed) -> None:
    counts = Table("code", "type", "unit", "letters", title="Dead letters")
    for row in _counts(listed):
        counts.add_row(str(row["code"]), str(row["type"]), str(row["unit"]) or "(unknown)", str(row["letters"]))
    if listed.total:
        out.print(counts)
    for letter in listed.some:
        print_line(letter)
    dealt_with = "".join(f"; {name}: {number}" for name, number in listed.dealt_with.items())
    out.print(f"{listed.total} letters, {len(listed.some)} printed one by one{dealt_with}", highlight=False)


dlq.command()(dlq_show.show)
dlq.command()(dlq_replay.replay)
dlq.command()(dlq_replay.discard)
