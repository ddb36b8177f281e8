"""The year whose findings are followed while the service runs, and the gauges that show them."""

import faust

from adapter.domain.overgang import Overgang
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Rule
from adapter.domain.rules.sak import Modus
from adapter.domain.yearpack import YearPack
from adapter.ops.metrics import Metrics
from adapter.packs import available_years, load_pack, load_places
from adapter.report.clock import Clock
from adapter.report.live import LiveFindings, year_to_watch
from adapter.report.setup import extra_packs, make_overgang
from adapter.settings.config import Config

YEAR_SECONDS = 3600.0


def follow_the_year_of(app: faust.App, config: Config, clock: Clock, live_findings: LiveFindings) -> None:
    """Let `live_findings` go over to the new year when the calendar does."""

    @app.timer(YEAR_SECONDS)  # type: ignore[untyped-decorator]
    async def follow_the_year() -> None:
        """On 22 March people begin to work on the new year, and the gauges with them."""
        watched = _watched(config, clock)
        if watched[0].aar != live_findings.year:
            live_findings.watch(*watched)


def live_findings_of(config: Config, clock: Clock) -> LiveFindings:
    """The findings of the year that is watched now, all of them still to be made."""
    modus: Modus = "produksjon" if config.rapport.send == "production" else "test"
    return LiveFindings(*_watched(config, clock), modus, lambda: clock().date(), ekte_i_test=config.rapport.ekte_i_test)


def _watched(config: Config, clock: Clock) -> tuple[YearPack, tuple[Rule, ...], Overgang]:
    """The year that the live findings go by now, and what they need for it."""
    extra = extra_packs(config)
    today = clock().date()
    year = config.rapport.aar or year_to_watch(today, available_years(extra)) or today.year
    pack = load_pack(year, extra, config.antakelser.get(str(year), {}))
    return pack, RULES, make_overgang(config, load_places(), year)


def show_findings(live_findings: LiveFindings, metrics: Metrics) -> None:
    """Set the gauges of what is open, by rule and unit."""
    metrics.open_findings.clear()
    for kind, number in live_findings.open.items():
        metrics.open_findings.labels(*kind).set(number)
    metrics.findings_waiting.set(live_findings.waiting)
