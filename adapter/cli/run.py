"""`iplos-adapter run`: the service."""

import socket

import typer

from adapter.cli.console import ConfigPath, Exit, checked, fail, sealer_of, sentences, settings
from adapter.host import app
from adapter.ops import logs
from adapter.settings.config import Config


def run(
    config: ConfigPath = None,
    log_level: str = typer.Option("INFO", help="Level of this program's own log lines: INFO or higher."),
) -> None:
    """Run the service until SIGTERM: consume events, keep state, carry out commands, serve metrics and health.

    Waits for Kafka to let it in for [kafka] dor_sekunder, then ends with code 3 (not reached) or 4 (refused).

    Example: iplos-adapter run --config /etc/iplos-adapter.toml
    """
    loaded = checked(settings(config))
    sealer_of(loaded)
    _port_is_free(loaded)
    logs.configure(log_level)
    with sentences():
        app.run(loaded)


def _port_is_free(config: Config) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.http.vert, config.http.port))
        except OSError as error:
            where = f"{config.http.vert}:{config.http.port}"
            fail(f"[http] {where} cannot be listened on ({error.strerror}): set another http.port", Exit.USAGE)
