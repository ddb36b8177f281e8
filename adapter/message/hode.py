"""MsgHead 1.2 around a message (domain/iplos.md 6.1): who sends, to whom, what, and under which id.

The message stands directly in `Document/RefDoc/Content`, as in the register's sister messages; that KPR wants it so is
inferred.
"""

from dataclasses import dataclass
from datetime import datetime

from adapter.message.text import escape
from adapter.message.text import escape_attribute as attr

_NAMESPACE = "http://www.kith.no/xmlstds/msghead/2006-05-24"
_ID_TYPES = "2.16.578.1.12.4.1.1.9051"


@dataclass(frozen=True, slots=True)
class Partsinfo:
    """An organisation by its number and HER-id, and the service within it that communicates."""

    navn: str
    orgnr: str
    her_id: str = ""
    tjeneste: str = ""
    tjeneste_her_id: str = ""


@dataclass(frozen=True, slots=True)
class Hode:
    """The envelope's facts. `generert` carries its offset from UTC."""

    melding_id: str
    type: str
    typenavn: str
    generert: datetime
    avsender: Partsinfo
    mottaker: Partsinfo
    prosesseringsstatus: str = ""


def head(hode: Hode) -> str:
    """From the XML declaration to the opening of Content."""
    status = f'<ProcessingStatus V="{attr(hode.prosesseringsstatus)}"/>\n' if hode.prosesseringsstatus else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<MsgHead xmlns="{_NAMESPACE}">\n<MsgInfo>\n'
        f'<Type V="{attr(hode.type)}" DN="{attr(hode.typenavn)}"/>\n'
        f"<MIGversion>v1.2 2006-05-24</MIGversion>\n"
        f"<GenDate>{hode.generert.isoformat(timespec='seconds')}</GenDate>\n<MsgId>{escape(hode.melding_id)}</MsgId>\n"
        f"{status}<Sender>\n{_organisation(hode.avsender)}</Sender>\n<Receiver>\n{_organisation(hode.mottaker)}</Receiver>\n"
        "</MsgInfo>\n<Document>\n<RefDoc>\n"
        '<MsgType V="XML" DN="XML-instans"/>\n<MimeType>text/xml</MimeType>\n<Content>\n'
    )


TAIL = "</Content>\n</RefDoc>\n</Document>\n</MsgHead>\n"


def _organisation(part: Partsinfo) -> str:
    inner = ""
    if part.tjeneste:
        inner = (
            f"<Organisation>\n<OrganisationName>{escape(part.tjeneste)}</OrganisationName>\n"
            f"{_ident('HER', 'HER-id', part.tjeneste_her_id)}</Organisation>\n"
        )
    return (
        f"<Organisation>\n<OrganisationName>{escape(part.navn)}</OrganisationName>\n"
        f"{_ident('ENH', 'Organisasjonsnummeret i Enhetsregisteret', part.orgnr)}"
        f"{_ident('HER', 'HER-id', part.her_id)}{inner}</Organisation>\n"
    )


def _ident(kind: str, label: str, value: str) -> str:
    if not value:
        return ""
    return f'<Ident><Id>{escape(value)}</Id><TypeId V="{kind}" S="{_ID_TYPES}" DN="{label}"/></Ident>\n'
