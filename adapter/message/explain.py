"""Explain what is wrong with a document: line, element and reason, by a second validator (xmlschema).

xmlschema names elements better than libxml2 and is independent of it, but is about 35 times slower: it is for files on
a desk and for samples, not for the emission. A reason never quotes the value: it may be an identity number. xmlschema
does quote, as Python writes a string; what it quotes from the schema (names, lists of codes and patterns) is kept.
"""

import re
from collections.abc import Collection
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
        reason = _without_values(error.reason or error.message or "", _values(element))
        found.append(Explanation(line, name, reason))
        if len(found) >= most:
            break
    return found


_QUOTED = re.compile(r"(?<!\w)(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
_FROM_THE_SCHEMA = re.compile(r"(?:one of|pattern of) \[[^']*$")
_NAME = re.compile(r"(?:\{[\w:/.-]*\})?[\w.-]*:?[\w.-]+")
_IDENTITY = re.compile(r"[0-9]{6}[ \xa0-]?[0-9]{5,}")


def _values(element: etree._Element | None) -> frozenset[str]:
    """Text and attributes of an element without blanks: xmlschema collapses them in some places."""
    if element is None:
        return frozenset()
    return frozenset("".join(str(value).split()) for value in (element.text or "", *element.attrib.values()))


def _without_values(reason: str, values: Collection[str]) -> str:
    kept, outside, end = [], "", 0
    for quoted in _QUOTED.finditer(reason):
        outside += reason[end : quoted.start()]
        text = quoted[0][1:-1]
        is_name = _NAME.fullmatch(text) and text not in values
        kept += [reason[end : quoted.start()], quoted[0] if is_name or _FROM_THE_SCHEMA.search(outside) else "***"]
        end = quoted.end()
    return _IDENTITY.sub("***", "".join([*kept, reason[end:]])).split("\n")[0][:300]


@lru_cache(maxsize=8)
def _schema(path: Path) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(path), defuse="always", allow="local")
