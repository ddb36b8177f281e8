"""A loaded XSD laid beside a table, to find what the XSD has and the table lacks. Mutations cannot find that."""

from collections.abc import Iterator
from typing import Any

from tests.contract.element_tables import Klass, Table, Value

Shape = tuple[str, int, int | None]


def particles(group: Any, *, loose: bool = False) -> Iterator[Shape]:
    """The elements of a content model in order; what is optional as part of a group counts as optional."""
    loose = loose or group.min_occurs == 0 or group.model == "choice"
    for part in group:
        if hasattr(part, "model"):
            yield from particles(part, loose=loose)
        else:
            yield (part.name or "*", 0 if loose else part.min_occurs, part.max_occurs)


def rows_as_particles(t: Table, klass: Klass) -> list[Shape]:
    if klass.anything:
        return [("*", 0, None)]
    return [
        (t.qname(klass, row.name), 0 if klass.all_or_nothing or klass.rivals(row.name) else row.low, row.high)
        for row in klass.children
    ]


def simple(kind: Any) -> dict[str, Any]:
    """An XSD simple type in the words of a table: its built-in ancestor and its facets."""
    if kind.is_union():
        return {"grunntype": "union", "en_type_av": [member.local_name for member in kind.member_types]}
    ancestor = kind
    while "XMLSchema" not in (ancestor.target_namespace or ""):
        ancestor = ancestor.base_type
    facets: dict[str, Any] = {"grunntype": ancestor.local_name}
    if ancestor is kind:
        return facets
    if kind.enumeration:
        facets["en_av"] = {str(one) for one in kind.enumeration}
    if kind.patterns:
        facets["monster"] = "|".join(kind.patterns.regexps)
    for tag, facet in kind.facets.items():
        name = {"length": "lengde", "maxLength": "maks_lengde", "totalDigits": "sifre", "fractionDigits": "desimaler"}
        local = str(tag).rpartition("}")[2]
        if local in name:
            facets[name[local]] = facet.value
    if {"minInclusive", "maxInclusive"} <= {str(tag).rpartition("}")[2] for tag in kind.facets if tag}:
        facets["en_av"] = {str(one) for one in range(kind.min_value, kind.max_value + 1)}
    return facets


def value_as_simple(value: Value) -> dict[str, Any]:
    facets = {"grunntype": value.base} | {k: v for k, v in value.facets.items() if k not in {"fast", "standard"}}
    return facets | ({"en_av": set(facets["en_av"])} if "en_av" in facets else {})


def extras(t: Table, holder: Any, of: str, seen: set[tuple[str, int]]) -> list[str]:
    """Differences between one declaration of the XSD and the row's class or value, and all that is below it."""
    kind = holder.type
    if of in t.values:
        value = t.values[of]
        told = (value_as_simple(value), value.facets.get("fast"), value.facets.get("standard"))
        there = (simple(kind), holder.fixed, holder.default)
        return [] if told == there else [f"{holder.name}: table {told}, schema {there}"]
    if (of, id(kind)) in seen:
        return []
    seen.add((of, id(kind)))
    klass, found = t.classes[of], []
    told_rows, there_rows = rows_as_particles(t, klass), list(particles(kind.content))
    told_choices = sorted(told_rows), sorted(there_rows)
    if (told_choices[0] != told_choices[1]) if klass.choices else (told_rows != there_rows):
        found.append(f"{of}: table {told_rows}, schema {there_rows}")
    told_attributes = {(row.name, bool(row.low)) for row in klass.attributes}
    there_attributes = {(name, one.use == "required") for name, one in kind.attributes.items()}
    if told_attributes != there_attributes:
        found.append(f"{of}: table {told_attributes}, schema {there_attributes}")
    elements = {child.name: child for child in kind.content.iter_elements()}
    for row in klass.attributes:
        found += extras(t, kind.attributes[row.name], row.of, seen)
    for row in klass.children:
        if t.described(row):
            found += extras(t, elements[t.qname(klass, row.name)], row.of, seen)
    return found
