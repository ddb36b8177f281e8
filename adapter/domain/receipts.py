"""What the receipts of a message mean together, and what a run's two messages mean together.

Every state is derived from facts: when the message was sent, which receipts there are, what time it is. Order and
repetition of the receipts do not matter. The standard allows one receipt a message; where there are more:

| receipts | state | why |
|---|---|---|
| none, less than 96 hours after GenDate | sendt | |
| none, 96 hours or more | ubesvart | counts as a rejection, a person must look; a late receipt still takes its place |
| the same status more than once | that status | harmless, counted |
| a rejection and others | avvist, `motstridende` | believing the others may lose the report; a repeat loses nothing |
| ok and ok-med-feil | kvittert-med-feil, `motstridende` | the same caution |

Which came first is not asked: the bus tells when a receipt arrived, not when it was given, and it may come again.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias, get_args

SVARFRIST = timedelta(hours=96)

Svarstatus: TypeAlias = Literal["ok", "avvist", "ok-med-feil"]
Meldingstilstand: TypeAlias = Literal["kvittert", "kvittert-med-feil", "sendt", "ubesvart", "avvist"]
# From best to worst. A run is where the worse of its messages is: one rejected message is a rejected pair, also while
# the other waits, and an answer that is missing outweighs one that was good.
TILSTANDER: tuple[Meldingstilstand, ...] = get_args(Meldingstilstand)
ALARM: frozenset[Meldingstilstand] = frozenset({"ubesvart", "avvist"})

_TILSTAND: dict[Svarstatus, Meldingstilstand] = {
    "ok": "kvittert",
    "ok-med-feil": "kvittert-med-feil",
    "avvist": "avvist",
}


@dataclass(frozen=True, slots=True)
class Svar:
    """A receipt, as much as its judgement needs. `feil` are error codes."""

    id: str
    melding_id: str
    status: Svarstatus
    gen_date: datetime
    feil: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendtMelding:
    """A message that waits for its receipt. `gen_date` is the envelope's, with its zone."""

    melding_id: str
    type: str
    gen_date: datetime


@dataclass(frozen=True, slots=True)
class Meldingsstatus:
    """How one message stands."""

    tilstand: Meldingstilstand
    svarfrist: datetime
    feil: tuple[str, ...] = ()
    """Error codes of the receipts that decided."""
    doble: int = 0
    """Receipts beyond the one that the standard allows."""
    motstridende: bool = False
    sen: bool = False
    """Answered, but not in time."""

    @property
    def alarm(self) -> bool:
        """Tell whether a person must look at it."""
        return self.tilstand in ALARM or self.motstridende


@dataclass(frozen=True, slots=True)
class Oversikt:
    """All messages and all receipts together."""

    meldinger: Mapping[str, Meldingsstatus]
    umatchet: tuple[Svar, ...]
    doble: int
    motstridende: int


def message_status(sendt: SendtMelding, svar: Iterable[Svar], now: datetime) -> Meldingsstatus:
    """How the message stands. Receipts of other messages are passed over; the same receipt again is no second one."""
    mine = {one for one in svar if same_id(one.melding_id) == same_id(sendt.melding_id)}
    # Added in UTC: across a change of the clocks 96 hours are not four days.
    frist = sendt.gen_date.astimezone(UTC) + SVARFRIST
    if not mine:
        return Meldingsstatus("ubesvart" if now >= frist else "sendt", frist)
    states = {_TILSTAND[one.status] for one in mine}
    tilstand = max(states, key=TILSTANDER.index)
    deciding = sorted({kode for one in mine if _TILSTAND[one.status] == tilstand for kode in one.feil})
    return Meldingsstatus(
        tilstand,
        frist,
        tuple(deciding),
        doble=len(mine) - 1,
        motstridende=len(states) > 1,
        sen=min(one.gen_date for one in mine) >= frist,
    )


def run_state(*messages: Meldingstilstand) -> Meldingstilstand:
    """How a run stands from how its messages stand."""
    return max(messages, key=TILSTANDER.index)


def overview(sendt: Collection[SendtMelding], svar: Collection[Svar], now: datetime) -> Oversikt:
    """Every message with its state, and the receipts that belong to none. Any order, any repetition."""
    by_message: dict[str, set[Svar]] = {same_id(one.melding_id): set() for one in sendt}
    unmatched: set[Svar] = set()
    for one in svar:
        by_message.get(same_id(one.melding_id), unmatched).add(one)
    states = {one.melding_id: message_status(one, by_message[same_id(one.melding_id)], now) for one in sendt}
    return Oversikt(
        states,
        tuple(sorted(unmatched, key=lambda one: (one.gen_date, one.id, one.melding_id, one.status, one.feil))),
        doble=sum(one.doble for one in states.values()),
        motstridende=sum(one.motstridende for one in states.values()),
    )


def count_states(statuses: Iterable[Meldingsstatus]) -> dict[Meldingstilstand, int]:
    """How many messages are in each state, those with none included."""
    counted = Counter(one.tilstand for one in statuses)
    return {tilstand: counted[tilstand] for tilstand in TILSTANDER}


def same_id(text: str) -> str:
    """A message id in one spelling: some systems write UUIDs in capitals or in braces."""
    return text.strip().strip("{}").lower()
