"""The calendar as one shows it: every planned run of a round with its time, how it stands, and a sentence.

It is made of the same parts as `due_runs`, so that what is shown and what is done cannot differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from adapter.domain.calendar import due_runs, ordinaer_run, prove_runs, units
from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Arsak, Emisjon, Kjoretilstand, Plan, PlannedRun, RunFact
from adapter.domain.repeats import gjentak_run, last_run, repeats_done
from adapter.domain.windows import Slag, avslag, norsk_dato, norsk_tid, vindu
from adapter.domain.yearpack import YearPack

Stilling: TypeAlias = Literal["gjort", "forfalt", "kommer", "forbi", "pa-bestilling", "ikke-mulig"]

_ARSAK: dict[Arsak, str] = {
    "kalender": "etter kalenderen",
    "avvist": "fordi forrige kjøring ble avvist",
    "ubesvart": "fordi forrige kjøring ikke er besvart",
    "rettet": "fordi funn er rettet siden forrige kjøring",
    "ikke-sendt": "fordi forrige kjøring ikke ble sendt",
}
_EMISJON: dict[Emisjon, str] = {
    "ingen": "lages, men sendes ikke",
    "test": "sendes som test",
    "produksjon": "sendes",
}


@dataclass(frozen=True, slots=True)
class Oppslag:
    """One line of the calendar."""

    aar: int
    slag: Slag
    enhet: Enhet | None
    stilling: Stilling
    setning: str
    tidspunkt: datetime | None = None
    frist: datetime | None = None
    id: str = ""
    tilstand: Kjoretilstand | None = None
    """How the run stands in the ledger, where it has been done."""


def plan_view(now: datetime, pack: YearPack, plan: Plan, runs: Sequence[RunFact]) -> tuple[Oppslag, ...]:
    """The round from the first test run to the last day for corrections."""
    due = {one.id for one in due_runs(now, pack, plan, runs)}
    now = now.astimezone(UTC)
    lines: list[Oppslag] = []
    if (refusal := avslag(now, pack, "prove")) is not None and refusal.kode in ("uten-format", "frist-ukjent"):
        lines.append(Oppslag(pack.aar, "prove", None, "ikke-mulig", refusal.setning))
    if pack.melding is None:
        return tuple(lines)
    for enhet in plan.enheter:
        lines += (
            _line(now, one, due, runs) for one in (*prove_runs(pack, plan, enhet), *ordinaer_run(pack, plan, enhet))
        )
    for enhet in units(pack.aar, plan, runs):
        lines += _repeat(now, pack, plan, enhet, due, runs)
    lines.append(_correction(now, pack))
    return tuple(lines)


def next_run(lines: Sequence[Oppslag]) -> Oppslag | None:
    """What happens next: what is due, else the earliest that is to come."""
    waiting = [one for one in lines if one.stilling in ("forfalt", "kommer") and one.tidspunkt is not None]
    return min(waiting, key=lambda one: (one.stilling != "forfalt", one.tidspunkt), default=None)


def _line(now: datetime, one: PlannedRun, due: set[str], runs: Sequence[RunFact]) -> Oppslag:
    """How a run of the calendar stands."""
    stilling, setning, tilstand = _standing(now, one, due, runs)
    return Oppslag(one.aar, one.slag, one.enhet, stilling, setning, one.tidspunkt, one.frist, one.id, tilstand)


def _standing(
    now: datetime, one: PlannedRun, due: set[str], runs: Sequence[RunFact]
) -> tuple[Stilling, str, Kjoretilstand | None]:
    facts = sorted((fact for fact in runs if one.id in (fact.id, fact.kommando)), key=lambda fact: fact.lopenr)
    if facts:
        states = ", ".join(sorted({fact.tilstand for fact in facts if fact.tilstand != "fordelt"})) or "fordelt"
        return "gjort", f"Kjørt {norsk_tid(facts[-1].startet)}: {states}.", facts[-1].tilstand
    if one.id in due:
        return "forfalt", f"Kjøres nå, {_ARSAK[one.arsak]}; {_EMISJON[one.emisjon]}.", None
    if one.tidspunkt >= one.frist:
        when = norsk_tid(one.tidspunkt)
        return "ikke-mulig", f"Tidspunktet {when} er etter at vinduet lukkes: endre innstillingene.", None
    if now < one.tidspunkt:
        return "kommer", f"Kjøres {norsk_tid(one.tidspunkt)}, {_ARSAK[one.arsak]}; {_EMISJON[one.emisjon]}.", None
    if one.slag == "prove":
        return "forbi", "Ble ikke kjørt da den skulle; bare den nyeste av tapte prøver tas igjen.", None
    return "forbi", f"Ble ikke kjørt, og vinduet lukket {norsk_tid(one.frist)}.", None


def _repeat(
    now: datetime, pack: YearPack, plan: Plan, enhet: Enhet, due: set[str], runs: Sequence[RunFact]
) -> Iterator[Oppslag]:
    """The repeats that were done, and the one that is waiting or why there is none."""
    waiting = gjentak_run(pack, plan, enhet, runs)
    waiting_ids = {one.id for one in waiting}
    for fact in sorted(runs, key=lambda fact: fact.startet):
        mine = (fact.aar, fact.enhet, fact.slag) == (pack.aar, enhet, "gjentak")
        if mine and fact.tilstand != "fordelt" and not waiting_ids & {fact.id, fact.kommando}:
            text = f"Kjørt {norsk_tid(fact.startet)}: {fact.tilstand}."
            yield Oppslag(pack.aar, "gjentak", enhet, "gjort", text, fact.startet, None, fact.id, fact.tilstand)
    if waiting:
        yield from (_line(now, one, due, runs) for one in waiting)
        return
    last = last_run(pack.aar, plan, enhet, runs)
    if last is not None and plan.gjentak_maks and repeats_done(pack.aar, plan, enhet, runs) >= plan.gjentak_maks:
        text = f"{plan.gjentak_maks} gjentak er gjort, flere kommer ikke av seg selv: bestill et når feilen er funnet."
        yield Oppslag(pack.aar, "gjentak", enhet, "pa-bestilling", text)


def _correction(now: datetime, pack: YearPack) -> Oppslag:
    window, refusal = vindu(pack.frister, "rettelse"), avslag(now, pack, "rettelse")
    if window is None or (refusal is not None and refusal.kode == "frist-ukjent"):
        text = "" if refusal is None else refusal.setning
        return Oppslag(pack.aar, "rettelse", None, "ikke-mulig", text)
    if refusal is None:
        text = f"Kan bestilles til og med {norsk_dato(pack.frister.rettelser_til or window.til)}."
        return Oppslag(pack.aar, "rettelse", None, "pa-bestilling", text, window.fra, window.til)
    stilling: Stilling = "kommer" if refusal.kode == "for-tidlig" else "forbi"
    # A correction never begins by itself, so it has no time that `next_run` could wait for.
    return Oppslag(pack.aar, "rettelse", None, stilling, refusal.setning, None, window.til)
