"""What became of one event: a closed union, one outcome for each input offset.

The names and the park codes are public: metrics, dead letters, alerts and reports carry them. Their texts may change,
they may not.
"""

from typing import Literal, TypeAlias, get_args

import msgspec

ParkCode: TypeAlias = Literal[
    "empty-value",
    "too-large",
    "not-utf8",
    "not-json",
    "not-a-cloudevent",
    "missing-key",
    "key-not-allowed",
    "key-is-identity",
    "key-differs-from-subject",
    "missing-field",
    "wrong-type",
    "out-of-bounds",
    "impossible-date",
    "identity-in-clear",
    "state-too-large",
    "internal-error",
]
PARK_CODES: tuple[ParkCode, ...] = get_args(ParkCode)

SkipReason: TypeAlias = Literal["unknown-type", "other-municipality"]


class Applied(msgspec.Struct, frozen=True, gc=False):
    """The event changed the state."""

    conflict: bool = False


class Annulled(msgspec.Struct, frozen=True, gc=False):
    """The event annulled a record."""

    conflict: bool = False


class Duplicate(msgspec.Struct, frozen=True, gc=False):
    """The state already held exactly this version."""


class Superseded(msgspec.Struct, frozen=True, gc=False):
    """The state already held a newer version, or the person is erased."""

    conflict: bool = False


class NotForUs(msgspec.Struct, frozen=True, gc=False):
    """A type or a municipality this installation does not handle: counted and skipped."""

    reason: SkipReason


class Parked(msgspec.Struct, frozen=True, gc=False):
    """The event is broken: its original bytes go, sealed, to the dead letters.

    `field` is a path of field names from the contract, never a value.
    """

    code: ParkCode
    field: str = ""


Outcome: TypeAlias = Applied | Annulled | Duplicate | Superseded | NotForUs | Parked
OutcomeName: TypeAlias = Literal["applied", "annulled", "duplicate", "superseded", "not-for-us", "parked"]
OUTCOME_NAMES: tuple[OutcomeName, ...] = get_args(OutcomeName)

_NAMES: dict[type, OutcomeName] = {
    Applied: "applied",
    Annulled: "annulled",
    Duplicate: "duplicate",
    Superseded: "superseded",
    NotForUs: "not-for-us",
    Parked: "parked",
}


def name_of(outcome: Outcome) -> OutcomeName:
    """The public name of an outcome."""
    return _NAMES[type(outcome)]


def code_of(outcome: Outcome) -> str:
    """The park code or skip reason; empty for outcomes that need none."""
    match outcome:
        case Parked(code=code):
            return code
        case NotForUs(reason=reason):
            return reason
        case _:
            return ""
