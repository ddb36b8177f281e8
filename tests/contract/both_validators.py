"""libxml2 and xmlschema side by side. Each schema is built once: xmlschema takes its time."""

from functools import cache
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree

SCHEMAS = Path(__file__).parents[2] / "schemas"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@cache
def libxml2_schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{path}.xsd", PARSER))


@cache
def xmlschema_schema(path: str) -> Any:
    return xmlschema.XMLSchema(str(SCHEMAS / f"{path}.xsd"), allow="local", defuse="always")


def verdicts(path: str, document: bytes | etree._Element) -> dict[str, bool]:
    """What each says of the document, parsed anew from its bytes."""
    text = document if isinstance(document, bytes) else etree.tostring(document)
    root = etree.fromstring(text, PARSER)
    return {
        "libxml2": libxml2_schema(path).validate(root),
        "xmlschema": xmlschema_schema(path).is_valid(root, use_location_hints=False),
    }


def both(*, verdict: bool) -> dict[str, bool]:
    return {"libxml2": verdict, "xmlschema": verdict}
