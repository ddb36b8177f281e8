"""What can be asked of the service on the command topic.

The service's own command line is not the only one that may write there. What a command says of itself goes into ledger,
log and headers, so its texts are made fit for that when it is read.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from adapter.domain.identity import looks_like_identity
from adapter.domain.planned_run import Arsak, Emisjon
from adapter.domain.windows import Slag
from adapter.message.free_text import cleaned

Partisjon = Annotated[str, Meta(pattern=r"^[0-9]{1,6}\Z")]
Aar = Annotated[int, Meta(ge=0, le=9999)]


class ReportCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="report", omit_defaults=True):
    """Build and emit the pairs of a municipality, or of one district of it.

    `barriere` are the bus's end offsets when the command was given: the state must have come that far first.
    `bydelsnummer` empty means every unit of the municipality. A command of the calendar has the id of the planned run,
    so that it is carried out once however often it is given.
    """

    id: str
    kommunenummer: str
    aar: Aar
    tidspunkt: datetime
    bestilt_av: str
    barriere: dict[Partisjon, int]
    bydelsnummer: str = ""
    emisjon: Emisjon = "test"
    slag: Slag | None = None
    arsak: Arsak | None = None
    grunn: str = ""


def encode(command: ReportCommand) -> bytes:
    """The command record's value."""
    return msgspec.json.encode(command)


def decode(value: bytes) -> ReportCommand:
    """Read a command, its texts without identity numbers. Raises `msgspec.MsgspecError`."""
    command = _DECODER.decode(value)
    # These name something; what was changed would name nothing.
    if any(map(looks_like_identity, (command.id, command.kommunenummer, command.bydelsnummer))):
        raise msgspec.ValidationError("an identity number where an id or a unit belongs")
    return replace(command, bestilt_av=cleaned(command.bestilt_av), grunn=cleaned(command.grunn))


_DECODER = msgspec.json.Decoder(ReportCommand)
