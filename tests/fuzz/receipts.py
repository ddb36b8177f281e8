"""Receipts: whatever somebody puts on the receipts topic is read or refused with a code, and quotes no long number."""

import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from random import Random

from lxml import etree

from adapter.message.apprec import Kvittering, KvitteringError, Kvitteringsleser
from adapter.shipped import shipped
from tests.fuzz.target import Target

GOLDEN = Path(__file__).parents[1] / "golden" / "eksempler"
LESER = Kvitteringsleser(shipped("schemas"))
# What a message id may hold, being random.
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONG_NUMBER = re.compile(r"\d{11}")

TEMPTING = (
    *(b"", b" ", b"1", b"2", b"3", b"4", b"15825041211", b"158250 41211", b"T02", b"2.16.578.1.12.4.1.1.8221"),
    *(b"2019-01-03T07:20:00", b"0001-01-01T00:00:00+14:00", b"9999-12-31T24:00:00Z", b"-0044-03-15T12:00:00", b"24:00"),
    *(
        b"&amp;",
        b"&#0;",
        b"&#x10FFFF;",
        b"&x;",
        b"<![CDATA[x]]>",
        b"<!-- x -->",
        b"<?x y?>",
        b"a" * 500,
        b"\xc3\xa6",
        b"\xff",
    ),
    *(b'<!DOCTYPE a [<!ENTITY x "y">]>', b'xmlns="urn:x"', b'xsi:type="x"', b'xsi:nil="true"', b'encoding="UTF-16"'),
)
_PIECE = re.compile(rb'(<[^<>]*>|"[^"]*")')


def outcome(data: bytes) -> str:
    """The version and the status, or the code it is refused with."""
    try:
        receipt = LESER.read(data)
    except KvitteringError as error:
        refused = error
    else:
        return _told(receipt)
    assert not LONG_NUMBER.search(str(refused))
    return refused.kode


def _told(receipt: Kvittering) -> str:
    assert receipt.svar().status == receipt.status
    ids = {receipt.id, receipt.original_id}
    told = [one for one in ids if not UUID.fullmatch(one)]
    told += [receipt.original_type, receipt.avsender, receipt.avsender_id]
    told += [text for one in receipt.feil for text in (one.kode, one.kodeverk, one.forklaring, one.tekst, one.utdyping)]
    assert not any(map(LONG_NUMBER.search, told))
    return f"{receipt.versjon} {receipt.status}"


def vary(data: bytes, random: Random) -> bytes:
    """An element is doubled, lost or moved, a text or an attribute becomes something tempting; now and then raw."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return _torn(data, random)
    elements = [*root.iter(etree.Element)]
    one, other = random.choice(elements), random.choice(elements)
    tempting = random.choice(TEMPTING).decode("latin-1")
    try:
        match random.randrange(7):
            case 0:
                other.append(deepcopy(one))
            case 1 if one.getparent() is not None:
                one.addnext(deepcopy(other))
            case 2 if (holder := one.getparent()) is not None:
                holder.remove(one)
            case 3:
                one.tag = tempting or other.tag
            case 4 | 5:
                one.set(random.choice([*map(str, one.attrib), "V", "S", "x"]), tempting)
            case _:
                one.text = tempting
    except ValueError:  # no name, or no character of XML
        return _torn(data, random)
    encoding = random.choice(("UTF-8", "UTF-8", "UTF-16", "ISO-8859-1"))
    document: bytes = etree.tostring(root, encoding=encoding, xml_declaration=True)  # type: ignore[assignment]
    return document


def _torn(data: bytes, random: Random) -> bytes:
    """The same without regard to what is XML."""
    pieces = _PIECE.split(data)
    at, other = random.randrange(len(pieces)), random.randrange(len(pieces))
    match random.randrange(4):
        case 0:
            del pieces[at]
        case 1:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        case _:
            pieces[at] = random.choice(TEMPTING)
    return b"".join(pieces)


def _seeds() -> list[bytes]:
    whole = [path.read_bytes() for path in sorted(GOLDEN.glob("*.xml"))]
    # Halves of two, so that there are documents that begin well and end otherwise.
    return whole + [one[: len(one) // 2] + other[len(other) // 2 :] for one, other in pairwise(whole)]


TARGET = Target(_seeds(), vary, outcome)
