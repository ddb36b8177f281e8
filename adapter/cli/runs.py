"""`iplos-adapter runs` and `calendar`: what was sent, when and why, and what comes next."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from adapter.cli.beforehand import must_have
from adapter.cli.console import AsJson, ConfigPath, Exit, err, fail, out, print_json, run_async, settings
from adapter.cli.progress import bar
from adapter.domain.calendar_view import next_run, plan_view
from adapter.domain.windows import norsk_tid
from adapter.kafka.topic_plan import Operation
from adapter.packs import load_places
from adapter.report.control import packs_with_format, plan_of, run_facts
from adapter.report.ledger import Kjoring, read_ledger
from adapter.report.rebuild import rebuild
from adapter.report.status.words import OM_TILSTAND
from adapter.settings.config import Config

runs = typer.Typer(no_args_is_help=True, help="The ledger of runs: list, show, explain, diff.")

RunId = Annotated[str, typer.Argument(help="A run's id, or the first part of it.")]


@runs.command("list")
def list_runs(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Print every run, the oldest first.

    Example: iplos-adapter runs list
    """
    loaded = settings(config)
    now = datetime.now(UTC)
    found = sorted(_pairs(_ledger(loaded)), key=lambda run: (run.tidspunkt, run.enhet))
    if as_json:
        print_json([_plain(run, now) for run in found])
        return
    table = Table("run", "unit", "year", "no", "kind", "out as", "begun", "state", "replaces")
    table.columns[0].min_width = 8  # in a narrow window too it can be copied into the next command
    for run in found:
        table.add_row(
            run.kjoring[:8],
            run.enhet,
            str(run.aar),
            run.lopenr,
            run.slag or "",
            run.emisjon,
            norsk_tid(run.tidspunkt),
            run.tilstand(now),
            run.erstatter[:8],
        )
    out.print(table)


@runs.command()
def show(
    run: RunId,
    config: ConfigPath = None,
    as_json: AsJson = True,  # noqa: ARG001  # a script need not know which command prints nothing else
) -> None:
    """Print everything the ledger has of a run, as JSON, with --json or without.

    Example: iplos-adapter runs show 073c3f74
    """
    loaded = settings(config)
    print_json(_plain(_one(_ledger(loaded), run), datetime.now(UTC)))


@runs.command()
def explain(run: RunId, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Tell in sentences what became of a run, and what to do about it.

    Example: iplos-adapter runs explain 073c3f74
    """
    loaded = settings(config)
    now = datetime.now(UTC)
    found = _one(_ledger(loaded), run)
    if as_json:
        print_json({"kjoring": found.kjoring, "setninger": sentences(found, now)})
        return
    for sentence in sentences(found, now):
        out.print(sentence, markup=False, highlight=False, soft_wrap=True)


@runs.command()
def diff(first: RunId, second: RunId, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Print what changed from one run of a unit to another: persons, records, findings, persons by service.

    Example: iplos-adapter runs diff 073c3f74 f8424edd
    """
    loaded = settings(config)
    ledger = _ledger(loaded)
    a, b = _one(ledger, first), _one(ledger, second)
    if (a.enhet, a.aar) != (b.enhet, b.aar):
        fail(f"{a.enhet} {a.aar} and {b.enhet} {b.aar} cannot be compared: choose two runs of one unit", Exit.USAGE)
    changed = differences(a, b)
    if as_json:
        print_json(changed)
        return
    if not changed:
        out.print("no change")
        return
    table = Table("what", "before", "after", "change", title=f"{a.enhet} {a.aar}: run {a.lopenr} to {b.lopenr}")
    for row in changed:
        table.add_row(row["what"], str(row["before"]), str(row["after"]), f"{row['after'] - row['before']:+d}")
    out.print(table)


@runs.command("rebuild")
def rebuild_command(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Write ledger records for emitted runs that the ledger has lost, from the transport topics; they say so.

    Reads both transport topics, which the plan lets nobody: the accesses are given for the occasion.

    Example: iplos-adapter runs rebuild
    """
    loaded = settings(config)
    topics = loaded.topics
    both: list[tuple[Operation, str]] = [("read", topics.transport_ipl), ("read", topics.transport_ide)]
    must_have(
        loaded,
        [*both, ("read", topics.rapport), ("write", topics.rapport)],
        "nothing was rebuilt. The plan lets nobody read both messages, care data and identities; give one user these "
        "accesses for as long as this takes, and take them away again",
    )
    with bar("reading the dispatches") as progress:
        rebuilt = run_async(lambda: rebuild(loaded, progress))
    if as_json:
        print_json([_plain(run, datetime.now(UTC)) for run in rebuilt])
    else:
        out.print(f"{len(rebuilt)} runs rebuilt")


def calendar(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Print the round's plan: dates, what is done, what is due, and what happens next.

    Example: iplos-adapter calendar
    """
    loaded = settings(config)
    now = datetime.now(UTC)
    facts = run_facts(_ledger(loaded).values(), now)
    places = load_places()
    lines = [
        line
        for pack in packs_with_format(loaded)
        for line in plan_view(now, pack, plan_of(loaded, places, pack.aar), facts)
    ]
    upcoming = next_run(lines)
    if as_json:
        print_json({"plan": msgspec.to_builtins(lines), "next": msgspec.to_builtins(upcoming)})
        return
    if not loaded.kalender.pa:
        err.print("kalender.pa is false: nothing begins by itself.")
    table = Table("year", "kind", "unit", "when", "stands", "in words")
    for line in lines:
        when = norsk_tid(line.tidspunkt) if line.tidspunkt else ""
        table.add_row(str(line.aar), line.slag, str(line.enhet or ""), when, line.stilling, line.setning)
    out.print(table)
    text = f"{upcoming.slag} {upcoming.enhet}: {upcoming.setning}" if upcoming else "nothing by itself"
    out.print(f"Next: {text}", markup=False, highlight=False)


def sentences(run: Kjoring, now: datetime) -> list[str]:
    """A run in words."""
    asked = f"{run.bestilt_av} ba {norsk_tid(run.tidspunkt)} om rapport for {run.enhet}, {run.aar}"
    told = [f"{asked} (løpenummer {run.lopenr})." if run.lopenr else f"{asked}."]
    if run.grunn:
        told.append(f"Grunn: {run.grunn}")
    if run.gjenopprettet:
        told.append("Oppføringen er gjenopprettet fra transportemnene: antall og funn er ikke kjent.")
    if run.erstatter:
        told.append(f"Den erstatter kjøring {run.erstatter}.")
    counts = run.resultat
    if counts:
        withheld = sum(counts["rader_holdt"].values())
        told.append(
            f"{counts['personer_sendt']} personer og {sum(counts['rader_sendt'].values())} rader er med, "
            f"{withheld} rader og {counts['personer_holdt']} personer er holdt tilbake."
        )
        told += [f"Regel {rule} holdt tilbake {number} rader." for rule, number in counts["holdt_etter_regel"].items()]
    told.append(OM_TILSTAND[run.tilstand(now)])
    if run.status == "sendt":
        for one in run.meldinger:
            status = run.messages(now)[one.melding_id]
            codes = f" Feilkoder: {', '.join(status.feil)}." if status.feil else ""
            told.append(
                f"{one.type} {one.melding_id}: {one.bytes} byte, SHA-256 {one.sha256}, {status.tilstand}, "
                f"svarfrist {norsk_tid(status.svarfrist)}.{codes}"
            )
    return told


def differences(a: Kjoring, b: Kjoring) -> list[dict[str, Any]]:
    """Every count that differs between two runs."""
    before, after = Counter(_counts(a)), Counter(_counts(b))
    return [
        {"what": what, "before": before[what], "after": after[what]}
        for what in sorted(before | after)
        if before[what] != after[what]
    ]


def _counts(run: Kjoring) -> dict[str, int]:
    flat: dict[str, int] = {}
    for name, value in run.resultat.items():
        if isinstance(value, dict):
            flat |= {f"{name} {key}": number for key, number in value.items()}
        elif isinstance(value, int):
            flat[name] = value
    return flat


def _ledger(config: Config) -> dict[str, Kjoring]:
    with bar("reading the ledger") as progress:
        return run_async(lambda: read_ledger(config.kafka, config.topics.rapport, progress))


def _pairs(ledger: dict[str, Kjoring]) -> list[Kjoring]:
    """The runs of units; a command's own record only where it came to none."""
    return [run for run in ledger.values() if run.kjoring != run.kommando or run.status in ("nektet", "feilet")]


def _one(ledger: dict[str, Kjoring], start: str) -> Kjoring:
    found = [run for name, run in ledger.items() if name.startswith(start)]
    if len(found) != 1:
        fail(f"{len(found)} runs have an id that begins with {start!r}; see `iplos-adapter runs list`", Exit.USAGE)
    return found[0]


def _plain(run: Kjoring, now: datetime) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(msgspec.json.encode(run))
    return {**plain, "tilstand": run.tilstand(now)}
