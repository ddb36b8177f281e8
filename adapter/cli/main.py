"""`iplos-adapter`: the table of contents of the command line, in the order in which one needs it."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

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


class Entry(NamedTuple):
    """One line of the contents: a command, or a group of them."""

    chapter: str
    name: str
    line: str
    what: typer.Typer | Callable[..., None]


keys.keys.command()(keys_rotate.rotate)
year.app.command()(year_close.close)

_FIRST, _SERVICE, _CARE = "Setting up", "The service and its reports", "What is missing, for the care office"
_MENDING, _PRODUCERS, _TRYING = (
    "When something is wrong",
    "For producers of events",
    "Without Kafka, and for trying out",
)
CONTENTS = (
    Entry(_FIRST, "config", "An example of the settings; what they come to", config.config),
    Entry(_FIRST, "keys", "The key file that seals identities: make, rotate", keys.keys),
    Entry(_FIRST, "topics", "The topics and accesses planned; check, create", topics.topics),
    Entry(_FIRST, "year", "Year packs: list, check, compare; close a year", year.app),
    Entry(_FIRST, "doctor", "Is all in place, and what to do first", doctor.doctor),
    Entry(_SERVICE, "run", "The service itself", run.run),
    Entry(_SERVICE, "calendar", "What happens by itself, and when", runs.calendar),
    Entry(_SERVICE, "report", "Have a unit's report built, or emitted", report.report),
    Entry(_SERVICE, "resend", "Send a unit's report again", report.resend),
    Entry(_SERVICE, "runs", "The ledger: what was sent, when and why", runs.runs),
    Entry(_SERVICE, "transport", "The messages that were emitted, as files", transport.transport),
    Entry(_CARE, "gaps", "What the register would reject or question today", gaps.gaps),
    Entry(_MENDING, "dlq", "Dead letters: list, show, replay, discard", dlq.dlq),
    Entry(_MENDING, "state", "A person's records; the state exported, imported", state.state),
    Entry(_MENDING, "audit", "Who has seen or dealt with what", audit.audit),
    Entry(_PRODUCERS, "contract", "What would become of events; how far OKT goes", contract.contract),
    Entry(_TRYING, "simulate", "A made-up year of events", simulate.simulate_command),
    Entry(_TRYING, "build", "Both messages from a file of events", build.build),
    Entry(_TRYING, "validate", "XML files held against the schemas", validate.validate),
    Entry(_TRYING, "fake-kpr", "A stand-in for the register", fake_kpr.fake_kpr),
)


class _Contents(Door):
    """Lists the commands as the table has them; typer would put single commands before groups."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the order is the same everywhere
        return [entry.name for entry in CONTENTS]


cli = typer.Typer(
    name="iplos-adapter",
    help="Service-allocation events from a municipal Kafka bus in, validated IPLOS messages for KPR out.",
    epilog="Exit code 0: done; 1: findings, or a check failed; 2: usage or configuration; 3: no Kafka; 4: refused.",
    cls=_Contents,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    pretty_exceptions_enable=False,
)

for chapter, name, line, what in CONTENTS:
    if isinstance(what, typer.Typer):
        cli.add_typer(what, name=name, short_help=line, rich_help_panel=chapter)
    else:
        cli.command(name, short_help=line, rich_help_panel=chapter)(what)


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
