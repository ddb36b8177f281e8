"""The ledger: one record for each run on a compacted topic, so that it can be shown what was sent, when and why.

A run's record is written anew when its status changes; the last one holds. The record that says `sendt` is written in
the transaction that emits the messages, so the two are true together or not at all.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec

from adapter.domain.planned_run import Arsak, Emisjon, Kjoretilstand
from adapter.domain.receipts import Meldingsstatus, SendtMelding, Svar, message_status, run_state
from adapter.domain.windows import Slag
from adapter.kafka.clients import Access
from adapter.kafka.log_reader import Progress, Record, read_to_end, untold

Status: TypeAlias = Literal["planlagt", "bygget", "sendt", "nektet", "feilet", "prøvd", "fordelt"]
# A process that was paused may wake up and write what was true before another one ended the run: an ending stands, and
# what was sent is sent.
_FINALITY: dict[Status, int] = {"nektet": 1, "feilet": 1, "prøvd": 2, "fordelt": 2, "sendt": 3}
# Nothing more happens to a run in one of these.
ENDED: frozenset[Status] = frozenset(_FINALITY)
# Records under this prefix tell of years that were closed, not of runs (`adapter.domain.closing`).
CLOSING = "lukking/"
Stage: TypeAlias = Literal["venter", "leser", "bygger", "sender", ""]


class Sendt(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a run: what a receiver can check."""

    melding_id: str
    type: str
    bytes: int
    sha256: str
    deler: int


class Kjoring(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One run: one unit's pair of messages for one year. Holds counts and hashes, nothing of a person.

    A command has a record of its own (`kjoring` equals `kommando`) that ends as `fordelt` with the ids of its runs.
    """

    kjoring: str
    kommando: str
    bestilt_av: str
    enhet: str
    aar: int
    emisjon: Emisjon
    lopenr: str
    tidspunkt: datetime
    status: Status
    steg: Stage = ""
    steg_ferdig: int = 0
    steg_av: int = 0
    slag: Slag | None = None
    arsak: Arsak | None = None
    grunn: str = ""
    erstatter: str = ""
    programversjon: str = ""
    pakkeversjon: str = ""
    offsets: dict[str, int] = {}
    gjenopprettet: bool = False
    kjoringer: list[str] = []
    resultat: dict[str, Any] = {}
    meldinger: list[Sendt] = []
    svar: list[Svar] = []
    ferdig: datetime | None = None

    def messages(self, now: datetime) -> dict[str, Meldingsstatus]:
        """How each of the run's messages stands, by message id."""
        sent = (SendtMelding(one.melding_id, one.type, self.tidspunkt) for one in self.meldinger)
        return {one.melding_id: message_status(one, self.svar, now) for one in sent}

    def tilstand(self, now: datetime) -> Kjoretilstand:
        """How the run stands: the record's status until it was sent, then what the receipts say."""
        match self.status:
            case "planlagt" | "bygget":
                return "under-arbeid"
            case "sendt":
                # A ledger that was rebuilt after one of the two had left its topic knows only the other.
                return run_state(*(one.tilstand for one in self.messages(now).values()))
            case ended:
                return ended

    @property
    def modus(self) -> Literal["test", "produksjon"]:
        """How the messages are marked; what is not emitted is marked as a test."""
        return "produksjon" if self.emisjon == "produksjon" else "test"


class LedgerUnreadableError(RuntimeError):
    """The ledger holds what this program did not write; the text says where, and nothing of what it is."""

    def __init__(self, record: Record, error: Exception) -> None:
        super().__init__(
            f"topic {record.topic}, offset {record.offset}: a record of the ledger cannot be read "
            f"({type(error).__name__}). Something else has written to it: give rapport a new name in [topics], and "
            "`iplos-adapter runs rebuild` writes down anew what was sent"
        )


def encode(kjoring: Kjoring) -> bytes:
    """The ledger record's value."""
    return _ENCODER.encode(kjoring)


def decode(value: bytes) -> Kjoring:
    """Read a ledger record. Raises `msgspec.MsgspecError`."""
    return _DECODER.decode(value)


async def read_ledger(access: Access, topic: str, progress: Progress = untold) -> dict[str, Kjoring]:
    """Every run by its id, as the ledger has it now. Raises `LedgerUnreadableError`."""
    runs: dict[str, Kjoring] = {}
    async for chunk in read_to_end(access, topic):
        progress(chunk.done, chunk.total)
        for record in chunk.records:
            if record.key and record.key.startswith(CLOSING.encode()):
                continue
            if record.key and record.value:
                try:
                    name, found = record.key.decode(), decode(record.value)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    raise LedgerUnreadableError(record, error) from None
                if name not in runs or _FINALITY.get(found.status, 0) >= _FINALITY.get(runs[name].status, 0):
                    runs[name] = found
            elif record.key:
                runs.pop(record.key.decode(), None)
    return runs


class Fjorstall(msgspec.Struct, frozen=True):
    """Last year's figures as the message had them: persons by service code, and different performing units."""

    tjenester: dict[int, int]
    orgnumre: int
    personer: int


def last_year(runs: Iterable[Kjoring], enhet: str, aar: int) -> Fjorstall | None:
    """The figures of the newest message that went out in production for the unit and the year before `aar`."""
    run = last_sent(runs, enhet, aar - 1, "produksjon")
    if run is None or not run.resultat:
        return None
    recipients = {int(kode): int(antall) for kode, antall in run.resultat["tjenestemottakere"].items()}
    return Fjorstall(recipients, int(run.resultat["orgnumre"]), int(run.resultat["personer_sendt"]))


def last_sent(runs: Iterable[Kjoring], enhet: str, aar: int, emisjon: Emisjon) -> Kjoring | None:
    """The newest run of the unit that went out this way."""
    own = [run for run in runs if (run.enhet, run.aar, run.emisjon, run.status) == (enhet, aar, emisjon, "sendt")]
    return max(own, key=lambda run: (run.tidspunkt, int(run.lopenr)), default=None)


def next_lopenr(runs: Iterable[Kjoring], kommunenummer: str, aar: int) -> str:
    """The running number after the highest one given to a message of this municipality and year.

    The ident message names no district, so the numbers run through all districts of a municipality. What came to
    nothing leaves its number to the next.
    """
    given = [run for run in runs if run.emisjon != "ingen" and run.status not in ("nektet", "feilet")]
    used = [
        int(run.lopenr)
        for run in given
        if run.aar == aar and run.enhet.partition("-")[0] == kommunenummer and run.lopenr.isdigit()
    ]
    return str(max(used, default=0) + 1)


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Kjoring)
