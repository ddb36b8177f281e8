"""Explain what is wrong with a document: line, element and reason, by a second validator (xmlschema).

xmlschema names elements better than libxml2 and is independent of it, but is about 35 times slower: it is for files on
a desk and for samples, not for the emission. A reason never quotes the value: it may be an identity number.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import xmlschema
from lxml import etree

from adapter.message.kinds import parse


@dataclass(frozen=True, slots=True)
class Explanation:
    """One fault: where, and why."""

    line: int
    element: str
    reason: str


def explain(document: bytes, schema: Path, most: int = 20) -> list[Explanation]:
    """The first `most` faults; empty for a valid document. Raises `etree.XMLSyntaxError` for what is not XML."""
    root = parse(document)
    found = []
    for error in _schema(schema).iter_errors(root):
        element = error.elem if isinstance(error.elem, etree._Element) else None  # noqa: SLF001  # lxml's own name for it
        name = etree.QName(element).localname if element is not None else ""
        line = int(getattr(element, "sourceline", 0) or 0)
        found.append(Explanation(line, name, _without_values(error.reason or error.message or "")))
        if len(found) >= most:
            break
    return found


def _without_values(reason: str) -> str:
    """Values of a document stand in quotes in xmlschema's reasons; names of elements and types come unquoted or too."""
    return re.sub(r"value ('[^']*'|\"[^\"]*\"|\S+)", "the value", reason).split("\n")[0][:300]


@lru_cache(maxsize=8)
def _schema(path: Path) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(path), defuse="always", allow="local")
