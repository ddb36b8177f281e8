"""`iplos-adapter state`: one person's records shown; the whole state taken out into a file, and put back.

Run as the service itself: nobody else reads the state with the keys at hand.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

import msgspec
import typer

from adapter.audit_trail import AuditTrail
from adapter.cli.console import AsJson, ConfigPath, Exit, fail, out, print_json, run_async, sealer_of, settings
from adapter.cli.dlq_options import Reason, who_asks
from adapter.cli.progress import Progress, bar
from adapter.custody.find import Found, find
from adapter.custody.put_back import look_and_judge, put_back, verified
from adapter.custody.refusal import CustodyRefusedError
from adapter.custody.sealed_file import FileBrokenError
from adapter.custody.shown import described
from adapter.custody.snapshot import Hode
from adapter.custody.take_out import take_out
from adapter.domain.identity import looks_like_identity
from adapter.domain.state_versions import UnknownStateVersionError
from adapter.letters.dealing import Who
from adapter.ops.audit import PERSON_SCOPE, Handling, entry
from adapter.sealing import SealBrokenError, Sealer
from adapter.settings.config import Config
from adapter.state_topic import StateTopic, StateUnreadableError

state = typer.Typer(no_args_is_help=True, help="The state: show a person's records, export, import.")

Snapshot = Annotated[Path, typer.Argument(help="The snapshot.")]


@state.command()
def show(
    person_key: Annotated[str, typer.Argument(metavar="PERSONKEY", help="The person key; `-` reads it from a pipe.")],
    reason: Reason = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Show a person's records, once the audit trail has that you looked and why. Needs --reason.

    Of an identity its facts are shown (type, valid, synthetic), never the number. The exit code is 1 when nobody has
    this key.

    Example: iplos-adapter state show p-5b2e6317c63c8946 --reason "spørsmål fra tildelingskontoret"
    """
    loaded = settings(config)
    who = _with_a_reason(reason, "this shows health data")
    key = sys.stdin.readline().strip() if person_key == "-" else person_key
    if not key or looks_like_identity(key):
        fail(
            "that is no person key: it is what the journal system calls the person, never an identity number",
            Exit.USAGE,
        )
    sealer = sealer_of(loaded)
    person = f"person/{sealer.person_number(key, PERSON_SCOPE)}"
    with refusals(), bar("reading the state") as progress:
        found = run_async(lambda: _find(loaded, key, person, who, progress))
    if found is None:
        fail("the state has nobody with this key", Exit.FINDINGS)
    told = described(found.tilstand, found.partitions)
    if as_json:
        print_json(told)
    else:
        _print(told)


@state.command("export")
def export_state(
    path: Annotated[Path, typer.Argument(help="File to make; it must not exist.")],
    reason: Reason = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Write every person's state to an encrypted file, while the service runs or not. Needs --reason.

    It is sealed with the active key of the key file: keep a copy of that, elsewhere, for as long as the snapshot.

    Example: iplos-adapter state export tilstand-2019-01-01.iplos --reason "før oppgradering"
    """
    loaded, who = settings(config), _with_a_reason(reason, "this takes out the health data of everybody")
    sealer = sealer_of(loaded)
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        fail(f"{path}: is there already; name another file", Exit.USAGE)
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        fail(f"{part}: {error.strerror}", Exit.USAGE)
    try:
        with refusals(), os.fdopen(descriptor, "wb") as file, bar("reading the state") as progress:
            hode = run_async(lambda: _take_out(loaded, sealer, who, file, progress))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _tell(hode, {"file": str(path), "bytes": path.stat().st_size}, as_json=as_json)


@state.command("import")
def import_state(
    path: Snapshot,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the whole file, look at the cluster, change nothing.")
    ] = False,
    bus_from_start: Annotated[
        bool,
        typer.Option("--bus-from-start", help="Have the bus read from its start: it is not the one of the snapshot."),
    ] = False,
    reason: Reason = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Put a snapshot back into an empty state topic, and the group's offsets to where it stands. Needs --reason.

    Every process of the service must be stopped. Refused (exit code 4) when it is not, when the topic holds anybody,
    has another number of partitions, or the file is not as it was written or is sealed with another key.

    Example: iplos-adapter state import tilstand-2019-01-01.iplos --reason "emnet ble slettet"
    """
    loaded = settings(config)
    who = who_asks(reason) if dry_run else _with_a_reason(reason, "this decides what the state is")
    sealer = sealer_of(loaded)
    try:
        file = path.open("rb")
    except OSError as error:
        fail(f"{path}: {error.strerror}", Exit.USAGE)
    with file, refusals(path):
        with bar("checking the file") as progress:
            hode = verified(file, sealer, progress)
        with bar("writing the state") as progress:
            lost = run_async(
                lambda: (
                    look_and_judge(loaded, hode, from_start=bus_from_start)
                    if dry_run
                    else _put_back(loaded, hode, file, sealer, who, progress, from_start=bus_from_start)
                )
            )
    _tell(hode, {"file": str(path), "written": not dry_run, "events_deleted_unread": lost}, as_json=as_json)
    if lost:
        fail(
            f"{lost} events that came after the snapshot are no longer on the bus: have the journal system send anew "
            f"what was registered since {hode.tatt:%Y-%m-%d %H:%M} UTC",
            Exit.FINDINGS,
        )


@contextmanager
def refusals(path: Path | None = None) -> Iterator[None]:
    """What is refused becomes a sentence and exit code 4."""
    try:
        yield
    except (CustodyRefusedError, StateUnreadableError) as error:
        fail(str(error), Exit.REFUSED)
    except (FileBrokenError, UnknownStateVersionError) as error:
        fail(f"{path}: {error}", Exit.REFUSED)
    except SealBrokenError as error:
        fail(f"{path}: {error}: use the key file it was sealed with", Exit.REFUSED)


def _with_a_reason(reason: str, since: str) -> Who:
    if not reason:
        fail(f"{since}: say why with --reason", Exit.USAGE)
    return who_asks(reason)


async def _audited(config: Config, handling: Handling, on: str, who: Who) -> None:
    """The audit first: if it cannot be written, nothing is shown or done."""
    async with AuditTrail(config.kafka, config.topics.revisjon) as trail:
        await trail.write(entry(handling, who.hvem, [on], who.grunn, who.clock()))


async def _find(config: Config, key: str, person: str, who: Who, progress: Progress) -> Found | None:
    await _audited(config, "state-show", person, who)
    topic = StateTopic(config.kafka, config.topics.tilstand, config.topics.buss, config.kafka.gruppe)
    return await find(topic, key, progress)


async def _take_out(config: Config, sealer: Sealer, who: Who, file: BinaryIO, progress: Progress) -> Hode:
    await _audited(config, "state-export", config.topics.tilstand, who)
    return await take_out(config, sealer, file, datetime.now(UTC), progress)


async def _put_back(
    config: Config, hode: Hode, file: BinaryIO, sealer: Sealer, who: Who, progress: Progress, *, from_start: bool
) -> int:
    await _audited(config, "state-import", config.topics.tilstand, who)
    return await put_back(config, hode, file, sealer, progress, from_start=from_start)


def _tell(hode: Hode, more: dict[str, Any], *, as_json: bool) -> None:
    facts = {**more, "persons": hode.personer, **cast("dict[str, Any]", msgspec.to_builtins(hode))}
    del facts["salt"]
    if as_json:
        print_json(facts)
        return
    for name in (*more, "persons", "tatt", "nokkel_id", "sha256"):
        _line(f"{name:>22}  {facts[name]}")


def _print(told: dict[str, Any]) -> None:
    partitions, erased = ", ".join(map(str, told["partitions"])), ", erased" if told["erased"] else ""
    _line(f"partition {partitions}, schema {told['schema']}{erased}")
    for record in told["records"]:
        annulled = "  annulled" if record["annulled"] else ""
        _line(f"\n{record['kind']} {record['id']}  version {record['version']}  unit {record['unit']}{annulled}")
        for name, value in record["fields"].items():
            text = ", ".join(f"{fact}={seen}" for fact, seen in value.items()) if isinstance(value, dict) else value
            _line(f"    {name}: {text}")


def _line(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
