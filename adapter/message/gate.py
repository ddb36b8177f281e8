"""The gate: nothing goes out that the year's schemas refuse. libxml2, in batches, with flat memory.

The format has no keys over whole messages but one (a `pid` once per institution, which the builder guarantees and the
message rules check), so a message is valid when its envelope is and every batch of persons within it is. A batch that
fails is looked at person by person, and the faulty ones are named.

What libxml2 says quotes values; a problem therefore keeps the element and the kind of fault, never the sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from adapter.message.kinds import WARY, DoctypeError, parse


@dataclass(frozen=True, slots=True)
class Skjemafeil:
    """What the schema refused: element name and libxml2's name for the kind of fault."""

    element: str
    type: str

    def __str__(self) -> str:
        return f"{self.element}: {self.type}"


class Gate:
    """One message kind's schema. Used by one thread at a time: libxml2 keeps its error log on the schema object."""

    def __init__(self, schema: Path) -> None:
        self._schema = etree.XMLSchema(file=str(schema))

    def problems(self, document: bytes) -> list[Skjemafeil]:
        """Everything the schema refuses in a document; empty when it is valid."""
        try:
            root = parse(document)
        except etree.XMLSyntaxError:
            return [Skjemafeil("", "XML_NOT_WELL_FORMED")]
        except DoctypeError:
            return [Skjemafeil("", "DOCTYPE_NOT_ALLOWED")]
        if self._schema.validate(root):
            return []
        return [Skjemafeil(_element(entry.message), entry.type_name) for entry in self._schema.error_log]  # type: ignore[attr-defined]

    def accepts(self, document: bytes) -> bool:
        """Whether there is nothing to refuse, as `problems` would find. No tree is built: it costs a third less.

        Such a parser raises only for what is not well-formed; what the schema refuses is in its error log alone.
        """
        ear = _Ear()
        parser = etree.XMLParser(schema=self._schema, target=ear, **WARY)  # type: ignore[arg-type]  # no method is a must
        try:
            etree.fromstring(document, parser)
        except etree.XMLSyntaxError:
            return False
        return not len(parser.error_log) and not ear.heard_of_doctype

    def envelope(self, head: str, tail: str, holder: str) -> list[Skjemafeil]:
        """What the schema refuses in `head` and `tail` themselves. That `holder` holds nobody is no fault of theirs."""
        nobody = Skjemafeil(holder, "SCHEMAV_ELEMENT_CONTENT")
        return [problem for problem in self.problems(f"{head}{tail}".encode()) if problem != nobody]

    def failing(self, head: str, fragments: Sequence[str], tail: str) -> dict[int, list[Skjemafeil]]:
        """Which fragments the schema refuses between `head` and `tail`, by index. Usually none, in one look."""
        if self.accepts("".join((head, *fragments, tail)).encode()):
            return {}
        found = {}
        for index, fragment in enumerate(fragments):
            if problems := self.problems(f"{head}{fragment}{tail}".encode()):
                found[index] = problems
        return found


class _Ear:
    """A parser's target that hears of nothing but a document type."""

    heard_of_doctype = False

    def doctype(self, *_: str | None) -> None:
        """Refused, as `parse` refuses it."""
        self.heard_of_doctype = True

    def close(self) -> None:
        """Nothing was built."""


def _element(message: str) -> str:
    """The element's local name out of «Element '{namespace}name': …» or «…, attribute 'x': …»."""
    quoted = message.split("'")
    return quoted[1].rpartition("}")[2] if len(quoted) > 1 else ""
