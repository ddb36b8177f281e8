"""A file of sealed chunks: read and written a chunk at a time, and whole or refused.

    IPLOS-STATE 1 ⏎ | length, head (in clear) | length, chunk | length, chunk | …

Each chunk is AES-256-GCM under a key of the file's own, bound to the head; its nonce is its number and whether it is
the last. So no chunk can be changed, moved, left out or added, nor the file be cut, without its being seen.
"""

import hashlib
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"IPLOS-STATE 1\n"
# A chunk holds a megabyte, or one person's state when that is larger.
LARGEST_CHUNK = 64 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_NUMBER_BYTES = 11


class FileBrokenError(ValueError):
    """It is no such file, or not as it was written; the text says which."""


class SealedWriter:
    """Writes the head at once, then chunk after chunk."""

    def __init__(self, file: BinaryIO, head: bytes, key: bytes) -> None:
        self._file = file
        self._seal = _Seal(head, key)
        file.write(MAGIC + _LENGTH.pack(len(head)) + head)

    def write(self, chunk: bytes, *, last: bool) -> None:
        """The next chunk. Exactly one is the last."""
        sealed = self._seal.encrypt(chunk, last=last)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)


def read_head(file: BinaryIO) -> bytes:
    """The head, not yet known to be as it was written: the chunks tell. Raises `FileBrokenError`."""
    if file.read(len(MAGIC)) != MAGIC:
        raise FileBrokenError("is no snapshot of the state that this program knows")
    return _block(file) or b""


def read_chunks(file: BinaryIO, head: bytes, key: bytes) -> Iterator[bytes]:
    """Every chunk after the head. Raises `FileBrokenError` at the first that is not as it was written."""
    seal = _Seal(head, key)
    chunk = _block(file)
    if chunk is None:
        raise FileBrokenError("is cut short")
    while chunk is not None:
        following = _block(file)
        yield seal.decrypt(chunk, last=following is None)
        chunk = following


class _Seal:
    def __init__(self, head: bytes, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._head = hashlib.sha256(MAGIC + head).digest()
        self._number = 0

    def encrypt(self, chunk: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last=last), chunk, self._head)

    def decrypt(self, chunk: bytes, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(last=last), chunk, self._head)
        except (InvalidTag, ValueError):
            raise FileBrokenError(
                f"is not as it was written (at chunk {self._number}), or was sealed with another key of the same id"
            ) from None

    def _nonce(self, *, last: bool) -> bytes:
        # Never twice under one key: the key is the file's own, and the number grows.
        self._number += 1
        return self._number.to_bytes(_NUMBER_BYTES, "big") + bytes([last])


def _block(file: BinaryIO) -> bytes | None:
    """The next block with its length before it; None where the file ends."""
    length = file.read(_LENGTH.size)
    if not length:
        return None
    if len(length) < _LENGTH.size or (wanted := _LENGTH.unpack(length)[0]) > LARGEST_CHUNK:
        raise FileBrokenError("is cut short, or not as it was written")
    block = file.read(wanted)
    if len(block) < wanted:
        raise FileBrokenError("is cut short")
    return block
