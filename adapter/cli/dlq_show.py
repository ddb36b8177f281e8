"""`iplos-adapter dlq show`: what is known of letters, and on demand what they hold, written down beforehand."""

from typing import Annotated, Any

import typer

from adapter.audit_trail import AuditTrail
from adapter.cli.console import AsJson, ConfigPath, Exit, fail, out, print_json, run_async, sealer_of, settings
from adapter.cli.dlq_options import (
    BydelOf,
    Codes,
    From,
    KommuneOf,
    Older,
    Reason,
    Since,
    Types,
    Until,
    chosen,
    described,
    who_asks,
)
from adapter.cli.progress import bar
from adapter.kafka.log_reader import Progress
from adapter.letters.box import Box, Found
from adapter.letters.consider import Opener
from adapter.letters.dealing import Who
from adapter.letters.letter import Letter
from adapter.letters.parts import PartReader
from adapter.letters.selection import Selection
from adapter.letters.verdict import Verdict, replays_of
from adapter.ops.audit import Handling, entry
from adapter.report.gaps.masking import shown
from adapter.sealing import Sealer
from adapter.settings.config import Config

# A screenful of screenfuls; a giant event is not read on a terminal.
LONGEST_SHOWN = 20_000

# Those shown are held together, sealed.
Few = Annotated[int, typer.Option(min=1, max=100, help="How many letters to print.")]


def show(  # noqa: PLR0913, PLR0917  # one parameter an option
    code: Codes = None,
    type_: Types = None,
    since: Since = None,
    until: Until = None,
    kommune: KommuneOf = "",
    bydel: BydelOf = "",
    origin: From = "",
    older: Older = False,
    payload: Annotated[bool, typer.Option("--payload", help="Open them: key, headers, value. Needs --reason.")] = False,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="Do not cut down long rows of digits.")] = False,
    reason: Reason = "",
    limit: Few = 5,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Print what is known of letters; with --payload what they hold, once the audit trail has that you looked.

    Rows of eleven digits or more are cut down to their last four, and what is not text is not shown, unless --unmasked.
    The exit code is 1 when no letter is found, or one cannot be opened.

    Example: iplos-adapter dlq show --origin kommune.iplos.hendelser.v1/3/1712 --payload --reason "melding fra EPJ"
    """
    loaded = settings(config)
    selection = chosen(code, type_, since, until, kommune, bydel, origin, older)
    who = who_asks(reason)
    if unmasked and not payload:
        fail("--unmasked shows what is in a letter: it goes with --payload", Exit.USAGE)
    if payload and not reason:
        fail("--payload shows health data: say why with --reason", Exit.USAGE)
    sealer = sealer_of(loaded) if payload else None
    with bar("reading the dead letters") as progress:
        found, total = run_async(lambda: _find(loaded, selection, limit, progress))
    if not total:
        fail("no such letter, or somebody has dealt with it: see `iplos-adapter dlq list`", Exit.FINDINGS)
    letters: list[dict[str, Any]] = [{**described(one.head)} for one in found]
    if sealer is not None:
        letters = run_async(lambda: _open(loaded, found, sealer, who, unmasked=unmasked))
    if as_json:
        print_json({"letters": letters, "total": total})
    else:
        _print(letters, total)
    if any("cannot" in one for one in letters):
        raise typer.Exit(Exit.FINDINGS)


async def _find(config: Config, selection: Selection, limit: int, progress: Progress) -> tuple[list[Found], int]:
    found: list[Found] = []
    total = 0
    async for one in Box(config.kafka, config.topics.avvist, progress).letters():
        if selection.takes(one.head):
            total += 1
            if len(found) < limit:
                found.append(one)
    return found, total


async def _open(
    config: Config, found: list[Found], sealer: Sealer, who: Who, *, unmasked: bool
) -> list[dict[str, Any]]:
    """The audit first: if it cannot be written, nothing is opened."""
    handling: Handling = "dlq-show-unmasked" if unmasked else "dlq-show"
    places = [str(one.head.origin) for one in found]
    async with AuditTrail(config.kafka, config.topics.revisjon) as trail:
        await trail.write(entry(handling, who.hvem, places, who.grunn, who.clock()))
    letters = []
    async with PartReader(config.kafka, config.topics.avvist) as parts:
        opener = Opener(parts, sealer)
        for one in found:
            opened = await opener.open(one)
            inside = {"cannot": opened.name} if isinstance(opened, Verdict) else _inside(opened, unmasked=unmasked)
            letters.append({**described(one.head), **inside})
    return letters


def _inside(letter: Letter, *, unmasked: bool) -> dict[str, Any]:
    return {
        "replays": replays_of(letter),
        "key": legible(letter.key, unmasked=unmasked),
        "headers": [
            [legible(name.encode(), unmasked=unmasked), legible(value, unmasked=unmasked)]
            for name, value in letter.headers
        ],
        "value": legible(letter.value, unmasked=unmasked),
    }


def legible(content: bytes | None, *, unmasked: bool) -> str | None:
    """Bytes as text that is safe on a terminal. Masked unless told otherwise; then what is no text is escaped."""
    if content is None:
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = None
    plain = text is not None and all(one.isprintable() or one in "\n\t" for one in text)
    if not plain and not unmasked:
        # Digits with something invisible between them would get past the mask.
        return f"({len(content)} bytes that are no text; --unmasked shows them)"
    if not plain:
        text = content.decode("utf-8", "backslashreplace")
        text = "".join(one if one.isprintable() or one in "\n\t" else ascii(one)[1:-1] for one in text)
    text = (text or "") if unmasked else shown(text or "")
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}… ({len(content)} bytes in all)"


def _print(letters: list[dict[str, Any]], total: int) -> None:
    for letter in letters:
        for name, value in letter.items():
            for inner, text in value if isinstance(value, list) else [("", value)]:
                label = f"{name} {inner}".strip()
                out.print(
                    f"{label:>12}  {'(none)' if text is None else text}", markup=False, highlight=False, soft_wrap=True
                )
        out.print()
    if total > len(letters):
        out.print(f"{total - len(letters)} more; --limit shows them", highlight=False)
