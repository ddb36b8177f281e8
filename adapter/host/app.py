"""The service, wired together: ingest, the command agent, the ticks and the HTTP side under one faust `App`.

faust hosts and supervises; events take the fast path of `adapter.ingest`. faust's own web server stays off: it would
listen on every address and serve what it holds.
"""

import os
import tempfile
from functools import partial
from pathlib import Path

import faust
import msgspec

from adapter.host import loop
from adapter.host.agents import add_agents
from adapter.host.doorkeeper import Doorkeeper
from adapter.host.garbage import spare_what_stays
from adapter.host.probes import live, ready
from adapter.host.services import (
    BoardService,
    DoorService,
    HostApp,
    IngestService,
    LiveService,
    ResealingService,
    bound,
)
from adapter.host.ticks import add_ticks
from adapter.host.watched_year import follow_the_year_of, live_findings_of, show_findings
from adapter.ingest.partition import Partition, TopicNames
from adapter.ingest.reading import Reader
from adapter.ingest.resealing import Resealing, show_keys
from adapter.ingest.worker import Pace, Watch, Worker
from adapter.kafka.clients import METADATA_MS, group_consumer, login
from adapter.kafka.doors import look
from adapter.kafka.offsets import partitions_of
from adapter.kafka.own_topic import make_own_topic
from adapter.kafka.resets import bear_resets
from adapter.message.apprec import Kvitteringsleser
from adapter.ops.http import HttpSide
from adapter.ops.metrics import Metrics
from adapter.packs import load_places
from adapter.report.clock import Clock, utc_now
from adapter.report.control import Control
from adapter.report.receipts import ReceiptDesk
from adapter.report.runner import Runner
from adapter.report.setup import our_numbers
from adapter.report.status.board import Board
from adapter.sealing import Keyring
from adapter.settings.config import Config, ConfigError
from adapter.settings.planned_topics import needed_by
from adapter.shipped import shipped

# Read in order by whoever carries out commands: more than one partition would have two do it at once.
ONE_PARTITION = ("kommando", "rapport")
# The service's own name in the plan of accesses.
SERVICE = "adapter"


def make_app(config: Config, clock: Clock = utc_now) -> HostApp:
    """The whole service. Nothing is started. `clock` is what the calendar goes by."""
    metrics = Metrics()
    keys = Keyring(Path(config.nokkelfil))
    live_findings = live_findings_of(config, clock)
    metrics.before_scrape.append(lambda: show_findings(live_findings, metrics))
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
    add_agents(app, config, Runner(config, keys, metrics, clock), ReceiptDesk(config, leser, metrics))
    add_ticks(app, config, Control(config, clock), worker, metrics, clock)

    follow_the_year_of(app, config, clock, live_findings)
    probes = (lambda: live(worker, doors), lambda: ready(worker, doors))
    board = Board(config, clock, metrics, live_findings, *probes)
    app.sikkerhet = config.kafka.sikkerhet
    app.side = HttpSide(config.http.vert, config.http.port, metrics, *probes, board.pages)
    app.entrance = partial(_enter, config, doors)
    app.service(bound(DoorService, doors))
    app.service(bound(BoardService, board))
    app.make_own_topic = partial(make_own_topic, config.kafka, f"{app.conf.id}-__assignor-__leader")
    app.service(bound(IngestService, worker))
    app.service(bound(LiveService, live_findings))
    app.service(bound(ResealingService, Resealing(worker, keys)))
    return app


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


def run(config: Config) -> None:
    """Run until SIGTERM or SIGINT. Logging is set up by the caller."""
    loop.install()
    bear_resets()
    app = make_app(config)
    spare_what_stays()
    host(app)


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
