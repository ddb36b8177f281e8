"""Dead letters: what could not be read is kept as it came, sealed, with where it came from and why it was parked.

A letter larger than a record may be is cut in parts that share origin and code. The headers tell nothing of the
content: a type that is not ours is not repeated, since a producer may write anything there.
"""

from collections.abc import Iterator

import msgspec

from adapter import __version__
from adapter.domain.enhet import Enhet
from adapter.domain.outcome import Parked
from adapter.domain.records.fields import Bydelsnummer, Kommunenummer
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.reading import Reading
from adapter.letters.letter import Letter, Origin
from adapter.sealing import Sealer

PART_BYTES = 900_000

HeaderList = list[tuple[str, bytes]]


def seal_letter(
    origin: Origin, delivered: Delivered, reading: Reading, parked: Parked, sealer: Sealer
) -> Iterator[tuple[bytes, HeaderList]]:
    """The records of one dead letter: values and headers, one or more of them."""
    letter = Letter(delivered.key, delivered.value, list(delivered.headers))
    sealed = sealer.seal_bytes(msgspec.msgpack.encode(letter), origin.place)
    unit = registered_by(delivered)
    cut = [sealed[start : start + PART_BYTES] for start in range(0, len(sealed), PART_BYTES)]
    for number, part in enumerate(cut, start=1):
        headers = {
            "code": parked.code,
            "field": parked.field,
            "event-type": reading.type,
            "kommunenummer": unit.kommunenummer,
            "bydelsnummer": unit.bydelsnummer,
            "origin-topic": origin.topic,
            "origin-partition": str(origin.partition),
            "origin-offset": str(origin.offset),
            "origin-timestamp": str(origin.timestamp),
            "key-id": sealer.active_id,
            "part": str(number),
            "parts": str(len(cut)),
            "adapter-version": __version__,
        }
        yield part, [(name, text.encode()) for name, text in headers.items()]


def registered_by(delivered: Delivered) -> Enhet:
    """Who registered it, where that much can be read and is digits; otherwise empty. Lets a care office see its own."""
    value = delivered.value or b""
    try:
        unit = _STRUCTURED.decode(value).data
    except _UNREADABLE:
        try:
            unit = _UNIT.decode(value)
        except _UNREADABLE:
            return Enhet("")
    return Enhet(unit.kommunenummer, unit.bydelsnummer or "")


class _Unit(msgspec.Struct):
    kommunenummer: Kommunenummer
    bydelsnummer: Bydelsnummer | None = None


class _Structured(msgspec.Struct):
    data: _Unit


_STRUCTURED = msgspec.json.Decoder(_Structured)
_UNIT = msgspec.json.Decoder(_Unit)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
