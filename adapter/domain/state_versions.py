"""State written by earlier versions of the program, read by this one.

A state record begins with the version of its schema. Whoever changes how a state is written, in `tilstand.py` or in a
record type, adds one step here, which makes the tree of the version before into that of the next, and a sample of the
new version's bytes under `tests/golden/state`. Steps are pure and never change again; what they see is what msgpack
holds: lists, dicts, texts, numbers, bytes. A state is read through as many of them as it is versions old, and is
written anew when something in it changes.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

import msgspec

Step: TypeAlias = Callable[[list[Any]], list[Any]]

# The first makes version 2 of version 1. There has been one version so far.
STEPS: tuple[Step, ...] = ()
SCHEMA_VERSION = len(STEPS) + 1


class UnknownStateVersionError(ValueError):
    """State was written by a newer version of the program than this one."""


class _Versioned(msgspec.Struct, array_like=True, gc=False):
    """Every version begins like this."""

    skjema: Annotated[int, msgspec.Meta(ge=1)]


def upgrade(value: bytes, steps: Sequence[Step] = STEPS) -> bytes:
    """The same state as the newest version writes it. Raises `msgspec.DecodeError` for what is no state."""
    version, newest = _VERSION.decode(value).skjema, len(steps) + 1
    if version > newest:
        raise UnknownStateVersionError(
            f"state has schema version {version}, this program reads {newest}: upgrade the program"
        )
    if version == newest:
        return value
    tree = msgspec.msgpack.decode(value)
    for number, step in enumerate(steps[version - 1 :], start=version + 1):
        tree = [number, *step(tree)[1:]]
    return msgspec.msgpack.encode(tree)


_VERSION = msgspec.msgpack.Decoder(_Versioned)
