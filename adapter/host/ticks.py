"""What happens by itself, on faust's timers: the round, and the closing of a year."""

from collections.abc import Mapping
from datetime import datetime

import faust
import structlog
from aiokafka.errors import KafkaError

from adapter.ingest.pruning import close_year
from adapter.ingest.worker import Worker
from adapter.ops.metrics import Metrics
from adapter.report.clock import Clock
from adapter.report.closing import proof_to, read_closings
from adapter.report.control import Control
from adapter.report.ledger import Kjoring, read_ledger
from adapter.report.round_gauges import forget_round, show_round
from adapter.settings.config import Config

log = structlog.get_logger()


def add_ticks(app: faust.App, config: Config, control: Control, worker: Worker, metrics: Metrics, clock: Clock) -> None:
    """Give `app` what it does every so often."""

    @app.timer(config.kalender.takt_sekunder, on_leader=True)  # type: ignore[untyped-decorator]
    async def tick() -> None:
        """At least once every so often, on one process or for a moment on two: whoever acts on it asks the ledger."""
        try:
            await control.tick()
            runs = await read_ledger(config.kafka, config.topics.rapport)
            show_runs(metrics, runs, clock())
            show_round(metrics, control.rounds(runs), runs.values())
            metrics.tick.set_to_current_time()
        except (KafkaError, OSError) as error:
            log.warning("tick failed, the next one tries again", error=type(error).__name__)

    @app.timer(config.kalender.takt_sekunder)  # type: ignore[untyped-decorator]
    async def step_down() -> None:
        """On every process: what only the leader may show goes when another one leads."""
        if not app.is_leader():
            forget_round(metrics)

    @app.timer(config.kalender.takt_sekunder)  # type: ignore[untyped-decorator]
    async def close_years() -> None:
        """On every process: each closes a year in the partitions it has."""
        try:
            for closing in (await read_closings(config)).values():
                await close_year(worker, closing.bestilt, clock(), closing.is_done, proof_to(config))
        except (KafkaError, OSError) as error:
            log.warning("closing failed, the next tick tries again", error=type(error).__name__)


def show_runs(metrics: Metrics, runs: Mapping[str, Kjoring], now: datetime) -> None:
    """Set the gauge of the state each unit's newest sent run is in."""
    newest: dict[str, Kjoring] = {}
    for run in runs.values():
        if run.status == "sendt" and (run.enhet not in newest or run.tidspunkt >= newest[run.enhet].tidspunkt):
            newest[run.enhet] = run
    metrics.run_states.clear()
    for unit, run in newest.items():
        metrics.run_states.labels(unit, run.tilstand(now)).set(1)
