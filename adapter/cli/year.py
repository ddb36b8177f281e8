"""`iplos-adapter year`: which reporting years there are packs for, whether a pack is sound, what changed between two.

Exit codes: 0 all is well, 1 a check failed, 2 the question could not be understood.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from adapter.domain.pack_check import Check, content_checks
from adapter.domain.pack_diff import diff
from adapter.domain.yearpack import YearPack
from adapter.pack_schemas import schema_checks
from adapter.packs import PackError, available_years, pack_folder, read_pack

FAILED, USAGE = 1, 2

app = typer.Typer(no_args_is_help=True, help="Year packs: list, check, compare.")

Packs = Annotated[Path | None, typer.Option("--packs", help="Folder with year packs of your own, one folder a year.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")]
Pack = Annotated[str, typer.Argument(help="A year, or the folder of a pack.")]


@app.command("list")
def list_years(packs: Packs = None, as_json: AsJson = False) -> None:
    """The years there are packs for, and which of them can be sent with.

    Example: iplos-adapter year list
    """
    rows = [_described(folder) for folder in _available(packs).values()]
    if as_json:
        _print_json(rows)
        return
    table = Table("Year", "Message", "Sending", "Complete", Column("Folder", overflow="fold"))
    for row in rows:
        window = f"{row['from']} - {row['to']}"
        complete = "yes" if row["complete"] else "no"
        table.add_row(str(row["year"]), row["message"] or "unknown", window, complete, Text(row["folder"]))
    console = Console()
    console.print(table)
    for sentence, years in _missing(rows).items():
        console.print(f"{', '.join(years)}: {sentence}", markup=False, highlight=False)


@app.command()
def check(
    pack: Annotated[str | None, typer.Argument(help="A year, or the folder of a pack. None: all of them.")] = None,
    packs: Packs = None,
    as_json: AsJson = False,
) -> None:
    """Whether packs load, make sense, and have schemas that two independent readers understand.

    Example: iplos-adapter year check 2018
    """
    folders = [_folder(pack, packs)] if pack is not None else list(_available(packs).values())
    found = [(folder, one) for folder in folders for one in _checks(folder)]
    failed = sum(not one.ok for _, one in found)
    if as_json:
        checks = [{"folder": str(folder), **one._asdict()} for folder, one in found]
        _print_json({"ok": bool(found) and not failed, "failed": failed, "checks": checks})
    else:
        console = Console(soft_wrap=True)
        for folder, one in found:
            console.print(f"{'ok    ' if one.ok else 'FAILED'} {folder.name} {one.id}: {one.text}", markup=False)
        console.print(f"{len(found)} checks, {failed} failed")
    if not found:
        typer.echo("nothing was checked: there is no year pack", err=True)
    if failed or not found:
        raise typer.Exit(FAILED)


@app.command("diff")
def diff_years(old: Pack, new: Pack, packs: Packs = None, as_json: AsJson = False) -> None:
    """What was added, removed and changed from one pack to another: codes, settings, deadlines, format.

    Example: iplos-adapter year diff 2018 2019
    """
    found = diff(_read(old, packs), _read(new, packs))
    if as_json:
        _print_json([one._asdict() for one in found])
        return
    table = Table("Part", "", *(Column(Text(name), overflow="fold") for name in ("Key", old, new)))
    for one in found:
        table.add_row(one.part, one.kind, *(Text(cell) for cell in (one.key, one.before, one.after)))
    Console().print(table if found else "no differences")


def _checks(folder: Path) -> list[Check]:
    try:
        pack = read_pack(folder)
    except PackError as error:
        return [Check("loads", ok=False, text=str(error))]
    named = folder.resolve().name
    return [
        Check("loads", ok=True, text=pack.tittel),
        Check("folder-is-the-year", named == str(pack.aar), f"the folder is named {named} and says aar = {pack.aar}"),
        *content_checks(pack),
        *schema_checks(folder, pack),
    ]


def _described(folder: Path) -> dict[str, Any]:
    try:
        pack = read_pack(folder)
    except PackError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from None
    return {
        "year": pack.aar,
        "title": pack.tittel,
        "message": pack.melding.versjon if pack.melding else None,
        "from": str(pack.frister.innsending_fra),
        "to": str(pack.frister.innsending_til),
        "complete": pack.melding is not None,
        "missing": pack.mangler,
        "folder": str(folder),
    }


def _missing(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What is missing, each sentence once, with the years it holds for."""
    sentences: dict[str, list[str]] = {}
    for row in rows:
        for sentence in row["missing"]:
            sentences.setdefault(sentence, []).append(str(row["year"]))
    return sentences


def _read(named: str, packs: Path | None) -> YearPack:
    folder = _folder(named, packs)
    try:
        return read_pack(folder)
    except PackError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from None


def _folder(named: str, packs: Path | None) -> Path:
    """The folder of a year, or the folder named. What is neither is a mistake in the question."""
    if (Path(named) / "pack.toml").is_file():
        return Path(named)
    if not (named.isascii() and named.isdigit()):
        raise typer.BadParameter(f"{named} is neither a year nor a folder with a pack.toml in it")
    try:
        return pack_folder(int(named), packs)
    except PackError as error:
        raise typer.BadParameter(str(error)) from None


def _available(packs: Path | None) -> dict[int, Path]:
    try:
        return available_years(packs)
    except PackError as error:
        raise typer.BadParameter(str(error)) from None


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
