"""Which kind of XML a file is, and the schemas that say whether it is valid. All XML here is taken to be hostile."""

from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

# The root element of a document, or of what a message head carries, tells what it is.
_IPLOS = "http://www.npr.no/xmlstds/iplos/2018"
_IDENT = "http://www.npr.no/xmlstds/53_1_2_ide"
_MSGHEAD = "http://www.kith.no/xmlstds/msghead/2006-05-24"
_APPREC = {
    "http://www.kith.no/xmlstds/apprec/2004-11-21": "apprec-1.0.xsd",
    "http://www.kith.no/xmlstds/apprec/2012-02-15": "apprec-1.1.xsd",
}


class Kind(NamedTuple):
    """A name for people, and the schema file under `schemas/`."""

    name: str
    schema: str


def kind_of(document: bytes) -> Kind | None:
    """What the document says it is; None for what this program does not know. Raises as `parse` does."""
    root = parse(document)
    inner = root.find(f"{{{_MSGHEAD}}}Document/{{{_MSGHEAD}}}RefDoc/{{{_MSGHEAD}}}Content/*")
    outer = etree.QName(root).namespace
    namespace = etree.QName(root if inner is None else inner).namespace
    envelope = " in MsgHead 1.2" if outer == _MSGHEAD and inner is not None else ""
    if namespace == _IPLOS:
        return Kind(f"KPR_IPL 3.5{envelope}", "2018/xsd/sending-ipl.xsd")
    if namespace == _IDENT:
        return Kind(f"KPR_IDE 53.1.2{envelope}", "2018/xsd/sending-ide.xsd")
    if outer == _MSGHEAD:
        return Kind("MsgHead 1.2", "felles/xsd/msghead.xsd")
    if outer in _APPREC:
        version = "1.0" if outer.endswith("2004-11-21") else "1.1"
        return Kind(f"AppRec {version}", f"felles/xsd/{_APPREC[outer]}")
    return None


# What no parser of ours does, whatever the document asks for.
WARY: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}


class DoctypeError(ValueError):
    """The document declares a document type: no message does, and much mischief begins so."""


def parse(document: bytes) -> etree._Element:
    """Parse without entities or network. Raises `etree.XMLSyntaxError` or `DoctypeError`.

    The parser's own limits stay on (depth 256, ten million characters in one text, growth by entities): no message
    comes near them, and a document type can only be refused when it has been read.
    """
    root = etree.fromstring(document, etree.XMLParser(**WARY))
    if root.getroottree().docinfo.internalDTD is not None:
        raise DoctypeError("a document type declaration is not allowed here")
    return root


def schema_path(kind: Kind, schemas: Path) -> Path:
    """Where the schema lies."""
    return schemas / kind.schema
