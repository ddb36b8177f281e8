"""What was stopped at the door: from the dead letters of the running service, or while a file of events is read.

A broken event often cannot tell its municipality. Where it can (a small field of it reads, though the whole does not)
it is told; else the unit is unknown, and every municipality's report shows it, so that nobody's is lost.
"""

import re
from dataclasses import dataclass, field

from adapter.domain.outcome import PARK_CODES, Parked
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.reading import UNKNOWN_TYPE, Reader, Reading
from adapter.report.gaps.mangelrapport import Stopp

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

    def of(self, kommunenummer: str, bydelsnummer: str = "") -> list[Stopp]:
        """What concerns one municipality or district, the unknown included; most frequent first."""
        wanted = f"{kommunenummer}-{bydelsnummer}" if bydelsnummer else kommunenummer
        mine = {
            key: tall
            for key, tall in self._counts.items()
            if not key[0]
            or key[0] == wanted
            or (not bydelsnummer and key[0].startswith(f"{wanted}-"))
            # One of the municipality's events that does not say its district may be this district's.
            or key[0] == kommunenummer
        }
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
            for (enhet, hendelsestype, kode, felt), tall in sorted(
                mine.items(), key=lambda item: (-item[1].antall, item[0])
            )
        ]


class WatchingReader(Reader):
    """Reads as any reader does, and notes what is parked."""

    def read(self, delivered: Delivered) -> Reading:
        reading = super().read(delivered)
        if isinstance(reading.result, Parked):
            enhet, time = _told_by(delivered.value)
            self.door.add(enhet, reading.type, reading.result.code, reading.result.field, time)
        return reading
