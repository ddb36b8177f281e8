"""Small changes to valid documents, each with the verdict its table row gives it. Nothing here looks at an XSD."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from tests.contract.element_tables import Row, Table, complete, focus, make_unique

MANY = 5  # copies that must pass where a row says n


@dataclass(frozen=True)
class Mutation:
    what: str
    document: etree._Element
    valid: bool


def row_mutations(t: Table, of: str, row: Row) -> Iterator[Mutation]:
    """What the row's count and place allow and forbid."""
    klass = t.classes[of]
    tag = t.qname(klass, row.name)

    def edited(count: int) -> etree._Element:
        root, node = focus(t, of, choose=row.name)
        mine = [child for child in node if child.tag == tag]
        at, pattern = node.index(mine[0]), deepcopy(mine[0])
        for child in mine:
            node.remove(child)
        for _ in range(count):
            node.insert(at, deepcopy(pattern))
        return make_unique(t, root)

    yield Mutation("as it is", focus(t, of, choose=row.name)[0], valid=True)
    rivals_may_be_absent = all(r.low == 0 for r in klass.children if r.name in klass.rivals(row.name))
    none_is_fine = row.low == 0 if not klass.rivals(row.name) else rivals_may_be_absent
    if len(klass.children) > 1 or not klass.all_or_nothing:
        yield Mutation("none", edited(0), valid=none_is_fine)
    if row.low > 1:
        yield Mutation(f"{row.low - 1}", edited(row.low - 1), valid=False)
    if row.high is None:
        yield Mutation(f"{MANY}", edited(MANY), valid=True)
    else:
        yield Mutation(f"{row.high}", edited(row.high), valid=True)
        yield Mutation(f"{row.high + 1}", edited(row.high + 1), valid=False)
    for rival in sorted(klass.rivals(row.name) - {row.name}):
        root, node = focus(t, of, choose=row.name)
        other = next(child for child in focus(t, of, choose=rival)[1] if child.tag == t.qname(klass, rival))
        next(child for child in node if child.tag == tag).addnext(deepcopy(other))
        yield Mutation(f"together with {rival}", root, valid=False)
    root, node = focus(t, of, choose=row.name)
    first = next(child for child in node if child.tag == tag)
    before = first.getprevious()
    if before is not None:
        before.addprevious(first)
        yield Mutation("before its predecessor", root, valid=False)
    for what, wrong in (("no namespace", row.name), ("other case", tag[:-1] + tag[-1].swapcase())):
        root, node = focus(t, of, choose=row.name)
        next(child for child in node if child.tag == tag).tag = wrong
        yield Mutation(what, root, valid=False)


def value_mutations(t: Table, of: str, row: Row) -> Iterator[Mutation]:
    """The samples of the row's value, tried in this very place."""
    value = t.values[row.of]
    is_attribute = row in t.classes[of].attributes
    for sample in (*value.accepted, *value.rejected):
        root, node = focus(t, of, choose=None if is_attribute else row.name)
        if is_attribute:
            node.set(row.name, sample)
        else:
            next(child for child in node if child.tag == t.qname(t.classes[of], row.name)).text = sample
        yield Mutation(repr(sample), root, valid=sample in value.accepted)


def attribute_mutations(t: Table, of: str, row: Row) -> Iterator[Mutation]:
    root, node = focus(t, of)
    del node.attrib[row.name]
    yield Mutation("left out", root, valid=row.low == 0)
    root, node = focus(t, of)
    node.set(f"{{{t.namespace}}}{row.name}", node.attrib.pop(row.name))
    yield Mutation("qualified", root, valid=False)


def class_mutations(t: Table, of: str) -> Iterator[Mutation]:
    """What no class may hold, whatever its rows say."""
    klass = t.classes[of]
    root, node = focus(t, of)
    node.set("ukjent", "1")
    yield Mutation("unknown attribute", root, valid=False)
    for where in (0, len(node)):
        root, node = focus(t, of)
        node.insert(where, etree.Element(t.qname(klass, "Ukjent")))
        yield Mutation(f"unknown element at {where}", root, valid=False)
    if not klass.anything:  # the two validators differ there: test_message_examples_validate.py
        root, node = focus(t, of)
        node.text = "tekst"
        yield Mutation("text between the elements", root, valid=False)
    root, node = focus(t, of)
    for child in node:
        node.remove(child)
    empty_is_fine = klass.all_or_nothing or not any(row.low for row in klass.children)
    yield Mutation("no elements at all", root, valid=empty_is_fine)


def unique_mutations(t: Table) -> Iterator[Mutation]:
    """The same key twice under one parent; and once under each of two parents, which is no clash."""
    for parent, child, attribute in t.unique:
        root, node = focus(t, parent)
        twins = [element for element in node if element.tag == t.qname(None, child)]
        for twin in twins:
            twin.set(attribute, "tvilling")
        yield Mutation(f"{child} twice in {parent}", root, valid=False)
        root = complete(t, t.root, t.globals[t.root])
        for owner in list(root.iter(t.qname(None, parent))):
            next(element for element in owner if element.tag == t.qname(None, child)).set(attribute, "tvilling")
        yield Mutation(f"{child} once in each {parent}", root, valid=True)
