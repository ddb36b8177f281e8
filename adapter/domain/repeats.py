"""Repeats of a sent report inside the window: of which run, why, and when.

A repeat follows from the unit's last run: it was rejected, its findings have been mended, or it never went out. One run
is followed by one repeat, a while after it ended, and there is an end to how many.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import assert_never

from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Arsak, Plan, PlannedRun, RunFact, emisjon, planned_id, planned_run
from adapter.domain.windows import vindu
from adapter.domain.yearpack import YearPack


def gjentak_run(pack: YearPack, plan: Plan, enhet: Enhet, runs: Sequence[RunFact]) -> tuple[PlannedRun, ...]:
    """The repeat that the unit's last run calls for, if it does; it names the run it replaces."""
    window = vindu(pack.frister, "gjentak")
    last = last_run(pack.aar, plan, enhet, runs)
    if window is None or last is None or repeats_done(pack.aar, plan, enhet, runs) >= plan.gjentak_maks:
        return ()
    arsak = _cause(plan, last)
    if arsak is None:
        return ()
    ended = (last.ferdig or last.startet).astimezone(UTC)
    begins = max(ended + plan.gjentak_mellomrom, window.fra)
    return (planned_run(pack, plan, enhet, "gjentak", window, begins, ledd=last.id, arsak=arsak),)


def last_run(aar: int, plan: Plan, enhet: Enhet, runs: Sequence[RunFact]) -> RunFact | None:
    """The unit's newest run in the window: the latest begun, or the end of the chain of repeats from it.

    The chain is followed by ids, since a repeat that was begun with a clock put right looks older than its cause.
    """
    how = emisjon(plan.send, "ordinaer")
    broken = {fact.id for fact in runs if fact.id == fact.kommando and fact.tilstand in ("nektet", "feilet")}
    own = [
        fact
        for fact in runs
        if (fact.aar, fact.enhet, fact.emisjon) == (aar, enhet, how)
        and fact.slag != "prove"
        and fact.tilstand not in ("fordelt", "prøvd")
        # What a person tried and did not get sent is theirs to try again.
        and not (fact.slag is None and fact.tilstand in ("nektet", "feilet"))
        # Its command broke off: nobody works on it any more, and the command's own record says how it ended.
        and not (fact.tilstand == "under-arbeid" and fact.kommando in broken)
    ]
    last = max(own, key=_age, default=None)
    while last is not None:
        repeat = planned_id(aar, enhet, "gjentak", how, last.id)
        following = max((fact for fact in own if fact.kommando == repeat), key=_age, default=None)
        if following is None:
            break
        last = following
    return last


def repeats_done(aar: int, plan: Plan, enhet: Enhet, runs: Sequence[RunFact]) -> int:
    """How many repeats of the unit the ledger has."""
    own = (aar, enhet, "gjentak", emisjon(plan.send, "gjentak"))
    return len({fact.kommando for fact in runs if (fact.aar, fact.enhet, fact.slag, fact.emisjon) == own})


def _cause(plan: Plan, last: RunFact) -> Arsak | None:
    """Why the run should be repeated, or None."""
    causes: list[Arsak] = []
    match last.tilstand:
        case "under-arbeid" | "sendt" | "prøvd" | "fordelt":
            return None
        case "avvist":
            causes.append("avvist")
        case "ubesvart":
            causes.append("ubesvart")
        case "nektet" | "feilet":
            causes.append("ikke-sendt")
        case "kvittert" | "kvittert-med-feil":
            pass
        case _:
            assert_never(last.tilstand)
    if last.funn_rettet >= max(plan.gjentak_minste_rettet, 1):
        causes.append("rettet")
    return next((cause for cause in causes if cause in plan.gjentak_ved), None)


def _age(fact: RunFact) -> tuple[datetime, int, str]:
    return fact.startet, fact.lopenr, fact.id
