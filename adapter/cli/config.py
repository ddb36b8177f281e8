"""`iplos-adapter config`: an example to start from, and what a configuration comes to."""

import os

import typer
from rich.markup import escape
from rich.table import Column, Table

from adapter.cli.console import AsJson, ConfigPath, Exit, checked, fail, out, print_json, sealer_of, settings
from adapter.settings.config import ConfigError
from adapter.settings.example import example_text
from adapter.settings.shown import shown

config = typer.Typer(no_args_is_help=True, help="The configuration.")


@config.command()
def example() -> None:
    """Print a configuration to start from.

    Example: iplos-adapter config example > iplos-adapter.toml
    """
    typer.echo(example_text(), nl=False)


@config.command()
def check(path: ConfigPath = None, as_json: AsJson = False) -> None:
    """Read the configuration and the key file; exit code 2 and one sentence when something is wrong.

    Example: iplos-adapter config check --config iplos-adapter.toml
    """
    loaded = checked(settings(path))
    sealer_of(loaded)
    if as_json:
        print_json({"ok": True, "kommuner": [one.nummer for one in loaded.kommuner], "send": loaded.rapport.send})
    else:
        out.print("ok")


@config.command()
def show(path: ConfigPath = None, as_json: AsJson = False) -> None:
    """Print every setting as it holds and where it comes from. Secrets are masked.

    Example: iplos-adapter config show
    """
    try:
        found = shown(path, os.environ)
    except ConfigError as error:
        fail(str(error), Exit.USAGE)
    if as_json:
        print_json([one._asdict() for one in found])
        return
    table = Table(*(Column(name, overflow="fold") for name in ("setting", "value", "from")))
    for name, value, origin in found:
        table.add_row(name, "" if value is None else escape(str(value)), escape(origin))
    out.print(table)
