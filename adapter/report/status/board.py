"""The status page's shell: at a request it gathers what the status is made of, and gives it as a page or as JSON."""

import time
from functools import partial

from adapter.ops.http import Page, Pages, Probe
from adapter.ops.metrics import Metrics
from adapter.packs import load_pack, load_places
from adapter.report.clock import Clock
from adapter.report.control import plan_of
from adapter.report.ledger import read_ledger
from adapter.report.live import LiveFindings
from adapter.report.setup import extra_packs
from adapter.report.status.compose import Aaret, Ledger, compose
from adapter.report.status.figures import read_off
from adapter.report.status.ledger_view import LedgerView
from adapter.report.status.render import POLICY, to_html
from adapter.report.status.status import Status, to_json
from adapter.settings.config import Config

# A city's ledger in January takes some tenths of a second to put together; many screens may ask at once.
MOMENT_SECONDS = 1.0


class Board:
    """Serves `/` and `/status.json`."""

    def __init__(
        self, config: Config, clock: Clock, metrics: Metrics, live_findings: LiveFindings, live: Probe, ready: Probe
    ) -> None:
        self._config, self._clock, self._metrics = config, clock, metrics
        self._live_findings, self._live, self._ready = live_findings, live, ready
        self._places = load_places()
        self._aaret = self._the_year()
        self._made: Status | None = None
        self._made_at = 0.0
        self._ledger = LedgerView(partial(read_ledger, config.kafka, config.topics.rapport), clock)

    @property
    def pages(self) -> Pages:
        """By path."""
        return {"/": self._page, "/status.json": self._json}

    async def stop(self) -> None:
        """Let go of Kafka."""
        await self._ledger.stop()

    async def _page(self) -> Page:
        return Page(to_html(await self._status()).encode(), "text/html", POLICY)

    async def _json(self) -> Page:
        return Page(to_json(await self._status()), "application/json", "default-src 'none'")

    async def _status(self) -> Status:
        """The status of now; for those who ask within a moment the same."""
        ledger = await self._ledger.look()
        if self._made is None or time.monotonic() - self._made_at >= MOMENT_SECONDS:
            self._made, self._made_at = self._make(ledger), time.monotonic()
        return self._made

    def _make(self, ledger: Ledger) -> Status:
        if self._aaret.pack.aar != self._live_findings.year:
            self._aaret = self._the_year()
        return compose(self._clock(), self._aaret, ledger, read_off(self._metrics), self._live(), self._ready())

    def _the_year(self) -> Aaret:
        """The year that the live findings go by."""
        config, aar = self._config, self._live_findings.year
        pack = load_pack(aar, extra_packs(config), config.antakelser.get(str(aar), {}))
        return Aaret(pack, plan_of(config, self._places, aar), self._places, config.kalender.pa)
