"""What a snapshot of the state holds: a head that says what it is of, and every person's state under that. Pure.

The head is in clear, and holds counts and names of topics, nothing of a person.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, Literal

import msgspec

from adapter.custody.sealed_file import FileBrokenError, SealedWriter, read_chunks, read_head
from adapter.sealing import Sealer

CHUNK_BYTES = 1024 * 1024
SALT_BYTES = 32


class Del(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One partition: where the group went on when the state was read, and how many persons there are in it.

    The state holds at least all before `offset`. What it holds of later events does no harm when they come again.
    """

    offset: int
    personer: int


class Hode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The head. `sha256` is of the content, so that two snapshots of the same state have the same."""

    versjon: Literal[1]
    program: str
    tatt: datetime
    tilstand: str
    buss: str
    deler: list[Del]
    sha256: str
    nokkel_id: str
    salt: bytes

    @property
    def personer(self) -> int:
        """Persons in all."""
        return sum(one.personer for one in self.deler)


class Rad(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One person's state, and the partition it lies in."""

    partisjon: int
    nokkel: str
    tilstand: bytes


def fingerprint(rader: Iterable[Rad]) -> str:
    """SHA-256 of the rows in this order, hexadecimal."""
    digest = hashlib.sha256()
    for rad in rader:
        digest.update(_ENCODER.encode(rad))
    return digest.hexdigest()


def new_salt() -> bytes:
    """What gives a file a key of its own."""
    return os.urandom(SALT_BYTES)


def write_snapshot(
    file: BinaryIO, hode: Hode, rader: Iterable[Rad], sealer: Sealer, chunk_bytes: int = CHUNK_BYTES
) -> None:
    """Raises `SealBrokenError` when the head names a key that is not here."""
    head = msgspec.json.encode(hode)
    writer = SealedWriter(file, head, sealer.file_key(hode.nokkel_id, hode.salt))
    held: list[Rad] = []
    size = 0
    for rad in rader:
        held.append(rad)
        size += len(rad.tilstand)
        if size >= chunk_bytes:
            writer.write(_ENCODER.encode(held), last=False)
            held, size = [], 0
    writer.write(_ENCODER.encode(held), last=True)


def head_of(file: BinaryIO) -> Hode:
    """What a file says it is. Raises `FileBrokenError`."""
    return _head(read_head(file))


def read_snapshot(file: BinaryIO, sealer: Sealer) -> Iterator[Rad]:
    """Every row, from the file's beginning. Raises `FileBrokenError` and `SealBrokenError`."""
    file.seek(0)
    head = read_head(file)
    hode = _head(head)
    for chunk in read_chunks(file, head, sealer.file_key(hode.nokkel_id, hode.salt)):
        yield from _ROWS.decode(chunk)


def _head(head: bytes) -> Hode:
    try:
        return msgspec.json.decode(head, type=Hode)
    except msgspec.MsgspecError:
        raise FileBrokenError("has a head that this version cannot read") from None


_ENCODER = msgspec.msgpack.Encoder()
_ROWS = msgspec.msgpack.Decoder(list[Rad])
