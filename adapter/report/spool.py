"""A spool: bytes too many for memory, on disk but unreadable there.

The file has no name (it is unlinked as soon as it is made) and holds only ciphertext under a key that lives as long
as the process, so neither a crash nor a stolen disk leaves health data behind.
"""

import os
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Place(NamedTuple):
    """Where a block lies in its spool."""

    position: int
    length: int
    number: int


class SpoolReader:
    """Reads the blocks of a spool, in whichever process has its file open and its key."""

    def __init__(self, descriptor: int, key: bytes) -> None:
        self._descriptor = descriptor
        self._cipher = AESGCM(key)

    @property
    def descriptor(self) -> int:
        """The open file."""
        return self._descriptor

    def read(self, place: Place) -> bytes:
        """The block that `append` gave this place for."""
        sealed = os.pread(self.descriptor, place.length, place.position)
        return self._cipher.decrypt(_nonce(place.number), sealed, None)


class Spool(SpoolReader):
    """Append blocks, read any of them back. `descriptor` and `key` are for a process that shall read them too."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # closed by close()
        self.key = AESGCM.generate_key(256)
        super().__init__(self._file.fileno(), self.key)
        self._end = 0
        self._blocks = 0

    @property
    def descriptor(self) -> int:
        """The open file. Raises `ValueError` once it is closed: the number may be another file's by then."""
        return self._file.fileno()

    def append(self, block: bytes) -> Place:
        """Keep a block; the place is the ticket to get it back."""
        sealed = self._cipher.encrypt(_nonce(self._blocks), block, None)
        place = Place(self._end, len(sealed), self._blocks)
        view = memoryview(sealed)
        while view:
            view = view[os.pwrite(self.descriptor, view, self._end + len(sealed) - len(view)) :]
        self._end += len(sealed)
        self._blocks += 1
        return place

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def _nonce(number: int) -> bytes:
    # Block numbers never repeat under one key, which is all that AES-GCM asks of a nonce.
    return number.to_bytes(12, "big")


class SpooledMessage:
    """A message in a spool: written once in blocks, read back in parts of any size."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._places: list[Place] = []

    def write(self, block: bytes) -> None:
        """The next bytes of the message."""
        if block:
            self._places.append(self._spool.append(block))

    def blocks(self) -> Iterator[bytes]:
        """The bytes, as they were written."""
        for place in self._places:
            yield self._spool.read(place)


def parts(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in parts of `size`, the last one shorter."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
