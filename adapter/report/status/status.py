"""The status as data: what page and JSON both tell. Frozen, and masked before it gets here (`tall`).

Fields of type `Tall` are numbers of persons or of what persons have; plain ints are of events and technical things.
Of runs there are counts, states and codes; who ordered one, and the words they used, stay in the ledger.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from adapter.domain.calendar_view import Stilling
from adapter.domain.planned_run import Emisjon, Kjoretilstand, Send
from adapter.domain.receipts import Meldingstilstand
from adapter.domain.windows import Slag
from adapter.report.gaps.mangelrapport import Alvor
from adapter.report.ledger import Stage
from adapter.report.status.tall import Tall

Klarstilling: TypeAlias = Literal["klar", "leser-tilbake", "venter", "star", "utestengt"]
Vindustilling: TypeAlias = Literal["apent", "kommer", "lukket", "ukjent"]


class _Del(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the status."""


class Klarhet(_Del, frozen=True):
    """Whether the service is ready, why not, and what to do. `teknisk` is what the probe says (English)."""

    stilling: Klarstilling
    setning: str
    rad: str = ""
    teknisk: str = ""


class Lesing(_Del, frozen=True):
    """The ledger, as this process last read it. `feil` names why the newest attempt failed."""

    lest: datetime | None = None
    feil: str = ""


class Oppgave(_Del, frozen=True):
    """Something a person should see to."""

    alvor: Alvor
    tekst: str
    rad: str = ""


class Stander(_Del, frozen=True):
    """How many runs of a window are done, due, to come, or were never done."""

    gjort: int
    forfalt: int
    kommer: int
    tapt: int


class Vinduslinje(_Del, frozen=True):
    """One window of the round. How its runs stand is not known before the ledger was read."""

    slag: Slag
    stilling: Vindustilling
    fra: datetime | None
    til: datetime | None
    kjoringer: Stander | None


class Oppslagslinje(_Del, frozen=True):
    """One line of the calendar."""

    slag: Slag
    enhet: str
    stilling: Stilling
    tidspunkt: datetime | None
    tilstand: Kjoretilstand | None
    setning: str


class Kalender(_Del, frozen=True):
    """The round: its windows, what happens next, and every line."""

    pa: bool
    neste: str
    vinduer: tuple[Vinduslinje, ...]
    oppslag: tuple[Oppslagslinje, ...]


class Meldingslinje(_Del, frozen=True):
    """One message of a sent run and its receipt."""

    type: str
    tilstand: Meldingstilstand
    svarfrist: datetime
    feil: tuple[str, ...]


class Kjoringslinje(_Del, frozen=True):
    """One run: of one unit's pair, or a command that has not come to its units."""

    kjoring: str
    enhet: str
    aar: int
    slag: Slag | None
    emisjon: Emisjon
    fra_kalenderen: bool
    lopenr: str
    tidspunkt: datetime
    tilstand: Kjoretilstand
    steg: Stage
    prosent: int | None
    personer: Tall
    hvorfor: str
    meldinger: tuple[Meldingslinje, ...]


class Sammenligning(_Del, frozen=True):
    """A number of this year beside last year's."""

    i_ar: Tall
    i_fjor: Tall
    endring: str


class Funntall(_Del, frozen=True):
    """Findings by severity."""

    block: Tall
    withhold: Tall
    warn: Tall


class Tellinger(_Del, frozen=True):
    """What the newest built run of a unit counted."""

    kjoring: Kjoringslinje
    personer: Sammenligning
    tjenester: Sammenligning
    avslag: Sammenligning
    funn: Funntall


class Enhetslinje(_Del, frozen=True):
    """One unit. `apne` are findings open now, in the partitions that this process has."""

    enhet: str
    navn: str
    tellinger: Tellinger | None
    apne: Funntall | None
    siste: Kjoringslinje | None
    sendt: Kjoringslinje | None


class Innlesing(_Del, frozen=True):
    """From the bus to the state, in this process, since it started."""

    partisjoner: int
    partisjoner_gjenleses: int
    partisjoner_i_alt: int
    gjenlest_prosent: int
    etterslep: dict[str, int]
    utfall: dict[str, int]
    stoppet: dict[str, int]
    konflikter: int
    mislykkede_bunker: int
    siste_bunke: datetime | None
    personer: Tall
    rader: Tall
    venter_pa_vurdering: Tall


class Status(_Del, frozen=True):
    """Everything, at one moment."""

    tidspunkt: datetime
    aar: int
    kommuner: tuple[str, ...]
    send: Send
    programversjon: str
    klarhet: Klarhet
    oppgaver: tuple[Oppgave, ...]
    regnskap: Lesing
    kalender: Kalender
    enheter: tuple[Enhetslinje, ...]
    innlesing: Innlesing
    kjoringer: tuple[Kjoringslinje, ...]


def to_json(status: Status) -> bytes:
    """The same facts for programs, masked in the same way."""
    return msgspec.json.format(msgspec.json.encode(status), indent=1)
