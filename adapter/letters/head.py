"""What a record among the dead letters says of itself: a letter's head, or a mark. Nothing is opened.

Whoever may write to the topic could write anything there, so what is not one of our own words becomes empty.
"""

import re
from collections.abc import Mapping

import msgspec

from adapter.domain.enhet import Enhet
from adapter.domain.outcome import PARK_CODES
from adapter.domain.records import KINDS
from adapter.kafka.log_reader import Record
from adapter.letters.letter import Origin
from adapter.letters.mark import HEADER, Marked, mark_name

UNKNOWN_TYPE = "unknown"

_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_TIME = re.compile(r"-?[0-9]{1,14}")
_KOMMUNE, _BYDEL = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{2}")
_PATH = re.compile(r"[A-Za-z_.\[\]]{0,80}")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*[A-Za-z0-9.+-]{0,20}")
# The types of the contract: a producer may write anything in a type that is not ours.
_TYPE = re.compile(rf"no\.kommune\.iplos\.(?:{'|'.join(KINDS)})\.[a-z]{{1,20}}\.v[0-9]{{1,2}}")


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as its headers have it, and where on the topic this part of it lies."""

    origin: Origin
    code: str
    field: str
    event_type: str
    kommunenummer: str
    bydelsnummer: str
    version: str
    key_id: str
    parked: int
    part: int
    parts: int
    partition: int
    offset: int

    @property
    def unit(self) -> str:
        """Who registered it; empty where that could not be read."""
        return str(Enhet(self.kommunenummer, self.bydelsnummer)) if self.kommunenummer else ""


def read_record(record: Record) -> Head | Marked | None:
    """A letter's head, a mark, or None for what is neither."""
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers if value is not None}
    origin = _origin(headers)
    if origin is None:
        return None
    if HEADER in headers:
        mark = mark_name(headers)
        return Marked(mark, origin) if mark else None
    return _head(record, headers, origin)


def _head(record: Record, headers: Mapping[str, str], origin: Origin) -> Head:
    def word(name: str, form: re.Pattern[str], otherwise: str = "") -> str:
        text = headers.get(name, "")
        return text if form.fullmatch(text) else otherwise

    kommunenummer, code = word("kommunenummer", _KOMMUNE), headers.get("code", "")
    return Head(
        origin=origin,
        code=code if code in PARK_CODES else "",
        field=word("field", _PATH),
        event_type=word("event-type", _TYPE, UNKNOWN_TYPE),
        kommunenummer=kommunenummer,
        bydelsnummer=word("bydelsnummer", _BYDEL) if kommunenummer else "",
        version=word("adapter-version", _VERSION),
        # Any word may name a key; it is looked up, and shown to nobody.
        key_id=headers.get("key-id", ""),
        parked=record.timestamp,
        part=int(word("part", _NUMBER, "1")),
        parts=int(word("parts", _NUMBER, "1")),
        partition=record.partition,
        offset=record.offset,
    )


def _origin(headers: Mapping[str, str]) -> Origin | None:
    topic, partition, offset, time = (
        headers.get(f"origin-{name}", "") for name in ("topic", "partition", "offset", "timestamp")
    )
    numbers = _NUMBER.fullmatch(partition) and _NUMBER.fullmatch(offset) and _TIME.fullmatch(time)
    return Origin(topic, int(partition), int(offset), int(time)) if numbers and _TOPIC.fullmatch(topic) else None
