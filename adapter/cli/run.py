"""`iplos-adapter run`: the service."""

import msgspec
import typer

from adapter import app
from adapter.cli.console import ConfigPath, Exit, fail, run_async, sealer_of, settings
from adapter.config import Config
from adapter.kafka.offsets import partitions_of
from adapter.ops import logs
from adapter.packs import PackError


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
    run_async(lambda: _reach(loaded))
    logs.configure(log_level)
    try:
        app.run(loaded)
    except PackError as error:
        fail(str(error), Exit.USAGE)


async def _reach(config: Config) -> None:
    """See that the cluster answers and the topics are there, so that nothing starts half."""
    for name in msgspec.structs.astuple(config.topics):
        await partitions_of(config.kafka, name)
