"""One report command from beginning to end: wait for the state, read it, and build and emit a pair for each unit.

Every step is written to the ledger, which is also where the one who asked looks. A command may come more than once
(the bus delivers at least once): what the ledger has as ended is not done again, what it has as begun is done with the
same ids and the same time, so it gives the same bytes.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import structlog
from msgspec.structs import replace

from adapter import __version__
from adapter.config import Config
from adapter.domain.enhet import Enhet
from adapter.domain.rules.sak import Modus
from adapter.kafka.barrier import BarrierTimeoutError, wait_for
from adapter.kafka.clients import plain_producer
from adapter.ops.metrics import Metrics
from adapter.packs import load_places
from adapter.report.build import Bestilling, Framdrift, Oppsett, PairBuilder
from adapter.report.command import ReportCommand
from adapter.report.emit import AlreadySentError, Measured, emit
from adapter.report.ledger import ENDED, Kjoring, Stage, Status, encode, next_lopenr, read_ledger
from adapter.report.population import Population
from adapter.report.resultat import Resultat
from adapter.report.setup import RefusedError, make_oppsett, make_overgang
from adapter.report.snapshot import read_population
from adapter.report.spool import Spool, SpooledMessage
from adapter.sealing import Sealer

log = structlog.get_logger()

# How often progress is written to the ledger; each write is a record on a topic.
PROGRESS_SECONDS = 0.5
_RUNS = uuid.UUID("6f6c1d6e-40f5-5e0b-9a3e-1f1d1c9f2018")
STAGES: tuple[Stage, ...] = ("venter", "leser", "bygger", "sender")


@dataclass(slots=True)
class _Run:
    """A run under way: its unit and its newest ledger record."""

    enhet: Enhet
    kjoring: Kjoring


class Runner:
    """Carries out report commands, one at a time."""

    def __init__(self, config: Config, sealer: Sealer, metrics: Metrics) -> None:
        self._config = config
        self._access = config.kafka
        self._topics = config.topics
        self._sealer = sealer
        self._metrics = metrics
        self._told = 0.0

    async def run(self, command: ReportCommand) -> None:
        """Do what the command asks. Whatever goes wrong ends in the ledger and in the log, not in the caller."""
        started = time.monotonic()
        structlog.contextvars.bind_contextvars(command=command.id)
        try:
            await self._run(command)
        finally:
            self._stage("")
            self._metrics.report_seconds.observe(time.monotonic() - started)
            structlog.contextvars.unbind_contextvars("command")

    async def _run(self, command: ReportCommand) -> None:
        runs = await read_ledger(self._access, self._topics.rapport)
        whole = _Run(Enhet(command.kommunenummer, command.bydelsnummer), self._planned(command, runs, command.id, ""))
        if whole.kjoring.status in ENDED:
            log.info("command was carried out before", status=whole.kjoring.status)
            return
        try:
            make_oppsett(self._config, self._sealer, whole.enhet, command.aar)
            await self._tell(whole, "planlagt", "venter")
            await self._wait(command, whole)
            with Spool() as spool:
                population = await self._read(command, whole, spool)
                ids = [await self._one(command, runs, enhet, population) for enhet in _units(command, population)]
            whole.kjoring = replace(whole.kjoring, kjoringer=ids)
            if ids:
                await self._end(whole, "fordelt", "")
            else:
                await self._end(whole, "nektet", f"Ingen registreringer fra {whole.enhet} i tilstanden.")
        except (RefusedError, BarrierTimeoutError) as error:
            await self._end(whole, "nektet", str(error))
        except Exception as error:
            log.exception("report failed")
            await self._end(whole, "feilet", f"Uventet feil ({type(error).__name__}); se loggen.")

    async def _wait(self, command: ReportCommand, whole: _Run) -> None:
        """Until everything that was on the bus when the command was given is in the state."""
        kafka, within = self._config.kafka, self._config.rapport.barriere_sekunder
        barrier = {int(partition): offset for partition, offset in command.barriere.items()}
        async for done, total in wait_for(self._access, kafka.gruppe, self._topics.buss, barrier, within):
            await self._progress(whole, "venter", done, total)

    async def _read(self, command: ReportCommand, whole: _Run, spool: Spool) -> Population:
        seen = [(0, 0)]

        def progress(done: int, total: int) -> None:
            seen[0] = (done, total)

        overgang = make_overgang(self._config, load_places(), command.aar)
        reading = asyncio.ensure_future(read_population(self._access, self._topics.tilstand, spool, overgang, progress))
        while not reading.done():
            await asyncio.wait((reading,), timeout=PROGRESS_SECONDS)
            await self._progress(whole, "leser", *seen[0])
        return reading.result()

    async def _one(self, command: ReportCommand, runs: dict[str, Kjoring], enhet: Enhet, population: Population) -> str:
        """Build one unit's pair and emit it, unless it is a dry run or blocked. Returns the run's id."""
        kjoring_id = str(uuid.uuid5(_RUNS, f"{command.id}/{enhet}"))
        planned = self._planned(command, runs, kjoring_id, next_lopenr(runs, str(enhet), command.aar))
        run = _Run(enhet, replace(planned, enhet=str(enhet)))
        if run.kjoring.status not in ENDED:
            await self._build(command, run, population)
        return kjoring_id

    async def _build(self, command: ReportCommand, run: _Run, population: Population) -> None:
        try:
            oppsett = make_oppsett(self._config, self._sealer, run.enhet, command.aar)
        except RefusedError as error:
            await self._end(run, "nektet", str(error))
            return
        run.kjoring = replace(run.kjoring, pakkeversjon=oppsett.pack.pakkeversjon)
        with Spool() as spool:
            ipl, ide = self._messages(run.kjoring, oppsett, spool)
            builder = PairBuilder(self._bestilling(run), oppsett, population)
            await self._drive(run, builder, ipl, ide)
            run.kjoring = replace(
                run.kjoring,
                resultat=builder.resultat.as_dict(),
                meldinger=[one.sent(self._config.rapport.delstorrelse) for one in (ipl, ide)],
            )
            self._count(run, builder.resultat, ipl, ide)
            if builder.resultat.stoppet_av:
                await self._end(run, "nektet", " ".join(builder.resultat.stoppet_av))
            elif command.prove or self._config.rapport.send == "never":
                await self._end(run, "prøvd", "")
            else:
                await self._emit(run, ipl, ide)

    async def _drive(self, run: _Run, builder: PairBuilder, ipl: Measured, ide: Measured) -> None:
        """Run the build in a thread, a step at a time, so that this process stays in its consumer group meanwhile."""
        steps = builder.run(ipl, ide)
        step: Framdrift | None = Framdrift(0, 0)
        while step is not None:
            await self._progress(run, "bygger", step.ferdig, step.av)
            step = await asyncio.to_thread(next, steps, None)

    async def _emit(self, run: _Run, ipl: Measured, ide: Measured) -> None:
        await self._tell(run, "bygget", "sender")
        name = run.kjoring.kjoring
        sent = replace(run.kjoring, status="sendt", steg="", ferdig=datetime.now(UTC))

        async def still_due() -> bool:
            ledger = await read_ledger(self._access, self._topics.rapport)
            return name not in ledger or ledger[name].status not in ENDED

        try:
            await emit(
                self._access,
                f"{self._config.kafka.gruppe}.rapport.{run.kjoring.enhet}.{run.kjoring.aar}",
                sent,
                [(self._topics.transport_ipl, ipl), (self._topics.transport_ide, ide)],
                self._topics.rapport,
                self._config.rapport.delstorrelse,
                still_due,
            )
        except AlreadySentError:
            log.warning("run was ended by another process", run=name)
            return
        run.kjoring = sent
        self._metrics.runs.labels(sent.enhet, "sendt").inc()
        self._metrics.last_success.labels(sent.enhet).set_to_current_time()
        log.info("report sent", run=name, bytes=ipl.size + ide.size, persons=run.kjoring.resultat["personer_sendt"])

    def _planned(self, command: ReportCommand, runs: dict[str, Kjoring], kjoring_id: str, lopenr: str) -> Kjoring:
        """The record under this id: the one the ledger has, or a new one for the command's municipality or district."""
        return runs.get(kjoring_id) or Kjoring(
            kjoring=kjoring_id,
            kommando=command.id,
            bestilt_av=command.bestilt_av,
            enhet=str(Enhet(command.kommunenummer, command.bydelsnummer)),
            aar=command.aar,
            modus=self._modus,
            lopenr=lopenr,
            tidspunkt=command.tidspunkt,
            status="planlagt",
            prove=command.prove,
            grunn=command.grunn,
            programversjon=__version__,
            offsets=command.barriere,
        )

    @property
    def _modus(self) -> Modus:
        return "produksjon" if self._config.rapport.send == "production" else "test"

    def _bestilling(self, run: _Run) -> Bestilling:
        return Bestilling(
            enhet=run.enhet,
            lopenr=run.kjoring.lopenr,
            tidspunkt=run.kjoring.tidspunkt,
            melding_id_ipl=message_id(run.kjoring.kjoring, "ipl"),
            melding_id_ide=message_id(run.kjoring.kjoring, "ide"),
            modus=run.kjoring.modus,
        )

    def _messages(self, kjoring: Kjoring, oppsett: Oppsett, spool: Spool) -> tuple[Measured, Measured]:
        fmt = oppsett.pack.melding
        if fmt is None:
            raise RefusedError("no-format", f"Årspakken {kjoring.aar} har ikke meldingsformat.")
        return (
            Measured(SpooledMessage(spool), message_id(kjoring.kjoring, "ipl"), fmt.meldingstype_fag),
            Measured(SpooledMessage(spool), message_id(kjoring.kjoring, "ide"), fmt.meldingstype_ident),
        )

    def _count(self, run: _Run, resultat: Resultat, *messages: Measured) -> None:
        for rule, number in resultat.funn.items():
            self._metrics.findings.labels(rule).inc(number)
        for message in messages:
            self._metrics.message_bytes.labels(run.kjoring.enhet, message.type).set(message.size)

    async def _progress(self, run: _Run, stage: Stage, done: int, total: int) -> None:
        """Tell how far a stage has come, but not more often than anyone can read."""
        now = time.monotonic()
        if stage != run.kjoring.steg or now - self._told > PROGRESS_SECONDS:
            self._told = now
            run.kjoring = replace(run.kjoring, steg_ferdig=done, steg_av=total)
            await self._tell(run, run.kjoring.status, stage)

    async def _end(self, run: _Run, status: Status, why: str) -> None:
        run.kjoring = replace(run.kjoring, grunn=why or run.kjoring.grunn, ferdig=datetime.now(UTC))
        await self._tell(run, status, "")
        self._metrics.runs.labels(run.kjoring.enhet, status).inc()
        tell: Callable[..., object] = log.error if status in ("nektet", "feilet") else log.info
        tell("run ended", run=run.kjoring.kjoring, unit=run.kjoring.enhet, status=status, why=why)

    async def _tell(self, run: _Run, status: Status, stage: Stage) -> None:
        """Write the run's record."""
        self._stage(stage)
        run.kjoring = replace(run.kjoring, status=status, steg=stage)
        producer = plain_producer(self._access)
        await producer.start()
        try:
            await producer.send_and_wait(self._topics.rapport, encode(run.kjoring), key=run.kjoring.kjoring.encode())
        finally:
            await producer.stop()

    def _stage(self, current: Stage) -> None:
        for stage in STAGES:
            self._metrics.report_stage.labels(stage).set(stage == current)


def _units(command: ReportCommand, population: Population) -> list[Enhet]:
    """The units the command asks for: the district it names, or all that the municipality registered in."""
    if command.bydelsnummer:
        return [Enhet(command.kommunenummer, command.bydelsnummer)]
    return [unit for unit in population.units() if unit.kommunenummer == command.kommunenummer]


def message_id(kjoring: str, which: Literal["ipl", "ide"]) -> str:
    """The MsgId of one of a run's two messages: a UUID, the same whenever the run is done again."""
    return str(uuid.uuid5(uuid.UUID(kjoring), which))
