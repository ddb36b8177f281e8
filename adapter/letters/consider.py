"""Go through the letters that are meant, and say of each what would become of it. Changes nothing."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import msgspec

from adapter.kafka.offsets import partitions_of
from adapter.kafka.topic_admin import largest_record
from adapter.letters.box import Box, Found
from adapter.letters.head import Head
from adapter.letters.letter import Letter, open_letter
from adapter.letters.parts import LetterTooLargeError, PartReader, PartsMissingError
from adapter.letters.selection import Selection
from adapter.letters.verdict import Read, Terms, Verdict, fits, judge
from adapter.sealing import SealBrokenError, Sealer
from adapter.settings.config import Config


class Considered(NamedTuple):
    """A letter and the verdict on it; opened where that was possible."""

    head: Head
    verdict: Verdict
    letter: Letter | None = None


class Opener:
    """Opens letters, one at a time."""

    def __init__(self, parts: PartReader, sealer: Sealer) -> None:
        self._parts = parts
        self._sealer = sealer

    async def open(self, found: Found) -> Letter | Verdict:
        """The letter, or why it cannot be had."""
        head = found.head
        try:
            sealed = await self._parts.together(found.parts, head.parts) if found.parts else found.sealed
            return open_letter(head.origin, head.key_id, sealed, self._sealer)
        except PartsMissingError:
            return Verdict("incomplete")
        except LetterTooLargeError:
            return Verdict("too-large")
        except (SealBrokenError, msgspec.MsgspecError):
            return Verdict("cannot-open")


async def consider(
    config: Config, box: Box, selection: Selection, sealer: Sealer, read: Read, terms: Terms
) -> AsyncIterator[Considered]:
    """Each letter that is meant, with the verdict. Raises what Kafka raises.

    A letter goes back to the partition it came from, since the state of a person lies in the partition with the same
    number; so it must come from the bus as it is now.
    """
    partitions = set(await partitions_of(config.kafka, config.topics.buss))
    largest = await largest_record(config.kafka, config.topics.buss)
    async with PartReader(config.kafka, config.topics.avvist) as parts:
        opener = Opener(parts, sealer)
        async for found in box.letters():
            head = found.head
            if not selection.takes(head):
                continue
            if head.origin.topic != config.topics.buss or head.origin.partition not in partitions:
                yield Considered(head, Verdict("other-bus"))
                continue
            opened = await opener.open(found)
            if isinstance(opened, Verdict):
                yield Considered(head, opened)
            elif not fits(opened, largest):
                yield Considered(head, Verdict("too-large"))
            else:
                yield Considered(head, judge(opened, read, terms), opened)
