"""What the calendar speaks of: its settings, the runs it asks for with their ids, and its view of the ledger.

A planned run has an id that follows from what it is, never from when somebody asked: whoever computes it, however
often and with whatever clock, finds the same id, and an id the ledger has is not due. What identifies a run:

| kind | identity, besides year, unit and emission |
|---|---|
| prove | the day it stands on |
| ordinaer | nothing more: one a year |
| gjentak | the run it follows |
| rettelse | the order |

The emission is part of it, so that a municipality that tried everything as a test, and turns production on while the
window is open, gets its ordinary run. The time of day is not, so that moving it does not send twice.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, TypeAlias, assert_never

from adapter.domain.enhet import Enhet
from adapter.domain.windows import Slag, Vindu
from adapter.domain.yearpack import YearPack

Send: TypeAlias = Literal["never", "test", "production"]
Emisjon: TypeAlias = Literal["ingen", "test", "produksjon"]
Arsak: TypeAlias = Literal["kalender", "avvist", "ubesvart", "rettet", "ikke-sendt"]
Kjoretilstand: TypeAlias = Literal[
    "under-arbeid",
    "sendt",
    "kvittert",
    "kvittert-med-feil",
    "avvist",
    "ubesvart",
    "nektet",
    "feilet",
    "prøvd",
    "fordelt",
]

_PLANNED = uuid.UUID("0e0f4c0a-2c55-5a6e-8f43-7f0a5d1c2019")


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of the calendar. Times of day are Norwegian time; weekdays are 1 (Monday) to 7."""

    enheter: tuple[Enhet, ...]
    """What is reported for: a municipality stands for all its districts."""
    send: Send = "test"
    prove: bool = True
    prove_ukedager: frozenset[int] = frozenset({1})
    prove_hver_uke: int = 1
    """1: every week, 2: every other, counted from the week the window opens in."""
    prove_klokken: time = time(6)
    ordinaer_dager_etter: int = 0
    """Days after the window opens."""
    ordinaer_klokken: time = time(6)
    gjentak_ved: frozenset[Arsak] = frozenset({"avvist", "rettet", "ikke-sendt"})
    """Causes for a repeat; empty for none. `ubesvart` is left to a person unless it is named here."""
    gjentak_minste_rettet: int = 1
    """So many findings of the last run must be mended before it is worth another."""
    gjentak_mellomrom: timedelta = timedelta(hours=6)
    """From the end of a run to a repeat of it: one that is rejected again and again must not be sent on every tick."""
    gjentak_maks: int = 10
    """Repeats of a unit in a window; then it is a matter for a person."""

    def __post_init__(self) -> None:
        if not self.prove_ukedager <= set(range(1, 8)) or self.prove_hver_uke < 1:
            raise ValueError("prove_ukedager are 1 (Monday) to 7, and prove_hver_uke is 1 or more")
        if self.ordinaer_dager_etter < 0 or self.gjentak_mellomrom < timedelta() or self.gjentak_maks < 0:
            raise ValueError("ordinaer_dager_etter, gjentak_mellomrom and gjentak_maks cannot be negative")


@dataclass(frozen=True, slots=True)
class RunFact:
    """What the calendar needs to know of a ledger record. A command's own record is one too, with `lopenr` 0."""

    id: str
    kommando: str
    """The id of the planned run, or of the order, that it came from."""
    enhet: Enhet
    aar: int
    slag: Slag | None
    """None for a run that a person ordered outside the calendar."""
    emisjon: Emisjon
    tilstand: Kjoretilstand
    startet: datetime
    ferdig: datetime | None = None
    lopenr: int = 0
    erstatter: str = ""
    funn_rettet: int = 0
    """How many of its findings are no longer there."""


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run that the calendar asks for, or will ask for."""

    id: str
    aar: int
    enhet: Enhet
    slag: Slag
    emisjon: Emisjon
    tidspunkt: datetime
    """When it is to begin (UTC); one that is caught up was to begin earlier."""
    frist: datetime
    """The window is closed from here on."""
    arsak: Arsak = "kalender"
    erstatter: str = ""


def emisjon(send: Send, slag: Slag) -> Emisjon:
    """How a run of this kind goes out. A test run is a test even in production; nothing goes when the switch is off."""
    match send:
        case "never":
            return "ingen"
        case "test":
            return "test"
        case "production":
            return "test" if slag == "prove" else "produksjon"
        case _:
            assert_never(send)


def planned_id(aar: int, enhet: Enhet, slag: Slag, emisjon: Emisjon, ledd: str = "") -> str:
    """The id of a planned run; `ledd` tells one from another of the same kind."""
    return str(uuid.uuid5(_PLANNED, f"{aar}/{enhet}/{slag}/{emisjon}/{ledd}"))


def planned_run(  # noqa: PLR0913  # what a run is, in one place
    pack: YearPack,
    plan: Plan,
    enhet: Enhet,
    slag: Slag,
    window: Vindu,
    begins: datetime,
    *,
    ledd: str = "",
    arsak: Arsak = "kalender",
) -> PlannedRun:
    """The run with its id; `ledd` is the day of a test run, or the run that a repeat follows."""
    how = emisjon(plan.send, slag)
    replaces = ledd if slag == "gjentak" else ""
    name = planned_id(pack.aar, enhet, slag, how, ledd)
    return PlannedRun(name, pack.aar, enhet, slag, how, begins, window.til, arsak, replaces)
