"""The round as the page shows it: its windows with what is done and due, what comes next, and every line."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from adapter.domain.calendar_view import Oppslag, Stilling, next_run, plan_view
from adapter.domain.planned_run import Plan, RunFact
from adapter.domain.windows import SLAG, Slag, vindu
from adapter.domain.yearpack import YearPack
from adapter.report.status.status import Kalender, Oppslagslinje, Stander, Vinduslinje, Vindustilling
from adapter.report.status.words import SLAG_NAVN


def kalender(now: datetime, pack: YearPack, plan: Plan, facts: Sequence[RunFact] | None, *, pa: bool) -> Kalender:
    """The calendar of one reporting year. `pa` tells whether anything begins by itself.

    Without `facts`, when nobody has read the ledger yet, only the windows are known: every run would seem to be due.
    """
    lines = plan_view(now, pack, plan, facts or ())
    known = lines if facts is not None else ()
    upcoming = next_run(known) if pa else None
    kinds = SLAG if pack.melding is not None else ()
    return Kalender(
        pa=pa,
        neste=f"{SLAG_NAVN[upcoming.slag]} for {upcoming.enhet}: {upcoming.setning}" if upcoming else "",
        vinduer=tuple(_window(now, pack, slag, None if facts is None else lines) for slag in kinds),
        oppslag=tuple(
            Oppslagslinje(
                slag=one.slag,
                enhet="" if one.enhet is None else str(one.enhet),
                stilling=one.stilling,
                tidspunkt=one.tidspunkt,
                tilstand=one.tilstand,
                setning=one.setning,
            )
            for one in sorted(known, key=_order)
        ),
    )


def _order(line: Oppslag) -> tuple[bool, datetime, int]:
    """By time; what has none comes last."""
    return line.tidspunkt is None, line.tidspunkt or datetime.max.replace(tzinfo=UTC), SLAG.index(line.slag)


def _window(now: datetime, pack: YearPack, slag: Slag, lines: Iterable[Oppslag] | None) -> Vinduslinje:
    when = vindu(pack.frister, slag)
    stilling: Vindustilling = "ukjent"
    if when is not None:
        stilling = "kommer" if now < when.fra else "apent" if when.holds(now) else "lukket"
    return Vinduslinje(
        slag=slag,
        stilling=stilling,
        fra=None if when is None else when.fra,
        til=None if when is None else when.til,
        kjoringer=None if lines is None else _stander(one.stilling for one in lines if one.slag == slag and one.enhet),
    )


def _stander(found: Iterable[Stilling]) -> Stander:
    stands = Counter(found)
    return Stander(gjort=stands["gjort"], forfalt=stands["forfalt"], kommer=stands["kommer"], tapt=stands["forbi"])
