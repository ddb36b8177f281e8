"""The calendar: which runs are due now, as a pure function of the moment, the year pack, the settings and the ledger.

| kind | due |
|---|---|
| prove | from its time until the test window closes; of those that were missed only the newest |
| ordinaer | from the configured time until the window closes, however late; not when a person ordered it earlier |
| gjentak | a while after the run it follows ended, if there is a cause, until the window closes (`repeats`) |
| rettelse | never by itself: a person orders it (`windows.slag_na`) |

A run whose id the ledger has is not due, whatever became of it (`planned_run`).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Plan, PlannedRun, RunFact, planned_run
from adapter.domain.repeats import gjentak_run
from adapter.domain.windows import moment, vindu
from adapter.domain.yearpack import Frister, YearPack


def due_runs(now: datetime, pack: YearPack, plan: Plan, runs: Sequence[RunFact]) -> tuple[PlannedRun, ...]:
    """Every run that is to begin now, in the order of its time. Raises ValueError for a moment without a zone."""
    if now.tzinfo is None:
        raise ValueError("the moment needs a zone: without one nobody knows which day it is in Norway")
    if pack.melding is None:
        return ()
    known = {fact.id for fact in runs} | {fact.kommando for fact in runs}
    due: list[PlannedRun] = []
    for enhet in plan.enheter:
        due += _newest_missed(now, prove_runs(pack, plan, enhet), known)
        due += (one for one in ordinaer_run(pack, plan, enhet) if one.id not in known and not _ordered(one, runs))
    for enhet in units(pack.aar, plan, runs):
        due += (one for one in gjentak_run(pack, plan, enhet, runs) if one.id not in known)
    now = now.astimezone(UTC)
    return tuple(sorted((one for one in due if one.tidspunkt <= now < one.frist), key=lambda one: one.tidspunkt))


def units(aar: int, plan: Plan, runs: Sequence[RunFact]) -> list[Enhet]:
    """The units of the plan, and the districts that the ledger knows of them for this year."""
    ours = {enhet.kommunenummer for enhet in plan.enheter}
    found = {fact.enhet for fact in runs if fact.aar == aar and fact.enhet.kommunenummer in ours}
    return sorted(found | set(plan.enheter))


def prove_runs(pack: YearPack, plan: Plan, enhet: Enhet) -> tuple[PlannedRun, ...]:
    """All test runs of the round, done or not."""
    window = vindu(pack.frister, "prove")
    if window is None or not plan.prove:
        return ()
    return tuple(
        planned_run(pack, plan, enhet, "prove", window, moment(day, plan.prove_klokken), ledd=day.isoformat())
        for day in _test_days(pack.frister, plan)
    )


def ordinaer_run(pack: YearPack, plan: Plan, enhet: Enhet) -> tuple[PlannedRun, ...]:
    """The ordinary run of the round, done or not."""
    window = vindu(pack.frister, "ordinaer")
    if window is None:
        return ()
    day = pack.frister.innsending_fra + timedelta(days=plan.ordinaer_dager_etter)
    return (planned_run(pack, plan, enhet, "ordinaer", window, moment(day, plan.ordinaer_klokken)),)


def _ordered(run: PlannedRun, runs: Sequence[RunFact]) -> bool:
    """Whether a person had this run made before its time. A rejection is followed by a repeat, not by a second one."""
    wanted = (run.enhet, run.aar, run.slag, run.emisjon)
    return any(
        (fact.enhet, fact.aar, fact.slag, fact.emisjon) == wanted and fact.tilstand not in ("nektet", "feilet")
        for fact in runs
    )


def _newest_missed(now: datetime, slots: Sequence[PlannedRun], known: set[str]) -> Iterator[PlannedRun]:
    """Of the test runs whose time has come the newest, unless it or a later one was done: others are not caught up."""
    passed = [slot for slot in slots if slot.tidspunkt <= now]
    done = [slot.tidspunkt for slot in slots if slot.id in known]
    if passed and (not done or passed[-1].tidspunkt > max(done)):
        yield passed[-1]


def _test_days(frister: Frister, plan: Plan) -> Iterator[date]:
    first, last = frister.prove_fra, frister.prove_til
    if first is None or last is None:
        return
    monday = first - timedelta(days=first.weekday())
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        week = (day - monday).days // 7
        if day.isoweekday() in plan.prove_ukedager and week % plan.prove_hver_uke == 0:
            yield day
