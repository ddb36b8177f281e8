"""To deal with letters: what goes on the bus again and the marks that say so become true together.

The audit is written first. Then one transaction has the records for the bus and their marks, so a letter that has been
replayed is marked, and the other way round, whatever is killed in between. There is one transactional id for everybody
who deals with letters: whoever begins fences whoever has not ended, and reads the marks only afterwards.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import NamedTuple, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import IllegalOperation, ProducerFenced

from adapter.audit_trail import AuditTrail
from adapter.kafka.clients import transactional_producer
from adapter.letters.head import Head
from adapter.letters.letter import Letter
from adapter.letters.mark import Because, MarkName, write_mark
from adapter.letters.parts import LARGEST_LETTER_BYTES
from adapter.letters.verdict import bus_headers
from adapter.ops.audit import Handling, entry
from adapter.settings.config import Config

# A transaction holds back whoever reads what lies after it on the bus: so it is short.
LETTERS_A_TIME = 500
BYTES_A_TIME = 4 * 1024 * 1024
# A producer that was fenced between two calls complains of its own state.
_FENCED = (ProducerFenced, IllegalOperation, AssertionError)

_HANDLING: dict[MarkName, Handling] = {"replayed": "dlq-replay", "discarded": "dlq-discard"}


class FencedError(RuntimeError):
    """Somebody else has begun to deal with letters; the text says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "somebody else has begun to replay or discard letters, and this ended: what was done is marked, "
            "so see `iplos-adapter dlq list` and give the command again if any are left"
        )


class Who(NamedTuple):
    """Who deals with them, and why. The reason has been looked through."""

    hvem: str
    grunn: str
    clock: Callable[[], datetime]


class Dealing:
    """`async with Dealing(config, "discarded", who) as dealing: await dealing.take(head)`; marks hold when it ends."""

    def __init__(self, config: Config, mark: MarkName, who: Who) -> None:
        self._config = config
        self._mark = mark
        self._who = who
        self._trail = AuditTrail(config.kafka, config.topics.revisjon)
        self._open = AsyncExitStack()
        self._waiting: list[tuple[Head, Letter | None]] = []
        self._bytes = 0
        self._producer: AIOKafkaProducer = None

    async def __aenter__(self) -> Self:
        kafka = self._config.kafka
        await self._open.enter_async_context(self._trail)
        self._producer = transactional_producer(kafka, f"{kafka.gruppe}.avvist", LARGEST_LETTER_BYTES)
        await self._producer.start()
        self._open.push_async_callback(self._producer.stop)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._open:
            if error is None:
                await self._write()

    async def take(self, head: Head, letter: Letter | None = None) -> None:
        """Mark the letter and, if one is given, put it on the bus: when enough are waiting, or when this ends.

        Raises `FencedError` and what Kafka raises.
        """
        self._waiting.append((head, letter))
        self._bytes += letter.size if letter else 0
        if len(self._waiting) >= LETTERS_A_TIME or self._bytes >= BYTES_A_TIME:
            await self._write()

    async def _write(self) -> None:
        """What is waiting: first the audit, then all of it in one transaction."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if not waiting:
            return
        now, places = self._who.clock(), [str(head.origin) for head, _ in waiting]
        await self._trail.write(entry(_HANDLING[self._mark], self._who.hvem, places, self._who.grunn, now))
        because = Because(hvem=self._who.hvem, tidspunkt=now, grunn=self._who.grunn)
        try:
            async with self._producer.transaction():
                await self._send(waiting, because)
        except _FENCED:
            raise FencedError from None

    async def _send(self, waiting: list[tuple[Head, Letter | None]], because: Because) -> None:
        topics, sent = self._config.topics, []
        for head, letter in waiting:
            if letter is not None:
                # The client sends no record without both; read back, an empty value is the same as none.
                value = b"" if letter.key is None and letter.value is None else letter.value
                headers = bus_headers(head.origin, letter)
                sent.append(
                    await self._producer.send(
                        topics.buss, value, letter.key, partition=head.origin.partition, headers=headers
                    )
                )
            # Beside the letter: the mark is then there for as long as the letter is.
            value, marked = write_mark(self._mark, head.origin, because)
            sent.append(await self._producer.send(topics.avvist, value, partition=head.partition, headers=marked))
        await asyncio.gather(*sent)
