"""`iplos-adapter keys`: the key file that identities are sealed with."""

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from adapter.cli.console import AsJson, Exit, fail, out, print_json
from adapter.sealing import Key, KeyFile, KeyFileError, new_key_file, read_key_file

keys = typer.Typer(no_args_is_help=True, help="The keys that identities are sealed with.")

KeyFilePath = Annotated[Path, typer.Argument(help="The key file.")]


@keys.callback()
def group() -> None:
    """The keys that identities are sealed with."""


@keys.command()
def new(
    path: Annotated[Path, typer.Argument(help="File to make; it must not exist.")],
    key_id: Annotated[str, typer.Option("--id", help="Name of the sealing key; made up when not given.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a key file readable by its owner alone. Keep it: without it no identity in state can be opened again.

    Example: iplos-adapter keys new keys.toml
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        fail(f"{path}: {error.strerror}", Exit.USAGE)
    with os.fdopen(descriptor, "w") as file:
        file.write(new_key_file(key_id := key_id or made_up_id()))
    if as_json:
        print_json({"file": str(path), "id": key_id})
    else:
        out.print(f"made {path}", markup=False)


@keys.command("list")
def list_keys(path: KeyFilePath, as_json: AsJson = False) -> None:
    """Show which key seals, which wait to, which only open, and since when. Never the keys themselves.

    Example: iplos-adapter keys list keys.toml
    """
    file = opened(path)
    rows = [(key.id, role_of(key, file), key.laget, key.aktiv_fra) for key in file.nokler]
    if as_json:
        print_json([{"id": name, "role": role, "laget": made, "aktiv_fra": since} for name, role, made, since in rows])
        return
    table = Table("key", "it", "made", "active since", box=None)
    for name, role, made, since in rows:
        table.add_row(name, role, _day(made), _day(since))
    out.print(table)


def role_of(key: Key, file: KeyFile) -> str:
    """What a key of the file does."""
    if key is file.active:
        return "seals"
    return "waits" if key in file.waiting else "opens"


def made_up_id() -> str:
    """An id for a new key. Two installations with the same could not be told apart by what they sealed."""
    return f"n{secrets.token_hex(3)}"


def opened(path: Path) -> KeyFile:
    """The key file, or one clear message and exit code 2."""
    try:
        return read_key_file(path)
    except KeyFileError as error:
        fail(str(error), Exit.USAGE)


def _day(day: date | None) -> str:
    return str(day) if day else "-"
