"""Whether a pack's XSD files can be used: found, read by libxml2 and by xmlschema, and of the format the pack names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree

from adapter.domain.pack_check import Check
from adapter.domain.yearpack import YearPack
from adapter.packs import missing_schema, schema_files


def schema_checks(folder: Path, pack: YearPack) -> Iterator[Check]:
    """The checks of every schema the pack names; none for a pack without a format."""
    if pack.melding is None:
        return
    described = {
        "xsd_fag": (pack.melding.navnerom, pack.melding.versjon),
        "xsd_ident": (pack.melding.ident_navnerom, pack.melding.ident_versjon),
    }
    for key, path in schema_files(folder, pack).items():
        if not path.is_file():
            yield Check(key, ok=False, text=missing_schema(folder, path))
            continue
        yield _libxml2(key, path)
        schema = _xmlschema(path)
        if isinstance(schema, str):
            yield Check(f"{key}-xmlschema", ok=False, text=f"{path.name}: {schema}")
            continue
        yield Check(f"{key}-xmlschema", ok=True, text=f"{path.name} compiles with xmlschema")
        if key in described:
            yield from _same_format(key, schema, *described[key])


def _libxml2(key: str, path: Path) -> Check:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        etree.XMLSchema(etree.parse(path, parser))
    except (etree.LxmlError, OSError) as error:
        return Check(f"{key}-libxml2", ok=False, text=f"{path.name}: {error}")
    return Check(f"{key}-libxml2", ok=True, text=f"{path.name} compiles with libxml2")


def _xmlschema(path: Path) -> Any:
    """The compiled schema, or what was wrong with it. Local files only, and no entities."""
    try:
        return xmlschema.XMLSchema(str(path), allow="local", defuse="always")
    except (xmlschema.XMLSchemaException, etree.LxmlError, SyntaxError, OSError, ValueError) as error:
        return str(error).strip().splitlines()[0]


def _same_format(key: str, schema: Any, namespace: str, version: str) -> Iterator[Check]:
    found = schema.target_namespace
    text = f"namespace {found}" if found == namespace else f"namespace is {found}, the pack says {namespace}"
    yield Check(f"{key}-namespace", found == namespace, text)
    # The root elements that fix a version, as both messages do.
    fixed = {root.attributes["versjon"].fixed for root in schema.elements.values() if "versjon" in root.attributes}
    fixed.discard(None)
    agrees = not fixed or version in fixed
    text = f"version {version}" if agrees else f"version is {', '.join(sorted(fixed))}, the pack says {version}"
    yield Check(f"{key}-version", agrees, text)
