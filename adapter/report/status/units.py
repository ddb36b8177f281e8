"""One line for each unit: what its newest built run counted, what is open now, how its report stands."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from adapter.domain.enhet import Enhet
from adapter.domain.places import Places
from adapter.domain.planned_run import Plan
from adapter.domain.rules.rule import Severity
from adapter.report.control import enhet_of
from adapter.report.gaps.summary import TEST_PERSON
from adapter.report.ledger import Kjoring, last_sent
from adapter.report.live import Open
from adapter.report.status.runs import Runs, age, line, to_show
from adapter.report.status.status import Enhetslinje, Funntall, Kjoringslinje, Sammenligning, Tellinger
from adapter.report.status.tall import Tall, change, masked


def unit_lines(
    aar: int, plan: Plan, places: Places, runs: Runs, apne: Counter[Open] | None, now: datetime
) -> tuple[Enhetslinje, ...]:
    """Every unit of ours in the year, in order. `apne` is None where this process has nothing to say of now."""
    shown = to_show(runs)
    return tuple(
        Enhetslinje(
            enhet=str(unit),
            navn=places.unit_name(unit, aar) or "",
            tellinger=_counted(str(unit), aar, runs, now),
            apne=None if apne is None else _open(str(unit), apne),
            siste=_line(max(_of(unit, aar, shown), key=age, default=None), now),
            sendt=_line(max(_sent(unit, aar, shown), key=age, default=None), now),
        )
        for unit in _units(aar, plan, runs.values(), apne or Counter())
    )


def _units(aar: int, plan: Plan, runs: Iterable[Kjoring], apne: Counter[Open]) -> list[Enhet]:
    """The plan's municipalities; where districts are known of one, they instead of it."""
    ours = {unit.kommunenummer for unit in plan.enheter}
    found = {enhet_of(run.enhet) for run in runs if run.aar == aar} | {enhet_of(one.unit) for one in apne}
    districts = {unit for unit in found if unit.kommunenummer in ours and unit.bydelsnummer}
    divided = {unit.kommunenummer for unit in districts}
    return sorted(districts | {unit for unit in plan.enheter if unit.kommunenummer not in divided})


def _sent(unit: Enhet, aar: int, runs: Iterable[Kjoring]) -> list[Kjoring]:
    return [run for run in runs if (run.enhet, run.aar, run.status) == (str(unit), aar, "sendt")]


def _of(unit: Enhet, aar: int, runs: Iterable[Kjoring]) -> list[Kjoring]:
    """The unit's runs, and commands for its whole municipality that came to none."""
    return [run for run in runs if run.aar == aar and run.enhet in (str(unit), unit.kommunenummer)]


def _line(run: Kjoring | None, now: datetime) -> Kjoringslinje | None:
    return None if run is None else line(run, now)


def _counted(unit: str, aar: int, runs: Runs, now: datetime) -> Tellinger | None:
    """The counts of the newest run that was built, a dry run too: nothing in the ledger is newer."""
    built = [run for run in runs.values() if (run.enhet, run.aar) == (unit, aar) and run.resultat]
    newest = max(built, key=age, default=None)
    if newest is None:
        return None
    sent = last_sent(runs.values(), unit, aar - 1, "produksjon")
    i_ar, i_fjor = newest.resultat, sent.resultat if sent else {}
    return Tellinger(
        kjoring=line(newest, now),
        personer=_beside(i_ar.get("personer_sendt"), i_fjor.get("personer_sendt")),
        tjenester=_beside(_services(i_ar), _services(i_fjor)),
        avslag=_beside(i_ar.get("avslag_sendt"), i_fjor.get("avslag_sendt")),
        funn=_found(i_ar),
    )


def _services(resultat: dict[str, Any]) -> int | None:
    return resultat["rader_sendt"].get("tjeneste", 0) if "rader_sendt" in resultat else None


def _beside(now: int | None, before: int | None) -> Sammenligning:
    i_ar, i_fjor = masked(now), masked(before)
    return Sammenligning(i_ar=i_ar, i_fjor=i_fjor, endring=change(i_ar, i_fjor))


def _found(resultat: dict[str, Any]) -> Funntall:
    """By severity. In a test everybody is a test person, and that remark would drown out all the others."""
    counts = Counter(resultat.get("funn_etter_alvor", {}))
    if TEST_PERSON not in resultat.get("holdt_etter_regel", {}):
        counts["warn"] -= resultat.get("funn", {}).get(TEST_PERSON, 0)
    return _severities(counts)


def _open(unit: str, apne: Counter[Open]) -> Funntall:
    counts: Counter[str] = Counter()
    for one, number in apne.items():
        if one.unit == unit and (one.rule, one.severity) != (TEST_PERSON, "warn"):
            counts[one.severity] += number
    return _severities(counts)


def _severities(counts: Counter[str]) -> Funntall:
    by: dict[str, Tall] = {one.value: masked(max(counts[one.value], 0)) for one in Severity}
    return Funntall(**by)
