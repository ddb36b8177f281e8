"""Emission: both messages in parts, and the ledger record that says so, in one transaction or not at all.

The transactional id belongs to the unit and year, so that of two who want to send the same report the later one fences
the earlier; whoever holds it looks into the ledger before sending.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer

from adapter.kafka.clients import Access, transaction, transactional_producer
from adapter.report.ledger import Kjoring, Sendt, encode
from adapter.report.spool import SpooledMessage, parts

# Parts on the way at once: enough to keep the broker busy, little enough to keep memory flat.
IN_FLIGHT = 8


class AlreadySentError(RuntimeError):
    """The ledger has the run as ended; nothing was emitted this time."""


@dataclass(slots=True)
class Measured:
    """A message as it is written: bytes and hash along the way."""

    message: SpooledMessage
    melding_id: str
    type: str
    size: int = 0
    _sha: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, block: bytes, /) -> None:
        """The next bytes."""
        self._sha.update(block)
        self.size += len(block)
        self.message.write(block)

    def sent(self, part_size: int) -> Sendt:
        """What the ledger says of it."""
        return Sendt(
            melding_id=self.melding_id,
            type=self.type,
            bytes=self.size,
            sha256=self._sha.hexdigest(),
            deler=-(-self.size // part_size),
        )


async def emit(
    access: Access,
    transactional_id: str,
    kjoring: Kjoring,
    dispatches: list[tuple[str, Measured]],
    ledger_topic: str,
    part_size: int,
    still_due: Callable[[], Awaitable[bool]],
) -> None:
    """Send each message to its topic and `kjoring` to the ledger. Raises `AlreadySentError`, or what Kafka raises."""
    producer = transactional_producer(access, transactional_id)
    await producer.start()
    try:
        if not await still_due():
            raise AlreadySentError(kjoring.kjoring)
        async with transaction(producer):
            for topic, measured in dispatches:
                await _send_parts(producer, topic, kjoring, measured, part_size)
            await producer.send_and_wait(ledger_topic, encode(kjoring), key=kjoring.kjoring.encode())
    finally:
        await producer.stop()


async def _send_parts(
    producer: AIOKafkaProducer, topic: str, kjoring: Kjoring, measured: Measured, part_size: int
) -> None:
    sent = measured.sent(part_size)
    waiting: set[asyncio.Future[object]] = set()
    for number, part in enumerate(parts(measured.message.blocks(), part_size), start=1):
        headers = list(_headers(kjoring, sent, number, part))
        waiting.add(await producer.send(topic, part, key=sent.melding_id.encode(), headers=headers))
        if len(waiting) >= IN_FLIGHT:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
    await asyncio.gather(*waiting)


def _headers(kjoring: Kjoring, sent: Sendt, number: int, part: bytes) -> Iterator[tuple[str, bytes]]:
    headers = {
        "melding-id": sent.melding_id,
        "meldingstype": sent.type,
        "enhet": kjoring.enhet,
        "aar": str(kjoring.aar),
        "kjoring": kjoring.kjoring,
        "kommando": kjoring.kommando,
        "modus": kjoring.modus,
        "del": str(number),
        "deler": str(sent.deler),
        "bytes": str(sent.bytes),
        "sha256": sent.sha256,
        "sha256-del": hashlib.sha256(part).hexdigest(),
        "content-type": "application/xml",
    }
    for name, text in headers.items():
        yield name, text.encode()
