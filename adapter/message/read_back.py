"""What the two messages say of themselves, read back from the text that is written: what the message rules judge."""

import re
from datetime import date, datetime
from typing import NamedTuple

from adapter.message.kinds import parse

_PERSON = re.compile(r'<PERSON pePeID="(-?\d+)"')
_IDENT = re.compile(r'<PasientIdent pid="(-?\d+)"')


class Selvbeskrivelse(NamedTuple):
    """Period, version and running number as a message carries them."""

    fra_dato: date
    til_dato: date
    versjon: str
    lopenr: str


def of_ipl(head: str, tail: str, navnerom: str) -> Selvbeskrivelse:
    """From everything of a care data message but its persons."""
    root = parse((head + tail).encode()).find(f".//{{{navnerom}}}IPLOS")
    if root is None:
        raise ValueError("the care data message has no IPLOS element")
    text = {name: root.findtext(f".//{{{navnerom}}}{name}") or "" for name in ("iiFraDato", "iiTilDato", "iiLopenr")}
    fra, til = (datetime.strptime(text[name], "%Y%m%d").date() for name in ("iiFraDato", "iiTilDato"))  # noqa: DTZ007
    return Selvbeskrivelse(fra, til, root.get("versjon", ""), text["iiLopenr"])


def of_ide(head: str, tail: str, navnerom: str) -> Selvbeskrivelse:
    """From everything of an ident message but its persons."""
    root = parse((head + tail).encode()).find(f".//{{{navnerom}}}Melding")
    if root is None:
        raise ValueError("the ident message has no Melding element")
    fra, til = (date.fromisoformat(root.get(name, "")) for name in ("fraDatoPeriode", "tilDatoPeriode"))
    return Selvbeskrivelse(fra, til, root.get("versjon", ""), root.get("lopenr", ""))


def person_of(fragment: str) -> str:
    """The number of the person a piece of care data is about."""
    found = _PERSON.match(fragment)
    return found[1] if found else ""


def person_of_ident(row: str) -> str:
    """The number of the person a row of the ident message is about."""
    found = _IDENT.match(row)
    return found[1] if found else ""
