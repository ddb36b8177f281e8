"""What was stopped at the door: from the dead letters of the running service, or while a file of events is read.

A broken event often cannot tell its municipality. Where it can (a small field of it reads, though the whole does not)
it is told; else the unit is unknown, and every municipality's report shows it, so that nobody's is lost.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapter.domain.enhet import Enhet
from adapter.domain.outcome import PARK_CODES
from adapter.domain.records import KINDS
from adapter.kafka.clients import Access
from adapter.kafka.log_reader import Record, read_to_end
from adapter.report.gaps.mangelrapport import Stopp

_KOMMUNE, _BYDEL = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{2}")
_MILLISECONDS = re.compile(r"[0-9]{1,14}")
_PATH = re.compile(r"[A-Za-z_.\[\]]{0,80}")
# The types of the contract: a producer may write anything in a type that is not ours.
_TYPE = re.compile(rf"no\.kommune\.iplos\.(?:{'|'.join(KINDS)})\.[a-z]{{1,20}}\.v[0-9]{{1,2}}")
UNKNOWN_TYPE = "unknown"


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
            hendelsestype if _TYPE.fullmatch(hendelsestype) else UNKNOWN_TYPE,
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
        unit_of(headers.get("kommunenummer"), headers.get("bydelsnummer")),
        headers.get("event-type", ""),
        headers.get("code", ""),
        headers.get("field", ""),
        iso(datetime.fromtimestamp(when / 1000, UTC)) if when > 0 else "",
    )


def unit_of(kommunenummer: object, bydelsnummer: object) -> str:
    """The unit that two loose values name; empty where they name none."""
    if not (isinstance(kommunenummer, str) and _KOMMUNE.fullmatch(kommunenummer)):
        return ""
    bydel = bydelsnummer if isinstance(bydelsnummer, str) and _BYDEL.fullmatch(bydelsnummer) else ""
    return str(Enhet(kommunenummer, bydel))


def iso(moment: datetime) -> str:
    """UTC to the minute, `2018-01-20T12:00Z`; a moment without a zone is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
