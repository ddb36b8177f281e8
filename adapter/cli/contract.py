"""`iplos-adapter contract`: for those who produce events. What the adapter would do with them, without sending any."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
import typer

from adapter.cli.console import AsJson, ConfigPath, Exit, err, fail, out, settings
from adapter.cli.progress import bar
from adapter.ingest.event_lines import read_line, write_line
from adapter.ingest.foresight import Foreseen, Foresight
from adapter.ingest.okt import Mapped, NotOkt, from_okt, read_okt
from adapter.ingest.reading import Reader
from adapter.packs import load_places
from adapter.report.setup import our_numbers
from adapter.sealing import Sealer

contract = typer.Typer(no_args_is_help=True, help="For producers of events: check, from-okt.")

# Nothing is kept, so what seals it need be no secret.
_PASSING_KEY = bytes(32)

Source = Annotated[str, typer.Argument(metavar="FILE|-", help="A file, or - for standard input.")]


@contract.command()
def check(
    source: Source,
    only_problems: Annotated[
        bool, typer.Option("--only-problems", help="Print only events that are parked, repaired or not for us.")
    ] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Say of every event, a line each, what the adapter would do with it, and what to do about it.

    The events are folded in the order of the lines, as if the state were empty before. With a configuration, events of
    municipalities that are not ours are told. --json prints one object a line, the last one a summary. Nothing that an
    event holds is printed. The exit code is 1 when any would be parked.

    Example: iplos-adapter contract check events.jsonl --only-problems
    """
    foresight = Foresight(_reader(config))
    with _opened(source) as file, bar("checking events") as progress:
        for number, line in enumerate(file, start=1):
            seen = foresight.of(read_line(line))
            if not only_problems or seen.todo:
                _print_event(number, seen, as_json=as_json)
            progress(number, None)
    summary = {"outcomes": dict(sorted(foresight.outcomes.items())), "repairs": dict(sorted(foresight.repairs.items()))}
    if as_json:
        typer.echo(json.dumps({"summary": {"events": foresight.outcomes.total(), **summary}}))
    else:
        counted = "; ".join(f"{name}: {number:,}" for name, number in summary["outcomes"].items())
        repaired = "".join(f"; repaired, {name}: {number:,}" for name, number in summary["repairs"].items())
        _line(f"{foresight.outcomes.total():,} events. {counted}{repaired}")
    if foresight.parked:
        raise typer.Exit(Exit.FINDINGS)


@contract.command("from-okt")
def from_okt_command(
    source: Source,
    kommune: Annotated[str, typer.Option(help="The municipality that registered it; OKT does not say.")] = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Print events made of OKT, the prototype overview of services, as far as it goes, and what is missing.

    One event a line to standard output, what each lacks to standard error; with --json both as one object a line. OKT
    has neither the row's id nor its version, so the adapter would park every one of them: the command shows what a
    journal system must add. Nothing is made up. The exit code is 1 when any would be parked.

    Example: iplos-adapter contract from-okt okt.json --kommune 5001
    """
    reader = _reader(config)
    with _opened(source) as file:
        try:
            records = read_okt(file.read())
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            fail(f"{source}: neither a JSON document nor JSON lines", Exit.USAGE)
    parked = 0
    for one in from_okt(records, kommune, reader):
        parked += isinstance(one, NotOkt) or one.foreseen.outcome == "parked"
        if as_json:
            typer.echo(json.dumps(_described(one), ensure_ascii=False))
        else:
            _print_mapped(one)
    if parked:
        raise typer.Exit(Exit.FINDINGS)


def _reader(config: Path | None) -> Reader:
    """As the service reads; without a configuration, events of every municipality."""
    sealer = Sealer({"passing": _PASSING_KEY}, _PASSING_KEY)
    if config is None:
        return Reader(sealer)
    loaded = settings(config)
    return Reader(sealer, our_numbers(loaded, load_places()), loaded.ingest.maks_hendelse)


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115  # closed below
    except OSError as error:
        fail(f"{source}: {error.strerror}", Exit.USAGE)
    with file:
        yield file


def _print_event(number: int, seen: Foreseen, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"line": number, **_facts(seen)}))
        return
    facts = [seen.type, seen.outcome, seen.code, seen.field, *seen.repairs, *(["conflict"] if seen.conflict else [])]
    todo = f": {'; '.join(seen.todo)}" if seen.todo else ""
    _line(f"{number:>7}  {'  '.join(filter(None, facts))}{todo}")


def _facts(seen: Foreseen) -> dict[str, Any]:
    return {**seen._asdict(), "todo": seen.todo}


def _described(one: Mapped | NotOkt) -> dict[str, Any]:
    if isinstance(one, NotOkt):
        return one._asdict()
    return {
        "record": one.record,
        "service": one.service,
        "event": msgspec.json.decode(one.delivered.value or b"null"),
        "repairs": one.repairs,
        "missing": [lack._asdict() for lack in one.missing],
        "left_out": one.left_out,
        "would_be": _facts(one.foreseen),
    }


def _print_mapped(one: Mapped | NotOkt) -> None:
    where = f"record {one.record}" + (f", service {one.service}" if one.service else "")
    if isinstance(one, NotOkt):
        _aside(f"{where}: {one.why}")
        return
    typer.echo(write_line(one.delivered))
    would = "  ".join(filter(None, (one.foreseen.outcome, one.foreseen.code, one.foreseen.field)))
    _aside(f"{where}: would be {would}")
    for lack in one.missing:
        _aside(f"  missing  {lack.field} ({lack.need}): {lack.why}")
    if one.left_out:
        _aside(f"  left out  {', '.join(one.left_out)}")


def _line(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)


def _aside(text: str) -> None:
    err.print(text, markup=False, highlight=False, soft_wrap=True)
