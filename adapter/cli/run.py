"""`iplos-adapter run`: the service."""

import socket

import msgspec
import typer

from adapter import app
from adapter.cli.console import ConfigPath, Exit, checked, fail, run_async, sealer_of, settings
from adapter.config import Config
from adapter.kafka.offsets import partitions_of
from adapter.ops import logs
from adapter.packs import PackError

# Read in order by whoever carries out commands: more than one partition would have two do it at once.
ONE_PARTITION = ("kommando", "rapport")


def run(
    config: ConfigPath = None,
    log_level: str = typer.Option("INFO", help="Level of this program's own log lines: INFO or higher."),
) -> None:
    """Run the service until SIGTERM: consume events, keep state, carry out commands, serve metrics and health.

    Example: iplos-adapter run --config /etc/iplos-adapter.toml
    """
    loaded = checked(settings(config))
    sealer_of(loaded)
    _port_is_free(loaded)
    run_async(lambda: _reach(loaded))
    logs.configure(log_level)
    try:
        app.run(loaded)
    except PackError as error:
        fail(str(error), Exit.USAGE)


async def _reach(config: Config) -> None:
    """See that the cluster answers and the topics are there, so that nothing starts half."""
    for role, name in msgspec.structs.asdict(config.topics).items():
        found = await partitions_of(config.kafka, name)
        if role in ONE_PARTITION and len(found) != 1:
            fail(
                f"topic {name} has {len(found)} partitions, must have 1: is [topics] {role} the right name?", Exit.USAGE
            )


def _port_is_free(config: Config) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.http.vert, config.http.port))
        except OSError as error:
            where = f"{config.http.vert}:{config.http.port}"
            fail(f"[http] {where} cannot be listened on ({error.strerror}): set another http.port", Exit.USAGE)
