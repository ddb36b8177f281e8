"""AppRec 1.1, as a receiver writes it: which message is answered, and how."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from adapter.message.text import escape
from adapter.message.text import escape_attribute as attr

_NAMESPACE = "http://www.kith.no/xmlstds/apprec/2012-02-15"
_ERROR_CODES = "2.16.578.1.12.4.1.1.8221"

Status: TypeAlias = Literal["1", "2", "3"]
_STATUS: dict[Status, str] = {"1": "OK", "2": "Avvist", "3": "OK, feil i delmelding"}
_KODER: dict[str, Status] = {"ok": "1", "avvist": "2", "ok-med-feil": "3"}


@dataclass(frozen=True, slots=True)
class Virksomhet:
    """An organisation as a message head names it."""

    navn: str = ""
    her_id: str = ""
    orgnr: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """What is copied from the message that is answered. `gen_date` as it stood there, to the letter."""

    melding_id: str
    type: str
    gen_date: str
    avsender: Virksomhet
    mottaker: Virksomhet


@dataclass(frozen=True, slots=True)
class Feillinje:
    """An error: a code of list 8221, and what more there is to say."""

    kode: str
    utdyping: str = ""


def write(original: Original, receipt_id: str, when: datetime, status: Status, feil: tuple[Feillinje, ...]) -> bytes:
    """The receipt: the receiver of the message is its sender now. `when` carries its zone."""
    errors = "".join(
        f'<Error V="{attr(one.kode)}" S="{_ERROR_CODES}"'
        + (f' OT="{attr(one.utdyping)}"' if one.utdyping else "")
        + "/>\n"
        for one in feil
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<AppRec xmlns="{_NAMESPACE}">\n'
        '<MsgType V="APPREC" DN="Applikasjonskvittering"/>\n<MIGversion>v1.1 2012-02-15</MIGversion>\n'
        "<SoftwareName>iplos-adapter fake-kpr</SoftwareName>\n"
        f"<GenDate>{when.isoformat(timespec='seconds')}</GenDate>\n<Id>{escape(receipt_id)}</Id>\n"
        f"<Sender>{_part(original.mottaker)}</Sender>\n<Receiver>{_part(original.avsender)}</Receiver>\n"
        f'<Status V="{status}" DN="{_STATUS[status]}"/>\n{errors}'
        f'<OriginalMsgId><MsgType V="{attr(original.type)}"/><IssueDate>{escape(original.gen_date)}</IssueDate>'
        f"<Id>{escape(original.melding_id)}</Id></OriginalMsgId>\n</AppRec>\n"
    ).encode()


def write_apprec(  # what a test knows of a message it wants answered
    melding_id: str, type_: str, gen_date: datetime, when: datetime, status: str, errors: Sequence[str] = ()
) -> bytes:
    """A receipt by hand, from nobody in particular. `status` is ok, avvist or ok-med-feil; `errors` are codes."""
    kode = _KODER[status]
    nobody = Virksomhet("(ukjent)")
    original = Original(melding_id, type_, gen_date.isoformat(timespec="seconds"), nobody, nobody)
    receipt_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{melding_id}/{status}/{when.isoformat()}"))
    return write(original, receipt_id, when, kode, tuple(Feillinje(one) for one in errors))


def _part(one: Virksomhet) -> str:
    ident = f'<Id>{escape(one.her_id)}</Id><TypeId V="HER" DN="HER-id"/>' if one.her_id else ""
    orgnr = (
        f'<AdditionalId><Id>{escape(one.orgnr)}</Id><Type V="ENH" DN="Organisasjonsnummer"/></AdditionalId>'
        if one.orgnr
        else ""
    )
    return f"<HCP><Inst><Name>{escape(one.navn)}</Name>{ident}{orgnr}</Inst></HCP>"
