"""The audit trail: who looked at what is a person's own, or changed what became of it, when and why.

An entry is written, durably, before anything is shown or done; what cannot be written down does not happen. It names
letters by their place on the bus and persons by a keyed print (`person/` and what `Sealer.person_number` draws for
the scope `PERSON_SCOPE`), never by a person key or an identity number; the whole state by its topic.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from adapter import __version__
from adapter.domain.identity import looks_like_identity

# Codes are for ever: whoever goes through the trail keys on them.
Handling: TypeAlias = Literal[
    "dlq-show", "dlq-show-unmasked", "dlq-replay", "dlq-discard", "state-show", "state-export", "state-import"
]

PERSON_SCOPE = "revisjon"
LONGEST_REASON = 500


class ReasonNotAllowedError(ValueError):
    """The reason cannot be kept as it is; the text says why."""


class Innslag(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry. `gjelder` is what it was done to, as far as it was known beforehand."""

    id: str
    tidspunkt: datetime
    hvem: str
    handling: Handling
    gjelder: list[str]
    programversjon: str
    grunn: str = ""


def entry(handling: Handling, hvem: str, gjelder: Sequence[str], grunn: str, now: datetime) -> Innslag:
    """A new entry. The reason has been through `checked_reason`."""
    return Innslag(
        id=str(uuid.uuid4()),
        tidspunkt=now,
        hvem=hvem,
        handling=handling,
        gjelder=list(gjelder),
        programversjon=__version__,
        grunn=grunn,
    )


def checked_reason(text: str) -> str:
    """The reason, if it may be kept. Raises `ReasonNotAllowedError`."""
    if looks_like_identity(text):
        raise ReasonNotAllowedError("the reason holds an identity number: write it without")
    if len(text) > LONGEST_REASON:
        raise ReasonNotAllowedError(f"the reason is {len(text)} characters long: say it in {LONGEST_REASON}")
    return text


def encode(innslag: Innslag) -> bytes:
    """The record's value."""
    return msgspec.json.encode(innslag)


def decode(value: bytes) -> Innslag:
    """Read an entry. Raises `msgspec.MsgspecError`."""
    return msgspec.json.decode(value, type=Innslag)
