"""`iplos-adapter build`: the whole path over a file of events, without Kafka."""

import uuid
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from adapter.cli.console import AsJson, ConfigPath, Exit, err, fail, make_folder, out, print_json, sealer_of, settings
from adapter.cli.events_file import delivered
from adapter.cli.progress import bar
from adapter.domain.enhet import Enhet
from adapter.domain.places import Places
from adapter.domain.rules.rule import Funn
from adapter.domain.yearpack import YearPack
from adapter.ingest.offline import Hendelser, fold_all
from adapter.ingest.reading import Reader
from adapter.report.build import Bestilling, PairBuilder
from adapter.report.gaps.masking import shown
from adapter.report.population import Population
from adapter.report.setup import RefusedError, check_unit, check_year_and_unit, make_oppsett, make_overgang, our_numbers
from adapter.report.transport import write_private
from adapter.sealing import Sealer
from adapter.settings.config import Config
from adapter.settings.example import example_of

# Without a key file nothing is sealed to last: the state lives in memory and is gone with the process.
_PASSING_KEY = bytes(32)
_NAMES = uuid.UUID("0a6a3f0c-7d0a-5e6e-8a0e-5f0d2f2f2018")


def build(  # noqa: PLR0913, PLR0917  # one parameter an option
    events: Annotated[Path, typer.Option(help="Events, one structured CloudEvent a line, as `simulate` prints them.")],
    kommune: Annotated[str, typer.Option(help="Municipality number, as it was in the reporting year.")],
    year: Annotated[int, typer.Option(help="Reporting year.")],
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for the messages and report.json.")],
    bydel: Annotated[str, typer.Option(help="District number; without it every unit of the municipality.")] = "",
    made: Annotated[
        str, typer.Option(help="Date of the message (YYYY-MM-DD); the same date gives the same bytes. None: today.")
    ] = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Fold a file of events and write KPR_IPL-<unit>-<year>.xml, KPR_IDE-<unit>-<year>.xml and report.json.

    Example: iplos-adapter build --events events.jsonl --kommune 5001 --year 2018 --out built
    """
    moment = _moment(made)
    loaded = settings(config) if config else example_of(kommune)
    sealer = sealer_of(loaded) if config else Sealer({"passing": _PASSING_KEY}, _PASSING_KEY)
    if config is None:
        err.print(
            "No --config: sender and contacts are the example's, person numbers come from a key that is no secret."
        )
    try:
        pack, places = check_year_and_unit(loaded, Enhet(kommune, bydel), year)
    except RefusedError as error:
        fail(str(error), Exit.REFUSED)
    try:
        hendelser = fold_all(delivered(events), Reader(sealer, our_numbers(loaded, places)))
    except OSError as error:
        fail(f"{events}: {error.strerror}", Exit.USAGE)
    population = Population.of(hendelser.states, make_overgang(loaded, places, year))
    units = [Enhet(kommune, bydel)] if bydel else [one for one in population.units() if one.kommunenummer == kommune]
    if not units:
        fail(f"No registrations from {kommune} in {events}: nothing to report.", Exit.REFUSED)
    _check_units(places, units, pack)
    make_folder(out_dir)
    reports = [_build_unit(loaded, sealer, population, enhet, year, moment, out_dir) for enhet in units]
    summary = {"hendelser": _events(hendelser), "enheter": reports}
    write_private(out_dir / "report.json", msgspec.json.format(msgspec.json.encode(summary)) + b"\n")
    if as_json:
        print_json({**summary, "enheter": [{**one, "funn": len(one["funn"])} for one in reports]})
    else:
        out.print(_table(hendelser, reports))
    if any(one["stoppet_av"] for one in reports):
        for one in reports:
            for reason in one["stoppet_av"]:
                err.print(f"{one['enhet']}: {reason}", style="red", markup=False, highlight=False)
        raise typer.Exit(Exit.REFUSED)


def _moment(made: str) -> datetime:
    """When the messages are made: noon of the day."""
    try:
        day = date.fromisoformat(made) if made else datetime.now(UTC).date()
    except ValueError:
        fail(f"--made {made}: not a date; write it as 2019-01-05", Exit.USAGE)
    return datetime.combine(day, time(12), UTC)


def _check_units(places: Places, units: list[Enhet], pack: YearPack) -> None:
    """The events may name districts that there never were."""
    try:
        for enhet in units:
            check_unit(places, enhet, pack)
    except RefusedError as error:
        fail(str(error), Exit.REFUSED)


def _build_unit(
    config: Config, sealer: Sealer, population: Population, enhet: Enhet, year: int, moment: datetime, folder: Path
) -> dict[str, Any]:
    """Build one pair into files; a blocked pair leaves none."""
    oppsett = make_oppsett(config, sealer, enhet, year)
    findings: list[Funn] = []
    ids = [str(uuid.uuid5(_NAMES, f"{enhet}/{year}/{moment:%Y%m%d}/{kind}")) for kind in ("ipl", "ide")]
    bestilling = Bestilling(enhet, "1", moment, ids[0], ids[1], "test")
    builder = PairBuilder(bestilling, oppsett, population, lambda _, funn: findings.append(funn))
    paths = [folder / f"{kind}-{enhet}-{year}.xml" for kind in ("KPR_IPL", "KPR_IDE")]
    for path in paths:
        write_private(path, b"")
    with paths[0].open("wb") as ipl, paths[1].open("wb") as ide, bar(f"building {enhet}") as told:
        for step in builder.run(ipl, ide):
            told(step.ferdig, step.av)
    if builder.resultat.stoppet_av:
        for path in paths:
            path.unlink()
    described = builder.resultat.as_dict()
    described["funn_etter_regel"] = described.pop("funn")
    return {
        "enhet": str(enhet),
        "aar": year,
        "filer": [] if builder.resultat.stoppet_av else [path.name for path in paths],
        **described,
        "funn": [_plain(funn) for funn in findings],
    }


def _events(hendelser: Hendelser) -> dict[str, Any]:
    return {
        "antall": hendelser.antall,
        "etter_utfall": hendelser.etter_utfall(),
        "rettet_ved_inntak": dict(sorted(hendelser.repairs.items())),
        "konflikter": hendelser.conflicts,
    }


def _plain(funn: Funn) -> dict[str, Any]:
    """A finding as plain data: record id and what to do, nothing of who the person is."""
    told = {**funn._asdict(), "record_id": shown(funn.record_id), "text": shown(funn.text)}
    return {name: value for name, value in told.items() if value not in ("", None)}


def _table(hendelser: Hendelser, reports: list[dict[str, Any]]) -> Table:
    outcomes = ", ".join(f"{name} {number}" for name, number in hendelser.etter_utfall().items())
    table = Table("unit", "persons", "services", "refusals", "withheld", "findings", caption=f"Events: {outcomes}")
    for one in reports:
        table.add_row(
            one["enhet"],
            str(one["personer_sendt"]),
            str(one["rader_sendt"].get("tjeneste", 0)),
            str(one["avslag_sendt"]),
            str(sum(one["rader_holdt"].values())),
            str(len(one["funn"])),
        )
    return table
