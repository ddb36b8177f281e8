"""What the service and a build process say to each other: msgpack on the two pipes between them, each with its length.

Keys go this way and no other: not on a command line, not in the environment, not in a file.
"""

from typing import Any, TypeAlias

import msgspec

from adapter.report.build import Bestilling
from adapter.report.resultat import Resultat
from adapter.report.share import Share
from adapter.sealing import KeyFile
from adapter.settings.config import Config
from adapter.settings.secret import Secret

LENGTH_BYTES = 4


class Beginning(msgspec.Struct, frozen=True):
    """All that holds for every build of a process: settings, keys, and the spool with the states.

    `known` are keys that have left the key file, and still open what they sealed.
    """

    config: Config
    keys: KeyFile
    known: dict[str, bytes]
    spool: int
    spool_key: bytes

    def __repr__(self) -> str:
        return "Beginning(<skjult>)"


class Assignment(msgspec.Struct, frozen=True):
    """One pair to build."""

    bestilling: Bestilling
    aar: int
    share: Share


class Written(msgspec.Struct, frozen=True, tag=True):
    """What both messages have grown by, and how many persons that is so far."""

    ipl: bytes
    ide: bytes
    ferdig: int = 0
    av: int = 0


class Finished(msgspec.Struct, frozen=True, tag=True):
    """The last word: what came of it."""

    resultat: Resultat


class Broken(msgspec.Struct, frozen=True, tag=True):
    """The last word instead, when the build raised: the error's type. Where it was stands in the log."""

    error: str


Reply: TypeAlias = Written | Finished | Broken


def frame(said: msgspec.Struct) -> bytes:
    """As it goes on the pipe."""
    body = _ENCODER.encode(said)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def length_of(head: bytes) -> int:
    """How long the frame is that begins so."""
    return int.from_bytes(head, "big")


def _said(value: Any) -> str:
    """What Kafka wants to hear before it lets us in is not said to those who have no business there."""
    if isinstance(value, Secret):
        return ""
    raise NotImplementedError(type(value))


def _made(kind: Any, value: Any) -> Any:
    """The two types that msgspec does not know, `Counter` and `Secret`, are made of what it does."""
    return kind(value)


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_said)
BEGINNING = msgspec.msgpack.Decoder(Beginning, dec_hook=_made)
ASSIGNMENT = msgspec.msgpack.Decoder(Assignment)
REPLY: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply, dec_hook=_made)
