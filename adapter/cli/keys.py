"""`iplos-adapter keys`: the key file that identities are sealed with."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from adapter.cli.console import Exit, fail, out
from adapter.sealing import new_key_file

keys = typer.Typer(no_args_is_help=True, help="The keys that identities are sealed with.")


@keys.callback()
def group() -> None:
    """The keys that identities are sealed with."""


@keys.command()
def new(
    path: Annotated[Path, typer.Argument(help="File to make; it must not exist.")],
    key_id: Annotated[str, typer.Option("--id", help="Name of the sealing key; made up when not given.")] = "",
) -> None:
    """Make a key file readable by its owner alone. Keep it: without it no identity in state can be opened again.

    Example: iplos-adapter keys new keys.toml
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        fail(f"{path}: {error.strerror}", Exit.USAGE)
    with os.fdopen(descriptor, "w") as file:
        # Two installations that both call their key the same could not be told apart by what they sealed.
        file.write(new_key_file(key_id or f"n{secrets.token_hex(3)}"))
    out.print(f"made {path}", markup=False)
