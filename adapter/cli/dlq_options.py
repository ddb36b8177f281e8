"""What the commands on dead letters share: the options that say which letters, who asks and why."""

import getpass
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer

from adapter import __version__
from adapter.cli.console import Exit, fail, out
from adapter.domain.outcome import PARK_CODES
from adapter.letters.dealing import Who
from adapter.letters.head import Head
from adapter.letters.selection import Selection
from adapter.ops.audit import ReasonNotAllowedError, checked_reason

_WHEN = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_PLACE = re.compile(r"[A-Za-z0-9._-]{1,249}/[0-9]+/[0-9]+")

Codes = Annotated[list[str] | None, typer.Option("--code", help="Parked with this code; may be repeated.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="Of this event type, or `unknown`; may be repeated.")]
Since = Annotated[datetime | None, typer.Option(formats=_WHEN, help="Parked at this time (UTC) or later.")]
Until = Annotated[datetime | None, typer.Option(formats=_WHEN, help="Parked before this time (UTC).")]
KommuneOf = Annotated[str, typer.Option("--kommune", help="Registered by this municipality, as the event has it.")]
BydelOf = Annotated[str, typer.Option("--bydel", help="Registered by this district.")]
From = Annotated[str, typer.Option("--origin", help="The one that lay here on the bus: topic/partition/offset.")]
Older = Annotated[bool, typer.Option("--older-version", help="Parked by an older version of the program than this.")]
Limit = Annotated[int, typer.Option(min=0, help="How many letters to print one by one.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit trail. No identity numbers.")]


def chosen(  # noqa: PLR0913, PLR0917  # one parameter an option
    code: list[str] | None,
    type_: list[str] | None,
    since: datetime | None,
    until: datetime | None,
    kommune: str,
    bydel: str,
    origin: str,
    older: bool,
) -> Selection:
    """The selection these options make; or one sentence and exit code 2."""
    if unknown := next((one for one in code or () if one not in PARK_CODES), None):
        fail(f"--code {unknown}: no such code; they are {', '.join(PARK_CODES)}", Exit.USAGE)
    if origin and not _PLACE.fullmatch(origin):
        fail("--origin is topic/partition/offset, as `iplos-adapter dlq list` prints it", Exit.USAGE)
    return Selection(
        codes=tuple(code or ()),
        types=tuple(type_ or ()),
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) if until else None,
        kommune=kommune,
        bydel=bydel,
        origin=origin,
        older_than=__version__ if older else "",
    )


def who_asks(reason: str) -> Who:
    """The operator and the reason; or one sentence and exit code 2."""
    try:
        return Who(getpass.getuser(), checked_reason(reason), lambda: datetime.now(UTC))
    except ReasonNotAllowedError as error:
        fail(f"--reason: {error}", Exit.USAGE)


def described(head: Head) -> dict[str, str]:
    """A letter for people and machines: nothing that was in it."""
    return {
        "origin": str(head.origin),
        "parked": moment(head.parked),
        "code": head.code,
        "field": head.field,
        "type": head.event_type,
        "unit": head.unit,
        "version": head.version,
    }


def print_line(facts: Mapping[str, str]) -> None:
    """What is known of a letter on one line: in a table its origin, which one copies, would be cut short."""
    out.print("  ".join(text or "-" for text in facts.values()), markup=False, highlight=False, soft_wrap=True)


def moment(milliseconds: int) -> str:
    """UTC to the second."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
