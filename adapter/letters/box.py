"""The letters nobody has dealt with, read off their topic as a stream: what is held in memory is what they are called.

The topic is read twice, for the marks and for the letters, since a mark comes after its letter. A letter of one part is
given as it comes by. One in parts is given at the end as a list of places: its parts may lie among those of others, and
to collect them on the way could fill the memory.
"""

from collections import Counter
from collections.abc import AsyncIterator
from typing import NamedTuple

from adapter.kafka.clients import Access
from adapter.kafka.log_reader import Progress, Record, read_to_end, untold
from adapter.letters.head import Head, read_record
from adapter.letters.letter import Origin
from adapter.letters.mark import Marked, MarkName


class PlaceOfPart(NamedTuple):
    """Where one part of a letter lies among the dead letters."""

    partition: int
    offset: int


class Found(NamedTuple):
    """A letter: its sealed bytes, or where its parts lie."""

    head: Head
    sealed: bytes
    parts: tuple[PlaceOfPart, ...] = ()


class Box:
    """One reading of the topic. `progress` is told how much is done, in offsets, of both times it is read."""

    def __init__(self, access: Access, topic: str, progress: Progress = untold) -> None:
        self.dealt_with: Counter[MarkName] = Counter()
        self._access = access
        self._topic = topic
        self._progress = progress
        self._marks: dict[Origin, MarkName] = {}
        self._seen: set[Origin] = set()
        self._in_parts: dict[Origin, dict[int, Head]] = {}

    async def letters(self) -> AsyncIterator[Found]:
        """Every letter once, in the order they lie; those in parts at the end. Raises what Kafka raises."""
        async for record in self._records(first=True):
            if isinstance(marked := read_record(record), Marked):
                self._marks[marked.origin] = marked.mark
        async for record in self._records(first=False):
            head = read_record(record)
            if not isinstance(head, Head):
                continue
            if mark := self._marks.get(head.origin):
                # A letter may lie here in many parts and copies, and is counted once.
                self.dealt_with[mark] += head.origin not in self._seen
                self._seen.add(head.origin)
            elif head.parts > 1:
                # A copy that came later takes the place of the one before: that may be half deleted by now.
                self._in_parts.setdefault(head.origin, {})[head.part] = head
            elif head.origin not in self._seen:
                self._seen.add(head.origin)
                yield Found(head, record.value or b"")
        for found in self._in_parts.values():
            parts = [found[number] for number in sorted(found)]
            yield Found(parts[0], b"", tuple(PlaceOfPart(one.partition, one.offset) for one in parts))

    async def _records(self, *, first: bool) -> AsyncIterator[Record]:
        async for chunk in read_to_end(self._access, self._topic):
            for record in chunk.records:
                yield record
            self._progress(chunk.done + (0 if first else chunk.total), 2 * chunk.total)
