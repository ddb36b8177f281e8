"""The seal on an identity is no part of what was registered: the same registration may lie under one key or another.

So lines are compared without it, and it can be changed while nothing else changes. Only a person row holds one; every
other content is looked at just far enough to see that it holds none.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from adapter.domain.records import ForsegletIdent, Person

Seal: TypeAlias = Callable[[ForsegletIdent], ForsegletIdent]
"""Seals an identity anew, or gives it back as it is."""


class _Key(msgspec.Struct, rename="camel", gc=False):
    nokkel_id: str


class _Holder(msgspec.Struct, gc=False):
    ident: _Key | None = None


def key_id(innhold: msgspec.Raw) -> str | None:
    """Which key sealed the identity in this content; None when there is none."""
    held = _PEEK.decode(innhold)
    return held.ident.nokkel_id if held is not None and held.ident is not None else None


def key_ids(contents: Iterable[msgspec.Raw]) -> set[str]:
    """The keys that sealed what is in these contents."""
    return {found for innhold in contents if (found := key_id(innhold)) is not None}


def unsealed(innhold: msgspec.Raw) -> bytes:
    """The content as it is compared: all that was registered, the print of the identity too, and no seal."""
    return bytes(resealed(innhold, lambda ident: replace(ident, nokkel_id="", forseglet=b"")))


def resealed(innhold: msgspec.Raw, seal: Seal) -> msgspec.Raw:
    """The content with its identity sealed anew; the same object when nothing changes."""
    if key_id(innhold) is None:
        return innhold
    person = _PERSON.decode(innhold)
    if person.ident is None or (ident := seal(person.ident)) == person.ident:
        return innhold
    return msgspec.Raw(_ENCODER.encode(replace(person, ident=ident)))


_PEEK = msgspec.msgpack.Decoder(_Holder | None)
_PERSON = msgspec.msgpack.Decoder(Person)
_ENCODER = msgspec.msgpack.Encoder()
