"""Receipts come in: each is read as hostile XML, matched by message id, and written into the run it answers.

What a run's receipts mean is not stored; it is derived from them whenever somebody asks (`adapter.domain.receipts`).
Writing is a read and a write of the ledger under one transactional id, so that of two who do it at once only the later
one succeeds; the other's receipt comes again from the bus.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import structlog
from msgspec.structs import replace

from adapter.domain.receipts import Svar, same_id
from adapter.kafka.clients import transaction, transactional_producer
from adapter.message.apprec import KvitteringError, Kvitteringsleser
from adapter.ops.metrics import Metrics
from adapter.report.ledger import Kjoring, encode, read_ledger
from adapter.settings.config import Config

log = structlog.get_logger()

Taken: TypeAlias = Literal["matched", "repeated", "unmatched", "unreadable"]


class ReceiptDesk:
    """Takes receipts one at a time."""

    def __init__(self, config: Config, reader: Kvitteringsleser, metrics: Metrics) -> None:
        self._config = config
        self._reader = reader
        self._metrics = metrics

    async def take(self, body: bytes) -> Taken:
        """What became of a receipt. Raises only what Kafka raises; the receipt must then be taken again."""
        try:
            receipt = self._reader.read(body)
        except KvitteringError as error:
            log.error("receipt cannot be read", code=error.kode)  # noqa: TRY400  # its text is not ours to repeat
            return self._counted("unreadable", "")
        taken = await self._write(receipt.svar())
        log.info(
            "receipt",
            message=receipt.original_id,
            status=receipt.status,
            taken=taken,
            codes=[f.kode for f in receipt.feil],
        )
        return self._counted(taken, receipt.status)

    async def _write(self, svar: Svar) -> Taken:
        producer = transactional_producer(self._config.kafka, f"{self._config.kafka.gruppe}.kvittering")
        await producer.start()
        try:
            runs = await read_ledger(self._config.kafka, self._config.topics.rapport)
            run = _answered(runs.values(), svar)
            if run is None:
                return "unmatched"
            if svar in run.svar:
                return "repeated"
            written = replace(run, svar=[*run.svar, svar])
            async with transaction(producer):
                await producer.send_and_wait(self._config.topics.rapport, encode(written), key=written.kjoring.encode())
            return "matched"
        finally:
            await producer.stop()

    def _counted(self, taken: Taken, status: str) -> Taken:
        self._metrics.receipts.labels(taken, status).inc()
        return taken


def _answered(runs: Iterable[Kjoring], svar: Svar) -> Kjoring | None:
    """The run one of whose messages the receipt answers."""
    for run in runs:
        if run.status == "sendt" and any(same_id(one.melding_id) == same_id(svar.melding_id) for one in run.meldinger):
            return run
    return None
