"""The windows of a round as moments: when each kind of run may be sent, and the sentence when it may not.

A date in the pack means the whole day in Norway, whatever clock the machine has. Every moment here is in UTC: two
times of the same zone are compared by the wall clock, which goes wrong in the night the clocks are set back.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, TypeAlias, assert_never, get_args
from zoneinfo import ZoneInfo

from adapter.domain.yearpack import Frister, YearPack

OSLO = ZoneInfo("Europe/Oslo")

Slag: TypeAlias = Literal["prove", "ordinaer", "gjentak", "rettelse"]
SLAG: tuple[Slag, ...] = get_args(Slag)

AvslagKode: TypeAlias = Literal["uten-format", "frist-ukjent", "for-tidlig", "for-sent"]

_NAVN: dict[Slag, str] = {
    "prove": "Prøvesending",
    "ordinaer": "Ordinær innsending",
    "gjentak": "Gjentatt innsending",
    "rettelse": "Rettelse",
}
_MANEDER = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip


class Vindu(NamedTuple):
    """From a moment up to, and not with, another."""

    fra: datetime
    til: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether the window is open."""
        return self.fra <= now < self.til


@dataclass(frozen=True, slots=True)
class Avslag:
    """Why a run cannot be had now. The code stays, the sentence is for the one who asked."""

    kode: AvslagKode
    setning: str


def moment(day: date, klokken: time = time()) -> datetime:
    """A time of day in Norway. One that the clocks jump over becomes an hour later; of two equal ones, the first."""
    return datetime.combine(day, klokken, OSLO).astimezone(UTC)


def norsk_dato(when: date | datetime) -> str:
    """«2. januar 2019», as the calendar in Norway has it."""
    day = when.astimezone(OSLO).date() if isinstance(when, datetime) else when
    return f"{day.day}. {_MANEDER[day.month - 1]} {day.year}"


def norsk_tid(when: datetime) -> str:
    """«2. januar 2019 kl. 06.00»."""
    return f"{norsk_dato(when)} kl. {when.astimezone(OSLO):%H.%M}"


def vindu(frister: Frister, slag: Slag) -> Vindu | None:
    """When this kind may be sent; None where the date that says so was never published."""
    match slag:
        case "prove":
            return _days(frister.prove_fra, frister.prove_til)
        case "ordinaer" | "gjentak":
            return _days(frister.innsending_fra, frister.innsending_til)
        case "rettelse":
            return _days(frister.innsending_til + timedelta(days=1), frister.rettelser_til)
        case _:
            assert_never(slag)


def avslag(now: datetime, pack: YearPack, slag: Slag) -> Avslag | None:
    """Why a run of this kind is refused at this moment, or None when it may go."""
    navn, when = _NAVN[slag], vindu(pack.frister, slag)
    if pack.melding is None:
        return Avslag("uten-format", f"{navn} for {pack.aar} kan ikke lages: årspakken har ikke meldingsformat.")
    if when is None:
        return Avslag(
            "frist-ukjent",
            f"{navn} for {pack.aar} er ikke mulig: fristen er ikke kjent. Står den i et brev fra registeret, "
            "legg den i en egen årspakke.",
        )
    if now < when.fra:
        return Avslag("for-tidlig", f"{navn} for {pack.aar} er ikke mulig ennå: vinduet åpner {norsk_dato(when.fra)}.")
    if now >= when.til:
        return Avslag("for-sent", f"{navn} for {pack.aar} er for sen: {_after(pack, slag, now)}")
    return None


def slag_na(now: datetime, pack: YearPack, *, sendt_for: bool) -> Slag | Avslag:
    """Which kind a run ordered by a person at this moment is; `sendt_for` tells whether the unit was sent before."""
    innsending: Slag = "gjentak" if sendt_for else "ordinaer"
    candidates: tuple[Slag, ...] = ("prove", innsending, "rettelse")
    refusals = []
    for slag in candidates:
        refusal = avslag(now, pack, slag)
        if refusal is None:
            return slag
        refusals.append(refusal)
    # What opens next says most; when nothing does, the last window is the one that was missed.
    return next((one for one in refusals if one.kode in ("uten-format", "for-tidlig")), refusals[-1])


def _after(pack: YearPack, slag: Slag, now: datetime) -> str:
    """How a late one is told: the day that was missed, and what can still be done."""
    when = vindu(pack.frister, slag)
    last = "" if when is None else norsk_dato(when.til - timedelta(seconds=1))
    if slag in ("ordinaer", "gjentak"):
        correction = vindu(pack.frister, "rettelse")
        if correction is not None and now < correction.til:
            until = norsk_dato(correction.til - timedelta(seconds=1))
            return f"siste dag var {last}. Den kan bestilles som rettelse til og med {until}."
    return f"siste dag var {last}."


def _days(first: date | None, last: date | None) -> Vindu | None:
    if first is None or last is None:
        return None
    return Vindu(moment(first), moment(last + timedelta(days=1)))
