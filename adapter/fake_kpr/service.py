"""The stand-in at work: from the transport topics to the desk, and the answers to the receipts topic.

It keeps no offsets. Each start reads the transport topics from the beginning and answers what has no receipt on the
receipts topic yet; so what was met with silence may be answered by starting it again.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from aiokafka import AIOKafkaProducer, TopicPartition

from adapter.fake_kpr.apprec_writer import Feillinje, Original, Virksomhet, write
from adapter.fake_kpr.behaviour import Answer
from adapter.fake_kpr.desk import Desk, Mottatt, Regnskap
from adapter.kafka.clients import Access, lone_consumer, plain_producer
from adapter.kafka.log_reader import Record, read_to_end
from adapter.kafka.offsets import partitions_of
from adapter.report.transport import Assembler, BrokenDispatchError, Dispatch
from adapter.settings.config import Topics

log = structlog.get_logger()

GARBAGE = b'<AppRec xmlns="http://www.kith.no/xmlstds/apprec/2012-02-15"><MsgType V="APPREC"'
POLL_MS = 200


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """`once`: end after so many messages; None never. `production`: answer what was sent for real, too."""

    once: int | None = None
    production: bool = False
    clock: Callable[[], datetime] = _now


class FakeKpr:
    """Runs until `stop` is called, or until it has dealt with `once` messages."""

    def __init__(self, access: Access, topics: Topics, desk: Desk, options: Options | None = None) -> None:
        self._access = access
        self._topics = topics
        self._desk = desk
        self._options = options or Options()
        self._stopped = asyncio.Event()
        self._late: set[asyncio.Task[None]] = set()
        self._dealt_with = 0

    @property
    def regnskap(self) -> Regnskap:
        """What was done so far."""
        return self._desk.regnskap

    def stop(self) -> None:
        """End soon; answers that wait for their time are not given."""
        self._stopped.set()

    async def run(self) -> Regnskap:
        """Take and answer messages. With `once`, late answers are waited for."""
        answered = await self._answered()
        producer = plain_producer(self._access)
        await producer.start()
        try:
            async with aclosing(self._dispatches()) as dispatches:
                async for dispatch in dispatches:
                    await self._deal_with(producer, dispatch, again=dispatch.melding_id.encode() in answered)
                    if self._dealt_with == self._options.once:
                        break
            await self._finish_late()
        finally:
            await producer.stop()
        return self.regnskap

    async def _answered(self) -> set[bytes]:
        keys: set[bytes] = set()
        async for chunk in read_to_end(self._access, self._topics.kvittering):
            keys |= {record.key for record in chunk.records if record.key}
        return keys

    async def _dispatches(self) -> AsyncGenerator[Dispatch]:
        """Every dispatch, when its last part is in."""
        consumer = lone_consumer(self._access)
        await consumer.start()
        try:
            wanted = [
                TopicPartition(topic, number)
                for topic in (self._topics.transport_ipl, self._topics.transport_ide)
                for number in await partitions_of(self._access, topic)
            ]
            consumer.assign(wanted)
            await consumer.seek_to_beginning(*wanted)
            assemblers = {one: Assembler() for one in wanted}
            while not self._stopped.is_set():
                batches = await consumer.getmany(*wanted, timeout_ms=POLL_MS, max_records=64)
                for one, raws in batches.items():
                    for raw in raws:
                        record = Record(
                            raw.topic, raw.partition, raw.offset, raw.timestamp, raw.key, raw.value, raw.headers
                        )
                        dispatch = self._assembled(assemblers[one], record)
                        if dispatch is not None:
                            yield dispatch
        finally:
            await consumer.stop()

    def _assembled(self, assembler: Assembler, record: Record) -> Dispatch | None:
        if self._desk.has((record.key or b"").decode("utf-8", "replace")):
            # A copy is as many parts as the message was; it is counted by the last.
            number, of = (dict(record.headers).get(name) for name in ("del", "deler"))
            self.regnskap.kopier += number == of
            return None
        try:
            return assembler.add(record)
        except BrokenDispatchError as error:
            self.regnskap.odelagte += 1
            log.error("dispatch is broken", topic=record.topic, offset=record.offset, why=str(error))  # noqa: TRY400
            return None

    async def _deal_with(self, producer: AIOKafkaProducer, dispatch: Dispatch, *, again: bool) -> None:
        taken = await asyncio.to_thread(self._desk.take, dispatch, answered_before=again)
        log.info(
            "message",
            message=dispatch.melding_id,
            type=dispatch.type,
            unit=dispatch.enhet,
            year=dispatch.aar,
            valid=not taken.judged.kode,
            code=taken.judged.kode,
            answers=len(taken.answers),
            answered_before=again,
            pair=taken.par,
        )
        if again:
            return
        self._dealt_with += 1
        if dispatch.modus == "produksjon" and not self._options.production:
            self.regnskap.produksjon += 1
            log.error("a message that was sent for real is not answered by a stand-in", message=dispatch.melding_id)
            return
        for number, answer in enumerate(taken.answers):
            if answer.wait:
                task = asyncio.create_task(self._answer_late(producer, taken, answer, number))
                self._late.add(task)
                task.add_done_callback(self._late.discard)
            else:
                await self._answer(producer, taken, answer, number)

    async def _answer_late(self, producer: AIOKafkaProducer, taken: Mottatt, answer: Answer, number: int) -> None:
        await asyncio.sleep(answer.wait)
        await self._answer(producer, taken, answer, number)

    async def _answer(self, producer: AIOKafkaProducer, taken: Mottatt, answer: Answer, number: int) -> None:
        melding_id = taken.dispatch.melding_id
        body = GARBAGE if answer.verdict is None else receipt(taken, answer, number, self._options.clock())
        await producer.send_and_wait(self._topics.kvittering, body, key=melding_id.encode())
        verdict = answer.verdict
        said = "garbage" if verdict is None else verdict.kode or "ok"
        self.regnskap.svar[said] += 1

    async def _finish_late(self) -> None:
        if self._stopped.is_set():
            for task in self._late:
                task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)


def receipt(taken: Mottatt, answer: Answer, number: int, when: datetime) -> bytes:
    """The AppRec of an answer; the `number`th receipt of the same message has an id of its own."""
    verdict = answer.verdict
    if verdict is None:
        raise ValueError("garbage has no receipt")
    dispatch = taken.dispatch
    nobody = Virksomhet("(ukjent)")
    original = taken.innhold.original if taken.innhold is not None else None
    if original is None or original.melding_id != dispatch.melding_id:
        # What cannot be read is answered all the same: the transport's own headers say which message it was.
        original = Original(dispatch.melding_id, dispatch.type, when.isoformat(timespec="seconds"), nobody, nobody)
    feil = (Feillinje(verdict.kode, verdict.remark),) if verdict.kode else ()
    receipt_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{dispatch.melding_id}/{number}"))
    return write(original, receipt_id, when, "2" if feil else "1", feil)
