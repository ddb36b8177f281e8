"""A mark: a small record beside the letters that says of one of them that it is dealt with, by whom and why.

Nothing on the topic is changed or taken away. A letter with a mark is passed over by everybody who reads the letters.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias, get_args

import msgspec

from adapter import __version__
from adapter.letters.letter import Origin

MarkName: TypeAlias = Literal["replayed", "discarded"]
MARK_NAMES: tuple[MarkName, ...] = get_args(MarkName)

HEADER = "mark"


class Because(msgspec.Struct, frozen=True, kw_only=True):
    """Who dealt with a letter, when and why. The reason has been looked through for identity numbers."""

    hvem: str
    tidspunkt: datetime
    grunn: str = ""


class Marked(NamedTuple):
    """What the headers of a mark say."""

    mark: MarkName
    origin: Origin


def write_mark(mark: MarkName, origin: Origin, because: Because) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Value and headers of a mark."""
    headers = {
        HEADER: mark,
        "origin-topic": origin.topic,
        "origin-partition": str(origin.partition),
        "origin-offset": str(origin.offset),
        "origin-timestamp": str(origin.timestamp),
        "adapter-version": __version__,
    }
    return msgspec.json.encode(because), [(name, text.encode()) for name, text in headers.items()]


def mark_name(headers: Mapping[str, str]) -> MarkName | None:
    """The mark these headers set, if they set one we know."""
    return next((name for name in MARK_NAMES if headers.get(HEADER) == name), None)
