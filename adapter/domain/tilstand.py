"""State of one person: the newest version of every record, as a join.

`Tilstand` maps record key → newest line. Merging is commutative, associative and idempotent, because every line is
chosen by the maximum of a total order, and erasure is the top element that swallows everything. So any order, any
repetition and any interleaving of events ends in the same state, and `encode` makes the same bytes of it. (While keys
rotate, two that hold the same may hold it under other seals; `reseal` makes them equal to the byte.)

The content of a record stays encoded (`msgspec.Raw`) while events are folded: the fold compares and replaces whole
records, and looks inside only when two of the same version differ: the seal on an identity is no difference.
"""

from typing import ClassVar, Self

import msgspec
from msgspec.structs import replace

from adapter.domain.records import RECORD_TYPES, Kind, Record
from adapter.domain.segl import Seal, key_ids, resealed, unsealed
from adapter.domain.state_versions import SCHEMA_VERSION, upgrade

# Bytes of one person's encoded state: what the state topic takes in a record (8 MiB), less room for what a record and
# its batch add. Some fifty thousand rows; a person has some tens.
LARGEST_STATE = 7_500_000


class Linje(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The newest known version of one record, and which unit registered it.

    `innhold` is the record as canonical msgpack, empty for an annulment that came without one.
    """

    versjon: int
    annullert: bool
    kommunenummer: str
    bydelsnummer: str
    innhold: msgspec.Raw

    def rank(self) -> tuple[int, bool, str, str, bytes]:
        """The total order of lines: the version decides; at equal versions annulment wins, then the larger content.

        The last three only serve to make the choice the same in any order; such a tie is counted as a conflict. Which
        key an identity is sealed with decides nothing.
        """
        return (self.versjon, self.annullert, self.kommunenummer, self.bydelsnummer, unsealed(self.innhold))

    def outranks(self, other: "Linje") -> bool:
        """Whether this line takes the place of `other`; the contents are only compared when the versions are equal."""
        if self.versjon != other.versjon:
            return self.versjon > other.versjon
        return self != other and self.rank() > other.rank()

    def is_same_as(self, other: "Linje") -> bool:
        """Whether both are the same registration, whatever keys their identities are sealed with."""
        return self == other or (self.versjon == other.versjon and self.rank() == other.rank())

    def size(self, key: str) -> int:
        """How many bytes the line takes in the encoded state under this key, at most."""
        version = 1 if self.versjon < 128 else 9  # the narrowest and the widest of msgpack
        texts = len(self.kommunenummer) + len(self.bydelsnummer) + len(key)
        return _AROUND_A_LINE + version + texts + len(self.innhold)

    def record(self, kind: Kind) -> Record:
        """Decode the content. Raises `msgspec.DecodeError` on state this version cannot read."""
        return _DECODERS[kind].decode(self.innhold)


class Stored(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The value on the state topic: schema version, erased or not, the lines by record key."""

    skjema: int
    slettet: bool
    linjer: dict[str, Linje]


class Tilstand:
    """One person's registrations. Mutable while a batch is folded, bytes otherwise."""

    __slots__ = ("linjer", "size", "slettet")
    EMPTY: ClassVar[bytes] = b""

    def __init__(self, linjer: dict[str, Linje] | None = None, *, slettet: bool = False, size: int = 0) -> None:
        self.linjer = linjer if linjer is not None else {}
        self.slettet = slettet
        # Of the encoded state, in bytes, at most; whoever knows it need not have it added up.
        self.size = size or _AROUND + sum(linje.size(key) for key, linje in self.linjer.items())

    @classmethod
    def decode(cls, value: bytes) -> Self:
        """Read bytes from the state topic; `Tilstand.EMPTY` is a person nothing is known of."""
        if not value:
            return cls()
        try:
            stored = _DECODER.decode(value)
        except msgspec.DecodeError:
            stored = None
        if stored is None or stored.skjema != SCHEMA_VERSION:
            stored = _DECODER.decode(upgrade(value))
        return cls(stored.linjer, slettet=stored.slettet, size=len(value) + _AROUND)

    def encode(self) -> bytes:
        """The same state gives the same bytes, whatever the order it was built in."""
        return _ENCODER.encode(Stored(SCHEMA_VERSION, self.slettet, self.linjer))

    def put(self, key: str, linje: Linje) -> Linje | None:
        """Join one line into the state; returns the line that held the place before (None if there was none).

        Whether the new one took the place is seen by `self.linjer.get(key) is linje`.
        """
        held = self.linjer.get(key)
        if not self.slettet and (held is None or linje.outranks(held)):
            self.replace(key, held, linje)
        return held

    def key_ids(self) -> set[str]:
        """The keys that the person's identities are sealed with."""
        return key_ids(linje.innhold for name, linje in self.linjer.items() if name.startswith(SEALED))

    def reseal(self, seal: Seal) -> bool:
        """Seal the person's identities anew, in place; whether anything changed. No fact does."""
        anew = {
            name: replace(linje, innhold=innhold)
            for name, linje in self.linjer.items()
            if name.startswith(SEALED) and (innhold := resealed(linje.innhold, seal)) is not linje.innhold
        }
        for name, linje in anew.items():
            self.replace(name, self.linjer[name], linje)
        return bool(anew)

    def replace(self, key: str, held: Linje | None, linje: Linje | None) -> None:
        """Put `linje` where `held` is (None: nothing), whichever is newer."""
        if linje is None:
            del self.linjer[key]
        else:
            self.linjer[key] = linje
            self.size += linje.size(key)
        if held is not None:
            self.size -= held.size(key)

    def erase(self) -> None:
        """Forget everything, and stay forgotten: later or late events of this person change nothing."""
        self.linjer = {}
        self.slettet = True
        self.size = _AROUND

    def join(self, other: "Tilstand") -> "Tilstand":
        """The least state that knows what either knows. Neither operand changes."""
        if self.slettet or other.slettet:
            return Tilstand(slettet=True)
        joined = Tilstand(dict(self.linjer))
        for key, linje in other.linjer.items():
            joined.put(key, linje)
        return joined


def record_key(kind: Kind, registrerings_id: str) -> str:
    """The name of a record inside a person's state."""
    return f"{kind}/{registrerings_id}"


def split_key(key: str) -> tuple[Kind, str]:
    """The kind and the journal system's record id behind a record key."""
    kind, _, registrerings_id = key.partition("/")
    return kind, registrerings_id  # type: ignore[return-value]  # keys are only made by record_key


def encode_record(record: Record) -> msgspec.Raw:
    """Canonical bytes of a record: field order of the type, absent fields left out."""
    return msgspec.Raw(_RECORD_ENCODER.encode(record))


# The one kind of record that holds an identity.
SEALED = "person/"
# What stands around the lines: the array, schema version, erased or not, and how many lines there are.
_AROUND = 8
# What stands around a line's texts and version: the array, annulled or not, the lengths of two short texts and a key.
_AROUND_A_LINE = 7
NOTHING = msgspec.Raw(msgspec.msgpack.encode(None))

# Sorted keys make the bytes independent of insertion order.
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_DECODER = msgspec.msgpack.Decoder(Stored)
_RECORD_ENCODER = msgspec.msgpack.Encoder()
_DECODERS: dict[Kind, msgspec.msgpack.Decoder[Record]] = {
    kind: msgspec.msgpack.Decoder(record_type) for kind, record_type in RECORD_TYPES.items()
}
