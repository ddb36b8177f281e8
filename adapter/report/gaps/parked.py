"""What was stopped at the door: from the dead letters of the running service, or while a file of events is read.

A broken event often cannot tell its municipality. Where it can (a small field of it reads, though the whole does not)
it is told; else the unit is unknown, and every municipality's report shows it, so that nobody's is lost.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapter.domain.enhet import Enhet
from adapter.domain.outcome import PARK_CODES, Parked
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.reading import UNKNOWN_TYPE, Reader, Reading
from adapter.kafka.clients import Access
from adapter.kafka.log_reader import Record, read_to_end
from adapter.report.gaps.mangelrapport import Stopp

_KOMMUNE, _BYDEL = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{2}")
_MILLISECONDS = re.compile(r"[0-9]{1,14}")
_PATH = re.compile(r"[A-Za-z_.\[\]]{0,80}")
_LARGEST_LOOKED_INTO = 1_048_576


@dataclass(slots=True)
class _Tall:
    antall: int = 0
    forste: str = ""
    siste: str = ""

    def add(self, time: str) -> None:
        self.antall += 1
        if time:
            self.forste = min(self.forste or time, time)
            self.siste = max(self.siste, time)


@dataclass(slots=True)
class Door:
    """Counts of parked events by unit, type, code and field. What is not one of our own words becomes empty."""

    _counts: dict[tuple[str, str, str, str], _Tall] = field(default_factory=dict)

    def add(self, enhet: str, hendelsestype: str, kode: str, felt: str, time: str) -> None:
        """One parked event; `time` is a UTC time in ISO form, or empty."""
        key = (
            enhet,
            hendelsestype if hendelsestype in EVENT_TYPES else UNKNOWN_TYPE,
            kode if kode in PARK_CODES else "",
            felt if _PATH.fullmatch(felt) else "",
        )
        self._counts.setdefault(key, _Tall()).add(time)

    def of(self, kommunenumre: Collection[str], bydelsnummer: str = "") -> list[Stopp]:
        """What concerns one municipality (under any of its numbers) or district; most frequent first.

        Events that do not say whose they are concern everybody.
        """
        mine = [(key, tall) for key, tall in self._counts.items() if _concerns(key[0], kommunenumre, bydelsnummer)]
        mine.sort(key=lambda item: (-item[1].antall, item[0]))
        return [
            Stopp(
                enhet=enhet,
                hendelsestype=hendelsestype,
                kode=kode,
                felt=felt,
                antall=tall.antall,
                forste=tall.forste,
                siste=tall.siste,
            )
            for (enhet, hendelsestype, kode, felt), tall in mine
        ]


def _concerns(enhet: str, kommunenumre: Collection[str], bydelsnummer: str) -> bool:
    kommune, _, bydel = enhet.partition("-")
    return not enhet or (kommune in kommunenumre and (not bydelsnummer or bydel in {"", bydelsnummer}))


@dataclass(frozen=True, slots=True)
class WatchingReader(Reader):
    """Reads as any reader does, and notes what is parked."""

    door: Door = field(default_factory=Door)

    def read(self, delivered: Delivered) -> Reading:
        """The reading of one record."""
        reading = Reader.read(self, delivered)
        if isinstance(reading.result, Parked):
            enhet, time = told_by(delivered.value)
            self.door.add(enhet, reading.type, reading.result.code, reading.result.field, time)
        return reading


async def read_dead_letters(access: Access, topic: str) -> Door:
    """The dead letters of the running service, by their headers; no letter is opened."""
    door = Door()
    async for chunk in read_to_end(access, topic):
        for record in chunk.records:
            note_letter(door, record)
    return door


def note_letter(door: Door, record: Record) -> None:
    """Count one dead letter; of a letter in parts only the first."""
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers if value is not None}
    if headers.get("part", "1") != "1":
        return
    stamp = headers.get("origin-timestamp", "")
    when = int(stamp) if _MILLISECONDS.fullmatch(stamp) else record.timestamp
    door.add(
        _unit(headers.get("kommunenummer"), headers.get("bydelsnummer")),
        headers.get("event-type", ""),
        headers.get("code", ""),
        headers.get("field", ""),
        _iso(datetime.fromtimestamp(when / 1000, UTC)) if when > 0 else "",
    )


def told_by(value: bytes | None) -> tuple[str, str]:
    """The unit and the time a broken event tells of itself, as far as they can be read; empty where they cannot."""
    if not value or len(value) > _LARGEST_LOOKED_INTO:
        return "", ""
    try:
        loose: Any = msgspec.json.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "", ""
    event = loose if isinstance(loose, dict) else {}
    data = event["data"] if isinstance(event.get("data"), dict) else event
    return _unit(data.get("kommunenummer"), data.get("bydelsnummer")), _time(event.get("time"))


def _unit(kommunenummer: object, bydelsnummer: object) -> str:
    if not (isinstance(kommunenummer, str) and _KOMMUNE.fullmatch(kommunenummer)):
        return ""
    bydel = bydelsnummer if isinstance(bydelsnummer, str) and _BYDEL.fullmatch(bydelsnummer) else ""
    return str(Enhet(kommunenummer, bydel))


def _time(text: object) -> str:
    if not isinstance(text, str) or len(text) > 40:
        return ""
    try:
        return _iso(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return ""


def _iso(moment: datetime) -> str:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
