"""A large letter, put together from its parts: one at a time, and none beyond a bound."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from adapter.kafka.clients import Access, lone_consumer
from adapter.kafka.offsets import partitions_of
from adapter.letters.box import PlaceOfPart

# What `ingest.maks_hendelse` may be set to, and somewhat more: an event above it is parked whatever the settings.
LARGEST_LETTER_BYTES = 110_000_000
# A part that the topic no longer holds may be waited for in vain, when nothing lies after it.
WITHIN_SECONDS = 30.0


class PartsMissingError(LookupError):
    """Some of the letter is gone from the topic, or was never there."""


class LetterTooLargeError(ValueError):
    """The letter is larger than any event this program would take."""


class PartReader:
    """`async with PartReader(access, topic) as parts: sealed = await parts.together(places, 7)`

    Its consumer is made when it is needed: few letters are in parts, and one that is stopped before it has read fails.
    """

    def __init__(self, access: Access, topic: str) -> None:
        self._access = access
        self._topic = topic
        self._consumer: AIOKafkaConsumer = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._consumer is not None:
            await self._consumer.stop()

    async def together(self, places: Sequence[PlaceOfPart], parts: int) -> bytes:
        """The sealed bytes of a letter of so many parts. Raises `PartsMissingError`, `LetterTooLargeError`."""
        if len(places) != parts:
            raise PartsMissingError
        if self._consumer is None:
            await self._begin()
        sealed = bytearray()
        for place in places:
            sealed += await self._part(place)
            if len(sealed) > LARGEST_LETTER_BYTES:
                raise LetterTooLargeError
        return bytes(sealed)

    async def _begin(self) -> None:
        numbers = await partitions_of(self._access, self._topic)
        self._consumer = lone_consumer(self._access)
        await self._consumer.start()
        self._consumer.assign([TopicPartition(self._topic, number) for number in numbers])

    async def _part(self, place: PlaceOfPart) -> bytes:
        here = TopicPartition(self._topic, place.partition)
        try:
            # Parts mostly lie in a row: seeking would throw away what has been fetched already.
            if await self._consumer.position(here) != place.offset:
                self._consumer.seek(here, place.offset)
            async with asyncio.timeout(WITHIN_SECONDS):
                record = await self._consumer.getone(here)
        except TimeoutError:
            raise PartsMissingError from None
        if record.offset != place.offset:
            raise PartsMissingError
        return record.value or b""
