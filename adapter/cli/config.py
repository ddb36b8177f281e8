"""`iplos-adapter config`: an example to start from, and what a configuration comes to."""

from importlib.resources import files
from typing import Any

import msgspec
import typer

from adapter.cli.console import ConfigPath, checked, out, print_json, sealer_of, settings

config = typer.Typer(no_args_is_help=True, help="The configuration.")


@config.command()
def example() -> None:
    """Print a configuration to start from.

    Example: iplos-adapter config example > iplos-adapter.toml
    """
    typer.echo(files("adapter").joinpath("eksempel.toml").read_text("utf-8"), nl=False)


@config.command()
def check(path: ConfigPath = None) -> None:
    """Read the configuration and the key file; exit code 2 and one sentence when something is wrong.

    Example: iplos-adapter config check --config iplos-adapter.toml
    """
    loaded = checked(settings(path))
    sealer_of(loaded)
    out.print("ok")


@config.command()
def show(path: ConfigPath = None) -> None:
    """Print every setting as it holds, defaults and environment included. No secret is a setting, so none is shown.

    Example: iplos-adapter config show
    """
    settled: dict[str, Any] = msgspec.to_builtins(settings(path))
    print_json(settled)
