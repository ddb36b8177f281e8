"""A dead letter opened: the original record, whole, and where on the bus it came from."""

from typing import NamedTuple

import msgspec

from adapter.sealing import Sealer


class Origin(NamedTuple):
    """Where on the bus the event lies. Two letters with one origin are two copies of one."""

    topic: str
    partition: int
    offset: int
    timestamp: int

    @property
    def place(self) -> bytes:
        """What the letter is sealed to: it opens only as coming from here."""
        return str(self).encode()

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


class Letter(msgspec.Struct, frozen=True, array_like=True):
    """The original record, whole: key, value and headers."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]

    @property
    def size(self) -> int:
        """Bytes of key, value and headers."""
        headers = sum(len(name) + len(value or b"") for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers


def open_letter(origin: Origin, key_id: str, sealed: bytes, sealer: Sealer) -> Letter:
    """The original record of a letter whose parts have been put together. Raises `SealBrokenError`."""
    return msgspec.msgpack.decode(sealer.open_bytes(key_id, sealed, origin.place), type=Letter)
