"""One run: one unit's pair, from the population to the transport topics."""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Literal

import structlog
from msgspec.structs import replace

from adapter.domain.enhet import Enhet
from adapter.domain.rules.sak import Modus
from adapter.ops.metrics import Metrics
from adapter.report.build import Bestilling
from adapter.report.build_pool import Build, BuildPool
from adapter.report.clock import Clock
from adapter.report.emit import AlreadySentError, Measured, emit
from adapter.report.ledger import ENDED, Fjorstall, Kjoring, Status, read_ledger
from adapter.report.ledger_writer import PROGRESS_SECONDS, LedgerWriter
from adapter.report.setup import RefusedError, check_year_and_unit
from adapter.settings.config import Config

log = structlog.get_logger()


@dataclass(slots=True)
class PairRun:
    """Carries one run through; `kjoring` is its record as it stands."""

    config: Config
    metrics: Metrics
    clock: Clock
    writer: LedgerWriter
    enhet: Enhet
    kjoring: Kjoring
    i_fjor: Fjorstall | None = None

    async def begin(self, pool: BuildPool) -> Build:
        """Have the pair built, whether or not it is this run's turn yet. Raises `RefusedError`."""
        pack, _ = check_year_and_unit(self.config, self.enhet, self.kjoring.aar)
        return await pool.begin(self._bestilling(), pack)

    async def run(self, pool: BuildPool) -> None:
        """Build the pair and emit it, unless it is a dry run, switched off or blocked."""
        try:
            build = await self.begin(pool)
        except RefusedError as error:
            await self._end("nektet", str(error))
            return
        await self._built(build)
        if build.resultat.stoppet_av:
            await self._end("nektet", " ".join(build.resultat.stoppet_av))
        elif self.kjoring.emisjon == "ingen":
            await self._end("prøvd", self.kjoring.grunn)
        else:
            await self._emit(build.ipl, build.ide)

    async def fail(self, why: str) -> None:
        """End the run as failed; nothing was emitted."""
        await self._end("feilet", why)

    def _bestilling(self) -> Bestilling:
        return Bestilling(
            enhet=self.enhet,
            lopenr=self.kjoring.lopenr,
            tidspunkt=self.kjoring.tidspunkt,
            melding_id_ipl=message_id(self.kjoring.kjoring, "ipl"),
            melding_id_ide=message_id(self.kjoring.kjoring, "ide"),
            modus=self._modus(),
            ekte_i_test=self.config.rapport.ekte_i_test,
            i_fjor=self.i_fjor,
        )

    def _modus(self) -> Modus:
        """What is not emitted is judged as it would be emitted here."""
        if self.kjoring.emisjon == "ingen":
            return "produksjon" if self.config.rapport.send == "production" else "test"
        return self.kjoring.modus

    async def _built(self, build: Build) -> None:
        """Until it is built; then take what came of it into the record and the metrics."""
        ended = False
        while not ended:
            step = build.step
            self.kjoring = await self.writer.progress(self.kjoring, "bygger", step.ferdig, step.av)
            ended = bool((await asyncio.wait((build.task,), timeout=PROGRESS_SECONDS))[0])
        build.task.result()
        messages = build.ipl, build.ide
        self.kjoring = replace(
            self.kjoring,
            pakkeversjon=build.pakkeversjon,
            resultat=build.resultat.as_dict(),
            meldinger=[one.sent(self.config.rapport.delstorrelse) for one in messages],
        )
        for rule, number in build.resultat.funn.items():
            self.metrics.findings.labels(rule).inc(number)
        for message in messages:
            self.metrics.message_bytes.labels(self.kjoring.enhet, message.type).set(message.size)

    async def _emit(self, ipl: Measured, ide: Measured) -> None:
        self.kjoring = await self.writer.tell(self.kjoring, "bygget", "sender")
        sent = replace(self.kjoring, status="sendt", steg="", ferdig=self.clock())
        topics = self.config.topics
        try:
            await emit(
                self.config.kafka,
                f"{self.config.kafka.gruppe}.rapport.{sent.enhet}.{sent.aar}",
                sent,
                [(topics.transport_ipl, ipl), (topics.transport_ide, ide)],
                topics.rapport,
                self.config.rapport.delstorrelse,
                self._still_due,
            )
        except AlreadySentError:
            log.warning("run was ended by another process", run=sent.kjoring)
            return
        self.kjoring = sent
        self.metrics.runs.labels(sent.enhet, "sendt").inc()
        self.metrics.last_success.labels(sent.enhet).set_to_current_time()
        log.info("report sent", run=sent.kjoring, unit=sent.enhet, bytes=ipl.size + ide.size)

    async def _still_due(self) -> bool:
        """Asked while holding the unit's transactional id: nobody else can be sending this report now."""
        ledger = await read_ledger(self.config.kafka, self.config.topics.rapport)
        held = ledger.get(self.kjoring.kjoring)
        return held is None or held.status not in ENDED

    async def _end(self, status: Status, why: str) -> None:
        ended = replace(self.kjoring, grunn=why, ferdig=self.clock())
        self.kjoring = await self.writer.tell(ended, status, "")
        self.metrics.runs.labels(ended.enhet, status).inc()
        (log.info if status == "prøvd" else log.error)(
            "run ended", run=ended.kjoring, unit=ended.enhet, status=status, why=why
        )


def message_id(kjoring: str, which: Literal["ipl", "ide"]) -> str:
    """The MsgId of one of a run's two messages: a UUID, the same whenever the run is done again."""
    return str(uuid.uuid5(uuid.UUID(kjoring), which))
