"""The ledger: one record for each run on a compacted topic, so that it can be shown what was sent, when and why.

A run's record is written anew when its status changes; the last one holds. The record that says `sendt` is written in
the transaction that emits the messages, so the two are true together or not at all.
"""

from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec

from adapter.kafka.clients import Access
from adapter.kafka.log_reader import read_to_end

Status: TypeAlias = Literal["planlagt", "bygget", "sendt", "nektet", "feilet", "prøvd", "fordelt"]
# Nothing more happens to a run in one of these.
ENDED: frozenset[Status] = frozenset(("sendt", "nektet", "feilet", "prøvd", "fordelt"))
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
    modus: Literal["test", "produksjon"]
    lopenr: str
    tidspunkt: datetime
    status: Status
    steg: Stage = ""
    steg_ferdig: int = 0
    steg_av: int = 0
    prove: bool = False
    grunn: str = ""
    erstatter: str = ""
    programversjon: str = ""
    pakkeversjon: str = ""
    offsets: dict[str, int] = {}
    kjoringer: list[str] = []
    resultat: dict[str, Any] = {}
    meldinger: list[Sendt] = []
    ferdig: datetime | None = None


def encode(kjoring: Kjoring) -> bytes:
    """The ledger record's value."""
    return _ENCODER.encode(kjoring)


def decode(value: bytes) -> Kjoring:
    """Read a ledger record. Raises `msgspec.MsgspecError`."""
    return _DECODER.decode(value)


async def read_ledger(access: Access, topic: str) -> dict[str, Kjoring]:
    """Every run by its id, as the ledger has it now."""
    runs: dict[str, Kjoring] = {}
    async for chunk in read_to_end(access, topic):
        for record in chunk.records:
            if record.key and record.value:
                runs[record.key.decode()] = decode(record.value)
            elif record.key:
                runs.pop(record.key.decode(), None)
    return runs


def next_lopenr(runs: dict[str, Kjoring], enhet: str, aar: int) -> str:
    """The running number after the highest one used for this unit and year."""
    used = [int(run.lopenr) for run in runs.values() if run.enhet == enhet and run.aar == aar and run.lopenr.isdigit()]
    return str(max(used, default=0) + 1)


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Kjoring)
