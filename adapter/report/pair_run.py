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
from adapter.report.build import Bestilling, Framdrift, Oppsett, PairBuilder
from adapter.report.clock import Clock
from adapter.report.emit import AlreadySentError, Measured, emit
from adapter.report.ledger import ENDED, Fjorstall, Kjoring, Status, read_ledger
from adapter.report.ledger_writer import LedgerWriter
from adapter.report.population import Population
from adapter.report.resultat import Resultat
from adapter.report.setup import RefusedError, make_oppsett
from adapter.report.spool import Spool, SpooledMessage
from adapter.sealing import Sealer
from adapter.settings.config import Config

log = structlog.get_logger()


@dataclass(slots=True)
class PairRun:
    """Carries one run through; `kjoring` is its record as it stands."""

    config: Config
    sealer: Sealer
    metrics: Metrics
    clock: Clock
    writer: LedgerWriter
    enhet: Enhet
    kjoring: Kjoring
    i_fjor: Fjorstall | None = None

    async def run(self, population: Population) -> None:
        """Build the pair and emit it, unless it is a dry run, switched off or blocked."""
        try:
            oppsett = make_oppsett(self.config, self.sealer, self.enhet, self.kjoring.aar)
        except RefusedError as error:
            await self._end("nektet", str(error))
            return
        with Spool() as spool:
            ipl, ide = self._messages(oppsett, spool)
            builder = PairBuilder(self._bestilling(), oppsett, population)
            await self._drive(builder, ipl, ide)
            self._built(builder.resultat, oppsett, ipl, ide)
            if builder.resultat.stoppet_av:
                await self._end("nektet", " ".join(builder.resultat.stoppet_av))
            elif self.kjoring.emisjon == "ingen":
                await self._end("prøvd", self.kjoring.grunn)
            else:
                await self._emit(ipl, ide)

    async def fail(self, why: str) -> None:
        """End the run as failed; nothing was emitted."""
        await self._end("feilet", why)

    def _messages(self, oppsett: Oppsett, spool: Spool) -> tuple[Measured, Measured]:
        fmt = oppsett.pack.melding
        if fmt is None:
            raise AssertionError("make_oppsett refuses a pack without format")
        ids = message_id(self.kjoring.kjoring, "ipl"), message_id(self.kjoring.kjoring, "ide")
        return (
            Measured(SpooledMessage(spool), ids[0], fmt.meldingstype_fag),
            Measured(SpooledMessage(spool), ids[1], fmt.meldingstype_ident),
        )

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

    async def _drive(self, builder: PairBuilder, ipl: Measured, ide: Measured) -> None:
        """Run the build in a thread, a step at a time, so that this process stays in its consumer group meanwhile."""
        steps = builder.run(ipl, ide)
        step: Framdrift | None = Framdrift(0, 0)
        while step is not None:
            self.kjoring = await self.writer.progress(self.kjoring, "bygger", step.ferdig, step.av)
            step = await asyncio.to_thread(next, steps, None)

    def _built(self, resultat: Resultat, oppsett: Oppsett, *messages: Measured) -> None:
        """Take what came of the build into the record and the metrics."""
        self.kjoring = replace(
            self.kjoring,
            pakkeversjon=oppsett.pack.pakkeversjon,
            resultat=resultat.as_dict(),
            meldinger=[one.sent(self.config.rapport.delstorrelse) for one in messages],
        )
        for rule, number in resultat.funn.items():
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
