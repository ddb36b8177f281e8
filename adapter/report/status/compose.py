"""Everything the status is made of, put together at one moment. Pure: the ledger, the figures and the clock come in."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from adapter import __version__
from adapter.domain.places import Places
from adapter.domain.planned_run import Plan, RunFact
from adapter.domain.yearpack import YearPack
from adapter.ops.http import Health
from adapter.report.control import run_facts
from adapter.report.ledger import Kjoring
from adapter.report.status.calendar import kalender
from adapter.report.status.figures import Figures
from adapter.report.status.readiness import klarhet
from adapter.report.status.runs import age, is_look, line, to_show
from adapter.report.status.status import Innlesing, Lesing, Status
from adapter.report.status.tall import masked
from adapter.report.status.tasks import oppgaver
from adapter.report.status.units import unit_lines

RECENT = 12


class Aaret(NamedTuple):
    """The reporting year that the page is about, and the calendar's settings for it."""

    pack: YearPack
    plan: Plan
    places: Places
    kalender_pa: bool


class Ledger(NamedTuple):
    """The runs as they were read, and how the reading went."""

    runs: Mapping[str, Kjoring] = {}
    lesing: Lesing = Lesing()


def compose(now: datetime, aaret: Aaret, ledger: Ledger, figures: Figures, live: Health, ready: Health) -> Status:
    """The status. Nothing in it depends on which of 1 to 4 a number of persons is."""
    pack, plan, runs = aaret.pack, aaret.plan, ledger.runs
    facts = _facts(runs, now) if ledger.lesing.lest else None
    round_ = kalender(now, pack, plan, facts, pa=aaret.kalender_pa)
    enheter = unit_lines(pack.aar, plan, aaret.places, runs, figures.open if figures.running else None, now)
    newest = sorted(to_show(runs), key=age, reverse=True)[:RECENT]
    return Status(
        tidspunkt=now,
        aar=pack.aar,
        kommuner=tuple(aaret.places.unit_name(unit, pack.aar) or str(unit) for unit in plan.enheter),
        send=plan.send,
        programversjon=__version__,
        klarhet=klarhet(figures, live, ready),
        oppgaver=oppgaver(now, round_, enheter, ledger.lesing, figures),
        regnskap=ledger.lesing,
        kalender=round_,
        enheter=enheter,
        innlesing=_innlesing(figures),
        kjoringer=tuple(line(run, now) for run in newest),
    )


def _facts(runs: Mapping[str, Kjoring], now: datetime) -> list[RunFact]:
    """The ledger as the calendar sees it. The hourly looks, thousands in a January, have told it what was mended."""
    return [fact for fact in run_facts(runs.values(), now) if not is_look(runs[fact.id])]


def _innlesing(figures: Figures) -> Innlesing:
    return Innlesing(
        partisjoner=figures.running,
        partisjoner_gjenleses=figures.restoring,
        partisjoner_i_alt=figures.bus_partitions,
        gjenlest_prosent=int(100 * figures.restored),
        etterslep=dict(sorted(figures.lag.items(), key=lambda one: int(one[0]))),
        utfall=dict(figures.outcomes.most_common()),
        stoppet=dict(figures.parked.most_common()),
        konflikter=figures.conflicts,
        mislykkede_bunker=figures.batch_failures,
        siste_bunke=figures.last_batch,
        personer=masked(figures.persons),
        rader=masked(figures.records),
        venter_pa_vurdering=masked(figures.waiting),
    )
