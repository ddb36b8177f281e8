"""What can be asked of the service on the command topic."""

from datetime import datetime

import msgspec

from adapter.domain.planned_run import Arsak, Emisjon
from adapter.domain.windows import Slag


class ReportCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="report", omit_defaults=True):
    """Build and emit the pairs of a municipality, or of one district of it.

    `barriere` are the bus's end offsets when the command was given: the state must have come that far first.
    `bydelsnummer` empty means every unit of the municipality. A command of the calendar has the id of the planned run,
    so that it is carried out once however often it is given.
    """

    id: str
    kommunenummer: str
    aar: int
    tidspunkt: datetime
    bestilt_av: str
    barriere: dict[str, int]
    bydelsnummer: str = ""
    emisjon: Emisjon = "test"
    slag: Slag | None = None
    arsak: Arsak | None = None
    grunn: str = ""


def encode(command: ReportCommand) -> bytes:
    """The command record's value."""
    return msgspec.json.encode(command)


def decode(value: bytes) -> ReportCommand:
    """Read a command. Raises `msgspec.MsgspecError`."""
    return _DECODER.decode(value)


_DECODER = msgspec.json.Decoder(ReportCommand)
