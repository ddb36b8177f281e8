"""The service, wired together: ingest, the command agent, the ticks and the HTTP side under one faust `App`.

faust hosts and supervises; events take the fast path of `adapter.ingest`. faust's own web server stays off: it would
listen on every address and serve what it holds.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import faust
import msgspec
import structlog
from aiokafka.errors import KafkaError

from adapter import loop
from adapter.config import Config, ConfigError
from adapter.domain.overgang import Overgang
from adapter.domain.rules import RULES
from adapter.domain.rules.rule import Rule
from adapter.domain.rules.sak import Modus
from adapter.domain.yearpack import YearPack
from adapter.doorkeeper import Doorkeeper
from adapter.ingest.partition import Partition, TopicNames
from adapter.ingest.pruning import close_year
from adapter.ingest.reading import Reader
from adapter.ingest.resealing import Resealing, show_keys
from adapter.ingest.worker import Pace, Watch, Worker
from adapter.kafka.clients import METADATA_MS, group_consumer, login
from adapter.kafka.doors import look
from adapter.kafka.offsets import partitions_of
from adapter.kafka.own_topic import make_own_topic
from adapter.kafka.resets import bear_resets
from adapter.message.apprec import Kvitteringsleser
from adapter.ops.http import Health, HttpSide
from adapter.ops.metrics import Metrics
from adapter.packs import available_years, load_pack, load_places
from adapter.planned_topics import needed_by
from adapter.report.clock import Clock, utc_now
from adapter.report.closing import proof_to, read_closings
from adapter.report.command import decode
from adapter.report.control import Control
from adapter.report.ledger import Kjoring, read_ledger
from adapter.report.live import LiveFindings, year_to_watch
from adapter.report.receipts import ReceiptDesk
from adapter.report.round_gauges import forget_round, show_round
from adapter.report.runner import Runner
from adapter.report.setup import extra_packs, make_overgang, our_numbers
from adapter.report.status.board import Board
from adapter.sealing import Keyring
from adapter.services import (
    BoardService,
    DoorService,
    HostApp,
    IngestService,
    LiveService,
    ResealingService,
    bound,
)
from adapter.shipped import shipped

log = structlog.get_logger()

# A loop that has not come round for this long is stuck, not slow: the longest step it takes is one batch.
STUCK_SECONDS = 60.0
RETRY_SECONDS = 1.0
YEAR_SECONDS = 3600.0
# Read in order by whoever carries out commands: more than one partition would have two do it at once.
ONE_PARTITION = ("kommando", "rapport")
# The service's own name in the plan of accesses.
SERVICE = "adapter"


def make_app(config: Config, clock: Clock = utc_now) -> HostApp:
    """The whole service. Nothing is started. `clock` is what the calendar goes by."""
    metrics = Metrics()
    keys = Keyring(Path(config.nokkelfil))
    live_findings = _live_findings(config, clock)
    metrics.before_scrape.append(lambda: _show(live_findings, metrics))
    metrics.before_scrape.append(lambda: show_keys(keys, metrics))
    worker = _worker(config, keys, metrics, live_findings)
    leser = Kvitteringsleser(shipped("schemas"))
    doors = Doorkeeper(partial(look, config.kafka, needed_by(SERVICE, config)), config.kafka.sikkerhet, metrics)
    metrics.before_scrape.append(lambda: metrics.ready.set(ready(worker, doors).ok))
    app = HostApp(
        f"{config.kafka.gruppe}.styring",
        broker=[f"kafka://{one.strip()}" for one in config.kafka.bootstrap.split(",")],
        broker_credentials=_credentials(config),
        store="memory://",
        # It keeps no tables; the folder it wants is made where nobody minds.
        datadir=f"{tempfile.gettempdir()}/{config.kafka.gruppe}.styring",
        broker_session_timeout=config.kafka.sesjon_ms / 1000,
        broker_heartbeat_interval=config.kafka.sesjon_ms / 10_000,
        web_enabled=False,
        # The one it would make is made by us, and the others are there.
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=METADATA_MS,
        # A report may take an hour; the agent that carries it out is not stuck.
        broker_max_poll_interval=3600.0,
        stream_wait_empty=False,
    )
    _add_agents(app, config, Runner(config, keys, metrics, clock), ReceiptDesk(config, leser, metrics))
    _add_ticks(app, config, Control(config, clock), worker, metrics, clock)

    _follow_the_year(app, config, clock, live_findings)
    probes = (lambda: live(worker, doors), lambda: ready(worker, doors))
    board = Board(config, clock, metrics, live_findings, *probes)
    app.side = HttpSide(config.http.vert, config.http.port, metrics, *probes, board.pages)
    app.entrance = partial(_enter, config, doors)
    app.service(bound(DoorService, doors))
    app.service(bound(BoardService, board))
    app.make_own_topic = partial(make_own_topic, config.kafka, f"{app.conf.id}-__assignor-__leader")
    app.service(bound(IngestService, worker))
    app.service(bound(LiveService, live_findings))
    app.service(bound(ResealingService, Resealing(worker, keys)))
    return app


def _add_agents(app: faust.App, config: Config, runner: Runner, desk: ReceiptDesk) -> None:
    """What comes seldom and is carried out one at a time: commands and receipts."""
    commands = app.topic(config.topics.kommando, value_serializer="raw", key_serializer="raw", partitions=1)

    @app.agent(commands)  # type: ignore[untyped-decorator]
    async def carry_out(stream: Any) -> None:
        """One command at a time. Nothing may raise here: faust would take the command as done."""
        async for value in stream:
            try:
                command = decode(value)
            except msgspec.MsgspecError:
                log.error("a command that cannot be read was passed over")  # noqa: TRY400  # the trace would quote it
                continue
            await until_done(partial(runner.run, command), "command")

    receipts = app.topic(config.topics.kvittering, value_serializer="raw", key_serializer="raw")

    @app.agent(receipts)  # type: ignore[untyped-decorator]
    async def take_receipt(stream: Any) -> None:
        """One receipt at a time, again and again until the ledger has it: faust would not bring it back."""
        async for value in stream:
            await until_done(partial(desk.take, value), "receipt")


def _add_ticks(
    app: faust.App, config: Config, control: Control, worker: Worker, metrics: Metrics, clock: Clock
) -> None:
    """What happens by itself."""

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


def _follow_the_year(app: faust.App, config: Config, clock: Clock, live_findings: LiveFindings) -> None:
    @app.timer(YEAR_SECONDS)  # type: ignore[untyped-decorator]
    async def follow_the_year() -> None:
        """On 22 March people begin to work on the new year, and the gauges with them."""
        watched = _watched(config, clock)
        if watched[0].aar != live_findings.year:
            live_findings.watch(*watched)


async def until_done(attempt: Callable[[], Awaitable[object]], what: str) -> None:
    """Try until Kafka lets it: faust counts an event as handled whatever came of it."""
    wait = RETRY_SECONDS
    while True:
        try:
            await attempt()
        except (KafkaError, OSError) as error:
            log.warning("not carried out, trying again", what=what, error=type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)
        else:
            return


def show_runs(metrics: Metrics, runs: Mapping[str, Kjoring], now: datetime) -> None:
    """Set the gauge of the state each unit's newest sent run is in."""
    newest: dict[str, Kjoring] = {}
    for run in runs.values():
        if run.status == "sendt" and (run.enhet not in newest or run.tidspunkt >= newest[run.enhet].tidspunkt):
            newest[run.enhet] = run
    metrics.run_states.clear()
    for unit, run in newest.items():
        metrics.run_states.labels(unit, run.tilstand(now)).set(1)


async def _enter(config: Config, doors: Doorkeeper) -> None:
    """Return when Kafka lets us in and the topics are those we need. Raises what the text of the error explains."""
    await doors.open(config.kafka.dor_sekunder)
    for role, name in msgspec.structs.asdict(config.topics).items():
        found = len(await partitions_of(config.kafka, name))
        if role in ONE_PARTITION and found != 1:
            raise ConfigError(f"topic {name} has {found} partitions, must have 1: is [topics] {role} the right name?")


def _credentials(config: Config) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """The same way in for faust's own clients."""
    settings = login(config.kafka)
    if "sasl_mechanism" in settings:
        return faust.SASLCredentials(
            username=settings["sasl_plain_username"],
            password=settings["sasl_plain_password"],
            mechanism=settings["sasl_mechanism"],
            ssl_context=settings["ssl_context"],
        )
    return faust.SSLCredentials(settings["ssl_context"]) if "ssl_context" in settings else None


def live(worker: Worker, doors: Doorkeeper) -> Health:
    """Slow is alive, and so is waiting for Kafka; a loop that does not come round is not."""
    if not doors.opened:
        return Health(ok=True, why="waiting for Kafka")
    silent = time.monotonic() - worker.last_progress
    if silent > STUCK_SECONDS:
        return Health(ok=False, why=f"ingest has not moved for {silent:.0f} seconds")
    return Health(ok=True, why="running")


def ready(worker: Worker, doors: Doorkeeper) -> Health:
    """Let in, joined, restored and moving."""
    if doors.problem is not None:
        return Health(ok=False, why=doors.problem.text)
    if not worker.ready:
        return Health(ok=False, why="restoring state, or waiting for partitions")
    return live(worker, doors)


def run(config: Config) -> None:
    """Run until SIGTERM or SIGINT. Logging is set up by the caller."""
    loop.install()
    bear_resets()
    host(make_app(config))


def host(app: HostApp) -> None:
    """Run the app in this process until it is told to stop. What the host would draw on a terminal goes nowhere.

    Raises what kept the service from starting.
    """
    with Path(os.devnull).open("w") as nowhere:
        worker = faust.Worker(app, override_logging=False, redirect_stdouts=False, quiet=True, stdout=nowhere)
        try:
            worker.execute_from_commandline()
        except SystemExit:
            if app.refusal is not None:
                raise app.refusal from None
            raise


def _live_findings(config: Config, clock: Clock) -> LiveFindings:
    modus: Modus = "produksjon" if config.rapport.send == "production" else "test"
    return LiveFindings(*_watched(config, clock), modus, lambda: clock().date(), ekte_i_test=config.rapport.ekte_i_test)


def _watched(config: Config, clock: Clock) -> tuple[YearPack, tuple[Rule, ...], Overgang]:
    """The year that the live findings go by now, and what they need for it."""
    extra = extra_packs(config)
    today = clock().date()
    year = config.rapport.aar or year_to_watch(today, available_years(extra)) or today.year
    pack = load_pack(year, extra, config.antakelser.get(str(year), {}))
    return pack, RULES, make_overgang(config, load_places(), year)


def _show(live_findings: LiveFindings, metrics: Metrics) -> None:
    metrics.open_findings.clear()
    for kind, number in live_findings.open.items():
        metrics.open_findings.labels(*kind).set(number)
    metrics.findings_waiting.set(live_findings.waiting)


def _worker(config: Config, keys: Keyring, metrics: Metrics, watch: Watch) -> Worker:
    kafka, topics = config.kafka, config.topics
    names = TopicNames(topics.buss, topics.tilstand, topics.avvist)
    ours = our_numbers(config, load_places())
    return Worker(
        lambda: group_consumer(kafka, kafka.gruppe, kafka.sesjon_ms),
        topics.buss,
        lambda number: Partition(
            kafka, kafka.gruppe, names, number, Reader(keys.look(), ours, config.ingest.maks_hendelse)
        ),
        Pace(config.ingest.batch, config.ingest.vent_ms),
        metrics,
        watch,
    )
