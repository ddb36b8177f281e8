"""A round as those on watch see it: the deadline, and for each unit whether the report is out and how it was taken.

| state of a unit | |
|---|---|
| ikke-sendt | no run yet |
| under-arbeid, nektet, feilet | there was a run, and nothing is out |
| sendt, kvittert, kvittert-med-feil, avvist, ubesvart | how the newest run that is out stands |

What is out stays out: a repeat that was refused does not make the report unsent. Test runs and dry runs count for
nothing, and neither does a correction or test sent the other way than the installation now sends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from adapter.domain.enhet import Enhet
from adapter.domain.planned_run import Emisjon, Kjoretilstand, Plan, RunFact, emisjon
from adapter.domain.receipts import SVARFRIST
from adapter.domain.repeats import last_run
from adapter.domain.windows import Vindu, vindu
from adapter.domain.yearpack import YearPack

Rundetilstand: TypeAlias = Kjoretilstand | Literal["ikke-sendt"]

UTE: frozenset[Kjoretilstand] = frozenset({"sendt", "kvittert", "kvittert-med-feil", "avvist", "ubesvart"})
_WAITING: frozenset[Kjoretilstand] = frozenset({"sendt", "ubesvart"})
# Where no test window was published: from about when there would have been one, so that a deadline is seen coming.
_LEAD = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Enhetsrunde:
    """How a unit's round stands."""

    enhet: Enhet
    tilstand: Rundetilstand
    ordinare: int
    """Ordinary runs that are out; the calendar asks for one."""
    svarfrist: datetime | None
    """When the receipts of the newest run are due, while any is missing."""


@dataclass(frozen=True, slots=True)
class Runde:
    """A round that is on."""

    aar: int
    frist: datetime
    """The window for the report closes."""
    emisjon: Emisjon
    """How the ordinary run goes out in this installation: a round of tests is no report."""
    enheter: tuple[Enhetsrunde, ...]


def round_view(now: datetime, pack: YearPack, plan: Plan, runs: Sequence[RunFact]) -> Runde | None:
    """The pack's round, or None when it is not on. Raises ValueError for a moment without a zone."""
    if now.tzinfo is None:
        raise ValueError("the moment needs a zone: without one nobody knows which day it is in Norway")
    innsending, span = vindu(pack.frister, "ordinaer"), _span(pack)
    if innsending is None or span is None or not span.holds(now):
        return None
    standing = tuple(_standing(pack.aar, plan, enhet, runs) for enhet in reporting_units(pack.aar, plan, runs))
    return Runde(pack.aar, innsending.til, emisjon(plan.send, "ordinaer"), standing)


def reporting_units(aar: int, plan: Plan, runs: Sequence[RunFact]) -> list[Enhet]:
    """Who must report: the units that had a run, and the municipalities of which the ledger knows none.

    A municipality gives way to its districts; a command's own record is no run, and may name what does not exist.
    """
    ours = {enhet.kommunenummer for enhet in plan.enheter}
    ran = {one.enhet for one in runs if one.aar == aar and one.id != one.kommando and one.enhet.kommunenummer in ours}
    heard = {enhet.kommunenummer for enhet in ran}
    return sorted(ran | {enhet for enhet in plan.enheter if enhet.kommunenummer not in heard})


def _standing(aar: int, plan: Plan, enhet: Enhet, runs: Sequence[RunFact]) -> Enhetsrunde:
    how = emisjon(plan.send, "ordinaer")
    own = (aar, enhet, how)
    out = [one for one in runs if (one.aar, one.enhet, one.emisjon) == own and one.slag != "prove" and _is_out(one)]
    ordinare = sum(one.slag == "ordinaer" for one in out)
    if out:
        # By number, not by time: a run that was begun with a clock put right may look older than the one before it.
        newest = max(out, key=lambda one: (one.lopenr, one.startet, one.id))
        due = newest.startet.astimezone(UTC) + SVARFRIST if newest.tilstand in _WAITING else None
        return Enhetsrunde(enhet, newest.tilstand, ordinare, due)
    last = last_run(aar, plan, enhet, runs)
    return Enhetsrunde(enhet, "ikke-sendt" if last is None else last.tilstand, ordinare, None)


def _is_out(fact: RunFact) -> bool:
    return fact.tilstand in UTE


def _span(pack: YearPack) -> Vindu | None:
    """From the first test run to the last day for corrections."""
    prove, innsending, rettelse = (vindu(pack.frister, slag) for slag in ("prove", "ordinaer", "rettelse"))
    if innsending is None:
        return None
    return Vindu(innsending.fra - _LEAD if prove is None else prove.fra, (rettelse or innsending).til)
