"""Receipts: AppRec 1.0 and 1.1 from bytes that anyone may have written to what the ledger keeps.

First the size, then the XML (no document type, no entities, no network), then the version's schema, then the values.
Whatever stops it is a `KvitteringError` with a code; its text quotes nothing of the document. An unknown status is
refused, since it cannot be read as an answer; an unknown error code is kept as unknown (domain/iplos.md 6.2).
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from lxml import etree

from adapter.domain.receipts import Svar, Svarstatus, same_id
from adapter.domain.windows import OSLO
from adapter.message.free_text import cleaned
from adapter.message.gate import Gate
from adapter.message.kinds import DoctypeError, parse

# A receipt is some two thousand characters; this leaves room for hundreds of errors, and for no mischief.
LARGEST_RECEIPT = 256 * 1024

Versjon: TypeAlias = Literal["1.0", "1.1"]
RefusalCode: TypeAlias = Literal[
    "for-stor", "ikke-xml", "dokumenttype", "ikke-apprec", "ugyldig", "ukjent-status", "ugyldig-tid"
]

_NAMESPACES: dict[str, Versjon] = {
    "http://www.kith.no/xmlstds/apprec/2004-11-21": "1.0",
    "http://www.kith.no/xmlstds/apprec/2012-02-15": "1.1",
}
_STATUS: dict[str, Svarstatus] = {"1": "ok", "2": "avvist", "3": "ok-med-feil"}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The national code lists; a number that only looks like an oid could be a person's.
_NATIONAL_LIST = re.compile(r"2\.16\.578\.1\.12\.4\.1\.1\.[0-9]{1,6}")


class KvitteringError(ValueError):
    """Not a receipt that can be read. The code stays and is counted by; the text is for people."""

    def __init__(self, kode: RefusalCode, text: str) -> None:
        super().__init__(text)
        self.kode = kode


@dataclass(frozen=True, slots=True)
class Feil:
    """An error of the receipt. The texts are the register's own, cleaned."""

    kode: str
    kodeverk: str
    kjent: bool
    forklaring: str
    """What our sources say of the code, or of the group it is in; empty when they say nothing."""
    tekst: str = ""
    utdyping: str = ""


@dataclass(frozen=True, slots=True)
class Kvittering:
    """A receipt: which message it answers, and how."""

    versjon: Versjon
    id: str
    gen_date: datetime
    status: Svarstatus
    feil: tuple[Feil, ...]
    original_id: str
    original_type: str
    original_issue_date: datetime
    avsender: str
    avsender_id: str

    def svar(self) -> Svar:
        """What the judgement of a message needs of it."""
        return Svar(self.id, self.original_id, self.status, self.gen_date, tuple(one.kode for one in self.feil))


class Feilkoder:
    """The error codes as the file explains them."""

    def __init__(self, schemas: Path) -> None:
        tree = tomllib.loads((schemas / "felles" / "apprec-koder.toml").read_text("utf-8"))
        self.kodeverk: str = tree["kodeverk"]["feil"]
        self._texts: dict[str, str] = {
            kode: entry.get("forklaring") or _about(entry.get("gruppe", ""))
            for entry in tree["feil"]
            for kode in entry["koder"]
        }

    def known(self, kode: str, kodeverk: str) -> bool:
        """Tell whether it is a code of the national list that we know of. Senders may leave the list out."""
        return kode in self._texts and kodeverk in ("", self.kodeverk)

    def explain(self, kode: str, kodeverk: str) -> str:
        """What the code means, as far as anyone has told."""
        return self._texts[kode] if self.known(kode, kodeverk) else ""


class Kvitteringsleser:
    """Reads receipts of both versions. Used by one thread at a time, as its gates are."""

    def __init__(self, schemas: Path) -> None:
        xsd = schemas / "felles" / "xsd"
        self._gates: dict[Versjon, Gate] = {
            versjon: Gate(xsd / f"apprec-{versjon}.xsd") for versjon in _NAMESPACES.values()
        }
        self._koder = Feilkoder(schemas)

    def read(self, document: bytes) -> Kvittering:
        """The receipt. Raises `KvitteringError`, and nothing else, whatever the bytes are."""
        if len(document) > LARGEST_RECEIPT:
            raise KvitteringError("for-stor", f"Kvitteringen er større enn {LARGEST_RECEIPT} byte og blir ikke lest.")
        try:
            root = parse(document)
        except DoctypeError:
            raise KvitteringError("dokumenttype", "Kvitteringen har en dokumenttype; ingen melding har det.") from None
        except (etree.XMLSyntaxError, ValueError):
            raise KvitteringError("ikke-xml", "Kvitteringen er ikke velformet XML.") from None
        name = etree.QName(root)
        versjon = _NAMESPACES.get(name.namespace or "")
        if versjon is None or name.localname != "AppRec":
            raise KvitteringError("ikke-apprec", "Dokumentet er ikke en AppRec 1.0 eller 1.1.")
        if problems := self._gates[versjon].problems(document):
            # Element and kind of fault only; an element that the schema does not know may be called anything.
            raise KvitteringError("ugyldig", f"Kvitteringen følger ikke skjemaet: {cleaned(str(problems[0]), 80)}.")
        return self._of_valid(root, versjon)

    def _of_valid(self, root: etree._Element, versjon: Versjon) -> Kvittering:
        at = _Reader(root)
        status = _STATUS.get(at.attribute("Status", "V"))
        if status is None:
            raise KvitteringError("ukjent-status", "Kvitteringens status er ikke 1, 2 eller 3: den kan ikke tolkes.")
        inst = at.path("Sender", "HCP", "Inst")
        return Kvittering(
            versjon=versjon,
            id=_safe_id(at.text("Id")),
            gen_date=_moment(at.text("GenDate")),
            status=status,
            feil=tuple(self._feil(element) for element in at.all("Error")),
            original_id=_safe_id(at.text("OriginalMsgId", "Id")),
            original_type=cleaned(at.attribute("OriginalMsgId", "MsgType", "V"), 40),
            original_issue_date=_moment(at.text("OriginalMsgId", "IssueDate")),
            # A health worker may sign with a number of their own; an institution is all we want to know of.
            avsender="" if inst is None else cleaned(_Reader(inst).text("Name"), 140),
            avsender_id="" if inst is None else cleaned(_Reader(inst).text("Id"), 40),
        )

    def _feil(self, element: etree._Element) -> Feil:
        kode, oid = (element.get("V") or "").strip(), (element.get("S") or "").strip()
        return Feil(
            kode=cleaned(kode, 20),
            kodeverk=oid if _NATIONAL_LIST.fullmatch(oid) else cleaned(oid, 80),
            kjent=self._koder.known(kode, oid),
            forklaring=self._koder.explain(kode, oid),
            tekst=cleaned(element.get("DN") or ""),
            utdyping=cleaned(element.get("OT") or ""),
        )


class _Reader:
    """Children by local name: both versions have the same names, in namespaces of their own."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element
        self._namespace = etree.QName(element).namespace

    def path(self, *names: str) -> etree._Element | None:
        return self._element.find("/".join(f"{{{self._namespace}}}{name}" for name in names))

    def all(self, name: str) -> list[etree._Element]:
        return self._element.findall(f"{{{self._namespace}}}{name}")

    def text(self, *names: str) -> str:
        found = self.path(*names)
        # A comment inside an element cuts its text in pieces; they belong together.
        return "" if found is None else "".join(map(str, found.itertext(etree.Element))).strip()

    def attribute(self, *names: str) -> str:
        found = self.path(*names[:-1])
        return "" if found is None else (found.get(names[-1]) or "").strip()


def _safe_id(text: str) -> str:
    """An id as it is compared: a UUID in one spelling; anything else cleaned, since it could be anything."""
    spelled = same_id(text)
    return spelled if _UUID.fullmatch(spelled) else cleaned(text, 64)


def _moment(text: str) -> datetime:
    """A moment with its zone; where it has none, Norwegian time is meant (INFERRED). Raises `KvitteringError`."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=OSLO)
        # Far from our time the zone itself can lead out of what a date can hold.
        found.timestamp()
        found.astimezone(OSLO)
    except (ValueError, OverflowError):
        raise KvitteringError("ugyldig-tid", "Et tidspunkt i kvitteringen er ingen tid som finnes.") from None
    return found


def _about(gruppe: str) -> str:
    return f"Gjelder: {gruppe[0].lower()}{gruppe[1:]}" if gruppe else ""
