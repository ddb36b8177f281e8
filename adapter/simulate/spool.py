"""Puts a year of records in order of delivery without holding them all in memory.

Records are dropped into the day they are delivered on; full blocks of a day are packed away, first in memory, then in a
temporary file. Reading back holds one day at a time.
"""

import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self, TypeAlias

import msgspec

from adapter.simulate.envelope import SimulatedRecord
from adapter.simulate.journal import DAY

_Entry: TypeAlias = tuple[int, int, int, bytes | None, bytes, tuple[tuple[str, bytes | None], ...], str]

# 366 days of unpacked blocks: some 50 MB at the worst. Packed, 400,000 persons take about 1 GB, most of it on disk.
_BLOCK = 256
_IN_MEMORY = 256 * 1024 * 1024


class Spool:
    """Add in any order, then read in order of moment, person and arrival."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by __exit__
        self._open: dict[int, list[_Entry]] = {}
        self._packed: dict[int, list[tuple[int, int]]] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, moment: int, person: int, order: int, record: SimulatedRecord) -> None:
        """One record of one person; `order` breaks ties."""
        day = moment // DAY
        block = self._open.setdefault(day, [])
        block.append((moment, person, order, record.key, record.value, tuple(record.headers), record.expected))
        if len(block) >= _BLOCK:
            packed = zlib.compress(_ENCODER.encode(block), 1)
            self._file.write(packed)
            self._packed.setdefault(day, []).append((self._end, len(packed)))
            self._end += len(packed)
            block.clear()

    def in_order(self) -> Iterator[SimulatedRecord]:
        """Everything that was added."""
        for day in sorted(self._open):
            entries = self._open.pop(day)
            for start, length in self._packed.pop(day, ()):
                self._file.seek(start)
                entries += _DECODER.decode(zlib.decompress(self._file.read(length)))
            entries.sort(key=_place)
            for _, _, _, key, value, headers, expected in entries:
                yield SimulatedRecord(key, value, headers, expected)


def _place(entry: _Entry) -> tuple[int, int, int]:
    return entry[:3]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[_Entry])
