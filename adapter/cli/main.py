"""`iplos-adapter`: the table of contents of the command line."""

import sys

import typer

from adapter import __version__
from adapter.cli import (
    audit,
    build,
    config,
    contract,
    dlq,
    doctor,
    fake_kpr,
    gaps,
    keys,
    keys_rotate,
    report,
    run,
    runs,
    simulate,
    state,
    topics,
    transport,
    validate,
    year,
    year_close,
)
from adapter.cli.door import Door, last_word

cli = typer.Typer(
    name="iplos-adapter",
    cls=Door,
    help="Service-allocation events from a municipal Kafka bus in, validated IPLOS messages for KPR out.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    pretty_exceptions_enable=False,
)

_SERVICE, _FILES, _CARE = "The service", "Without Kafka", "Setting up"
cli.command(rich_help_panel=_CARE)(doctor.doctor)
cli.command(rich_help_panel=_SERVICE)(run.run)
cli.command(rich_help_panel=_SERVICE)(report.report)
cli.command(rich_help_panel=_SERVICE)(report.resend)
cli.command(rich_help_panel=_SERVICE)(gaps.gaps)
cli.add_typer(runs.runs, name="runs", rich_help_panel=_SERVICE)
cli.command(rich_help_panel=_SERVICE)(runs.calendar)
cli.add_typer(dlq.dlq, name="dlq", rich_help_panel=_SERVICE)
cli.add_typer(state.state, name="state", rich_help_panel=_SERVICE)
cli.add_typer(audit.audit, name="audit", rich_help_panel=_SERVICE)
cli.add_typer(transport.transport, name="transport", rich_help_panel=_SERVICE)
cli.command("fake-kpr", rich_help_panel=_SERVICE)(fake_kpr.fake_kpr)
cli.command(rich_help_panel=_FILES)(build.build)
cli.command(rich_help_panel=_FILES)(validate.validate)
cli.add_typer(contract.contract, name="contract", rich_help_panel=_FILES)
cli.command("simulate", rich_help_panel=_FILES)(simulate.simulate_command)
cli.add_typer(config.config, name="config", rich_help_panel=_CARE)
cli.add_typer(topics.topics, name="topics", rich_help_panel=_CARE)
keys.keys.command()(keys_rotate.rotate)
cli.add_typer(keys.keys, name="keys", rich_help_panel=_CARE)
year.app.command()(year_close.close)
cli.add_typer(year.app, name="year", rich_help_panel=_CARE)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@cli.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Options that every command has."""


def main() -> None:
    """Entry point."""
    sys.excepthook = last_word
    cli()
