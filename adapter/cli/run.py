"""`iplos-adapter run`: the service."""

import typer

from adapter import app
from adapter.cli.console import ConfigPath, Exit, fail, sealer_of, settings
from adapter.ops import logs


def run(
    config: ConfigPath = None,
    log_level: str = typer.Option("INFO", help="Level of this program's own log lines: INFO or higher."),
) -> None:
    """Run the service until SIGTERM: consume events, keep state, carry out commands, serve metrics and health.

    Example: iplos-adapter run --config /etc/iplos-adapter.toml
    """
    loaded = settings(config)
    if not loaded.kommuner:
        fail("kommuner is empty: name at least one municipality under [[kommuner]]", Exit.USAGE)
    sealer_of(loaded)
    logs.configure(log_level)
    app.run(loaded)
