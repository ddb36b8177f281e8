"""The element tables and the XSDs say the same, row by row, in two independent validators.

The tables are written from the facts, the verdicts follow from the tables alone, and the samples in them are set up
by hand. Nothing here reads what the XSD thinks, but for the last part, which looks for what the XSD has too much.
"""

import re
from collections.abc import Iterable

import pytest
from lxml import etree

from tests.contract.both_validators import both, verdicts, xmlschema_schema
from tests.contract.element_tables import TABLES, Row, Table, Value, complete, minimal, table
from tests.contract.schema_shapes import extras
from tests.contract.table_mutations import (
    Mutation,
    attribute_mutations,
    class_mutations,
    row_mutations,
    unique_mutations,
    value_mutations,
)

ROWS = [(path, of, row) for path in TABLES for of, k in table(path).classes.items() for row in k.children]
ATTRIBUTES = [(path, of, row) for path in TABLES for of, k in table(path).classes.items() for row in k.attributes]
CLASSES = [(path, of) for path in TABLES for of in table(path).classes]
VALUES = [(path, name) for path in TABLES for name in table(path).values]


def surprises(t: Table, mutations: Iterable[Mutation]) -> list[str]:
    found = []
    for mutation in mutations:
        seen = verdicts(t.path, mutation.document)
        if seen != both(verdict=mutation.valid):
            found.append(f"{mutation.what}: should be {mutation.valid}, is {seen}")
    return found


def named(part: object) -> str:
    return part.name if isinstance(part, Row) else str(part).rpartition("/")[2]


@pytest.mark.parametrize("path", TABLES)
def test_every_element_that_may_stand_on_top_can_be_as_small_and_as_full_as_the_table_says(path: str) -> None:
    t = table(path)
    for tag, of in t.globals.items():
        wrong = surprises(t, [Mutation("minimal", minimal(t, tag, of), valid=True)])
        wrong += surprises(t, (Mutation(f"full {n}", complete(t, tag, of, turn=n), valid=True) for n in range(4)))
        assert wrong == [], tag


@pytest.mark.parametrize("path", TABLES)
def test_no_other_element_may_stand_on_top(path: str) -> None:
    t = table(path)
    names = {row.name for k in t.classes.values() for row in k.children if ":" not in row.name}
    documents = [etree.Element(t.qname(None, name)) for name in sorted(names - set(t.globals))]
    assert documents or path.endswith("ident")
    assert surprises(t, (Mutation(str(document.tag), document, valid=False) for document in documents)) == []


@pytest.mark.parametrize(("path", "of", "row"), [one for one in ROWS if table(one[0]).described(one[2])], ids=named)
def test_an_element_keeps_its_count_and_its_place(path: str, of: str, row: Row) -> None:
    assert surprises(table(path), row_mutations(table(path), of, row)) == []


@pytest.mark.parametrize(
    ("path", "of", "row"),
    [one for one in (*ROWS, *ATTRIBUTES) if one[2].of in table(one[0]).values and table(one[0]).described(one[2])],
    ids=named,
)
def test_a_value_is_taken_or_refused_as_its_samples_say(path: str, of: str, row: Row) -> None:
    assert surprises(table(path), value_mutations(table(path), of, row)) == []


@pytest.mark.parametrize(("path", "of", "row"), ATTRIBUTES, ids=named)
def test_an_attribute_is_there_when_it_must_and_never_in_the_namespace(path: str, of: str, row: Row) -> None:
    assert surprises(table(path), attribute_mutations(table(path), of, row)) == []


@pytest.mark.parametrize(("path", "of"), CLASSES, ids=named)
def test_a_class_holds_nothing_but_its_rows(path: str, of: str) -> None:
    assert surprises(table(path), class_mutations(table(path), of)) == []


@pytest.mark.parametrize("path", [path for path in TABLES if table(path).unique], ids=named)
def test_a_key_is_unique_among_its_siblings_only(path: str) -> None:
    mutations = list(unique_mutations(table(path)))
    assert len(mutations) == 2 * len(table(path).unique)
    assert surprises(table(path), mutations) == []


# --- The tables themselves -------------------------------------------------------------------------------------------


def boundary(value: Value) -> list[tuple[str, bool]]:
    """What must be among the samples: just inside and just outside each facet."""
    found = [(one, True) for one in value.facets.get("en_av", ())]
    lengths = {len(one): True for one in value.accepted} | {len(one): False for one in value.rejected}
    if (exact := value.facets.get("lengde")) is not None:
        assert (lengths[exact - 1], lengths[exact + 1]) == (False, False)
        assert {len(one) for one in value.accepted} == {exact}
    if (most := value.facets.get("maks_lengde")) is not None:
        assert max(len(one) for one in value.accepted) == most
        assert min(len(one) for one in value.rejected) == most + 1
    if (pattern := value.facets.get("monster")) is not None:
        collapse = str.strip if value.base == "token" else str
        for one in (*value.accepted, *value.rejected):
            assert bool(re.fullmatch(pattern, collapse(one))) is (one in value.accepted), one
    return found


@pytest.mark.parametrize(("path", "name"), VALUES, ids=named)
def test_the_samples_stand_on_both_sides_of_every_facet(path: str, name: str) -> None:
    value = table(path).values[name]
    for sample, verdict in boundary(value):
        assert (sample in value.accepted) is verdict
    free = {"string", "token", "anyURI", "utenfor"}
    narrow = set(value.facets) - {"standard"} or value.base not in free
    assert bool(value.rejected) is bool(narrow), "a value that can be wrong needs a wrong sample, and only such a value"
    assert not set(value.accepted) & set(value.rejected)


# --- What the XSD has too much ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TABLES)
def test_the_schema_has_no_element_attribute_or_facet_that_the_table_lacks(path: str) -> None:
    t, schema = table(path), xmlschema_schema(path)
    assert set(schema.elements) == set(t.globals)
    seen: set[tuple[str, int]] = set()
    assert [one for tag, of in t.globals.items() for one in extras(t, schema.elements[tag], of, seen)] == []
    assert {of for of, _ in seen} == set(t.classes)
