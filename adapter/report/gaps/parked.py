"""What was stopped at the door: from the dead letters of the running service, or while a file of events is read.

A broken event often cannot tell its municipality. Where it can (a small field of it reads, though the whole does not)
it is told; else the unit is unknown, and every municipality's report shows it, so that nobody's is lost.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapter.domain.enhet import Enhet
from adapter.kafka.clients import Access
from adapter.letters.box import Box
from adapter.letters.head import Head
from adapter.report.gaps.mangelrapport import Stopp

_KOMMUNE, _BYDEL = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{2}")


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
    """Counts of parked events by unit, type, code and field. They are words of our own: see `letters/head.py`."""

    _counts: dict[tuple[str, str, str, str], _Tall] = field(default_factory=dict)

    def add(self, enhet: str, hendelsestype: str, kode: str, felt: str, time: str) -> None:
        """One parked event; `time` is a UTC time in ISO form, or empty."""
        self._counts.setdefault((enhet, hendelsestype, kode, felt), _Tall()).add(time)

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
    """The dead letters of the running service that nobody has dealt with, by their headers; no letter is opened."""
    door = Door()
    async for found in Box(access, topic).letters():
        note_letter(door, found.head)
    return door


def note_letter(door: Door, head: Head) -> None:
    """Count one dead letter, by when the event came to the bus."""
    when = head.origin.timestamp if head.origin.timestamp > 0 else head.parked
    time = iso(datetime.fromtimestamp(when / 1000, UTC)) if when > 0 else ""
    door.add(head.unit, head.event_type, head.code, head.field, time)


def unit_of(kommunenummer: object, bydelsnummer: object) -> str:
    """The unit that two loose values name; empty where they name none."""
    if not (isinstance(kommunenummer, str) and _KOMMUNE.fullmatch(kommunenummer)):
        return ""
    bydel = bydelsnummer if isinstance(bydelsnummer, str) and _BYDEL.fullmatch(bydelsnummer) else ""
    return str(Enhet(kommunenummer, bydel))


def iso(moment: datetime) -> str:
    """UTC to the minute, `2018-01-20T12:00Z`; a moment without a zone is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
