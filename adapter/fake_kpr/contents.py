"""What a message holds: one walk through it that reads its facts and hands it to a validator in pieces.

A message may be hundreds of megabytes and the second validator wants a tree, so the persons are taken away batch by
batch; each piece is a whole document, with the head and one batch. What holds only for the message as a whole (a
person's number once) is looked at here.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from adapter.fake_kpr.apprec_writer import Original, Virksomhet

BATCH = 200

_MSGHEAD = "http://www.kith.no/xmlstds/msghead/2006-05-24"
_PERSON = "PERSON"
_IDENT = "PasientIdent"


class UnreadableError(ValueError):
    """Not a message: `kode` is what a register would reject it with."""

    def __init__(self, kode: str, text: str) -> None:
        super().__init__(text)
        self.kode = kode


@dataclass(frozen=True, slots=True)
class Innhold:
    """The facts. `personer` are the keys that tie the two messages together; they never leave the process."""

    original: Original
    ident: bool
    """The ident message, not the care data."""
    lopenr: str
    aar: str
    kommunenummer: str
    """Care data only, as `bydelsnummer`: the ident message does not say which unit it is for."""
    bydelsnummer: str
    personer: frozenset[int] = field(repr=False)
    doble: int
    """Persons beyond the first with the same key."""


def read(body: bytes, piece: Callable[[bytes], None]) -> Innhold:
    """Walk through the message and give `piece` every batch of it as a document. Raises `UnreadableError`."""
    keys: set[int] = set()
    doble, held = 0, 0
    walk = etree.iterparse(
        BytesIO(body), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    root = None
    try:
        for _, element in walk:
            name = etree.QName(element).localname
            if name not in (_PERSON, _IDENT):
                continue
            root = element.getroottree().getroot()
            held += 1
            key = int(element.get("pePeID" if name == _PERSON else "pid") or -1)
            doble += key in keys
            keys.add(key)
            if held > BATCH:
                piece(_first_batch(root, element.tag))
                _forget_before(element)
                held = 1
    except etree.XMLSyntaxError:
        raise UnreadableError("T01", "the message is not well-formed XML") from None
    except ValueError:
        raise UnreadableError("T02", "a person's key is not a number") from None
    root = walk.root if root is None else root
    if root is None or root.tag != f"{{{_MSGHEAD}}}MsgHead":
        raise UnreadableError("T10", "the message is not in a MsgHead 1.2")
    piece(etree.tostring(root))
    return _facts(root, frozenset(keys), doble)


def _first_batch(root: etree._Element, tag: str) -> bytes:
    """The document as far as it has been read, with the first batch of its persons; the parser reads ahead."""
    copied = copy.deepcopy(root)
    for element in copied.findall(f".//{tag}")[BATCH:]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return etree.tostring(copied)


def _forget_before(element: etree._Element) -> None:
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None and before.tag == element.tag:
        parent.remove(before)


def _facts(root: etree._Element, keys: frozenset[int], doble: int) -> Innhold:
    info = f"{{{_MSGHEAD}}}MsgInfo"
    content = root.find("/".join(f"{{{_MSGHEAD}}}{name}" for name in ("Document", "RefDoc", "Content")) + "/*")
    if content is None:
        raise UnreadableError("T10", "the message head carries no message")
    kind = root.find(f"{info}/{{{_MSGHEAD}}}Type")
    original = Original(
        melding_id=root.findtext(f"{info}/{{{_MSGHEAD}}}MsgId", "").strip(),
        type="" if kind is None else kind.get("V", ""),
        gen_date=root.findtext(f"{info}/{{{_MSGHEAD}}}GenDate", "").strip(),
        avsender=_party(root, "Sender"),
        mottaker=_party(root, "Receiver"),
    )
    namespace = etree.QName(content).namespace

    def inner(name: str) -> str:
        return (content.findtext(f"{{{namespace}}}INNHINFO/{{{namespace}}}{name}") or "").strip()

    ident = etree.QName(content).localname == "Melding"
    return Innhold(
        original=original,
        ident=ident,
        lopenr=content.get("lopenr", "") if ident else inner("iiLopenr"),
        aar=(content.get("fraDatoPeriode", "") if ident else inner("iiFraDato"))[:4],
        kommunenummer="" if ident else inner("iiKomnr"),
        bydelsnummer="" if ident else inner("iiBydelsnr"),
        personer=keys,
        doble=doble,
    )


def _party(root: etree._Element, role: str) -> Virksomhet:
    organisation = root.find(f"{{{_MSGHEAD}}}MsgInfo/{{{_MSGHEAD}}}{role}/{{{_MSGHEAD}}}Organisation")
    if organisation is None:
        return Virksomhet()
    idents: dict[str, str] = {}
    for ident in organisation.findall(f"{{{_MSGHEAD}}}Ident"):
        kind = ident.find(f"{{{_MSGHEAD}}}TypeId")
        idents["" if kind is None else kind.get("V", "")] = ident.findtext(f"{{{_MSGHEAD}}}Id", "").strip()
    name = organisation.findtext(f"{{{_MSGHEAD}}}OrganisationName", "").strip()
    return Virksomhet(name, idents.get("HER", ""), idents.get("ENH", ""))
