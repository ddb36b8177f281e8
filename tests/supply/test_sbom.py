"""The bill of materials: valid, complete, nothing besides, the same every time, and without anybody's address."""

import json
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from adapter import __version__
from tests.supply.licences import load_licences
from tests.supply.locks import RUNTIME, normalized, read_lock
from tests.supply.sbom import cleaned, sbom

LOCKED = read_lock(RUNTIME.read_text("utf-8"))


@pytest.fixture(scope="module")
def document() -> str:
    return sbom()


@pytest.fixture(scope="module")
def tree(document: str) -> Any:
    return json.loads(document)


def test_the_schema_of_cyclonedx_accepts_it(document: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(document) is None
    broken = document.replace('"type": "library"', '"type": "a library"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_it_holds_every_package_of_the_lock_in_its_version_and_none_besides(tree: Any) -> None:
    listed = [(normalized(one["name"]), one["version"]) for one in tree["components"]]
    assert sorted(listed) == sorted((normalized(one.name), one.version) for one in LOCKED)
    assert len(listed) > 40


def test_every_component_has_the_hashes_of_the_lock_and_a_licence(tree: Any) -> None:
    hashes = {normalized(one.name): set(one.hashes) for one in LOCKED}
    for component in tree["components"]:
        found = {one["content"] for one in component["externalReferences"][0]["hashes"]}
        assert found == hashes[normalized(component["name"])] != set(), component["name"]
        assert component["licenses"][0]["expression"], component["name"]


def test_it_is_about_this_program_which_needs_all_of_them(tree: Any) -> None:
    root = tree["metadata"]["component"]
    assert (root["name"], root["version"]) == ("iplos-adapter", __version__)
    [needs] = [one for one in tree["dependencies"] if one["ref"] == root["bom-ref"]]
    assert set(needs["dependsOn"]) == {one["bom-ref"] for one in tree["components"]}


def test_it_names_neither_a_registry_nor_a_place_on_this_machine(document: str) -> None:
    addresses = set(re.findall(r'"[a-z+]+://[^"]*"', document))
    assert addresses == {'"http://cyclonedx.org/schema/bom-1.6.schema.json"'}
    assert not re.findall(r'"/[^"]*"', document)
    assert str(RUNTIME.parent) not in document


def test_the_same_lock_gives_the_same_bytes(document: str) -> None:
    assert sbom() == document


def test_what_the_tool_says_too_much_of_is_taken_out() -> None:
    component = {
        "bom-ref": "requirements-L3",
        "name": "msgspec",
        "version": "1",
        "type": "library",
        "purl": "pkg:pypi/msgspec@1",
        "description": "requirements line 3",
        "externalReferences": [{"type": "distribution", "url": "https://r.invalid/x", "hashes": [{"content": "ab"}]}],
    }
    root = {"name": "x", "type": "application", "bom-ref": "root", "externalReferences": [{"url": "https://r.invalid"}]}
    document = {"components": [component], "metadata": {"component": root, "tools": {"components": []}}}
    made = cleaned(document, load_licences())
    assert "r.invalid" not in json.dumps(made)
    assert "line 3" not in json.dumps(made)
    assert made["components"][0]["externalReferences"][0]["hashes"] == [{"content": "ab"}]
