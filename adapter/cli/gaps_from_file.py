"""The gap report of a file of events: the file is folded in memory, and what is parked on the way is noted."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from adapter.cli.events_file import delivered
from adapter.domain.enhet import Enhet
from adapter.domain.outcome import Parked
from adapter.domain.overgang import numbers_of
from adapter.ingest.cloudevent import Incoming
from adapter.ingest.offline import fold_all
from adapter.ingest.reading import Reader, Reading
from adapter.report.gaps.collect import collect
from adapter.report.gaps.grunnlag import Grunnlag
from adapter.report.gaps.mangelrapport import Hendelsesregnskap, Mangelrapport
from adapter.report.gaps.parked import Door, iso, unit_of
from adapter.report.population import Population
from adapter.report.setup import our_numbers
from adapter.sealing import Sealer
from adapter.settings.config import Config

# Nothing is sealed to last: the state lives in memory and is gone with the process.
_PASSING_KEY = bytes(32)
_LARGEST_LOOKED_INTO = 1_048_576


@dataclass(frozen=True, slots=True)
class WatchingReader(Reader):
    """Reads as any reader does, and notes what is parked."""

    door: Door = field(default_factory=Door)

    def read(self, delivered: Incoming) -> Reading:
        """The reading of one record."""
        reading = Reader.read(self, delivered)
        if isinstance(reading.result, Parked):
            enhet, time = told_by(delivered.value)
            self.door.add(enhet, reading.type, reading.result.code, reading.result.field, time)
        return reading


def collect_from_file(config: Config, grunnlag: Grunnlag, enhet: Enhet, events: Path) -> Mangelrapport:
    """The report of what the file holds. Raises `OSError`."""
    reader = WatchingReader(Sealer({"passing": _PASSING_KEY}, _PASSING_KEY), our_numbers(config, grunnlag.places))
    hendelser = fold_all(delivered(events), reader)
    return collect(
        grunnlag,
        Population.of(hendelser.states, grunnlag.overgang),
        enhet,
        "hendelsesfil",
        i_dora=reader.door.of(numbers_of(grunnlag.places, enhet.kommunenummer), enhet.bydelsnummer),
        hendelser=Hendelsesregnskap(inn=hendelser.antall, utfall=hendelser.etter_utfall()),
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
    return unit_of(data.get("kommunenummer"), data.get("bydelsnummer")), _time(event.get("time"))


def _time(text: object) -> str:
    if not isinstance(text, str) or len(text) > 40:
        return ""
    try:
        return iso(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return ""
