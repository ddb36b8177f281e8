"""The element tables of `schemas/` as objects, and the valid documents they speak of.

A table says what a message may hold, row by row; nothing here looks at an XSD. A *focus document* is the smallest
valid document that reaches a class, with every row of that class filled in: small enough to validate thousands of.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

SCHEMAS = Path(__file__).parents[2] / "schemas"
TABLES = ("2018/xsd/iplos", "2018/xsd/ident", "felles/xsd/msghead", "felles/xsd/apprec-1.0", "felles/xsd/apprec-1.1")


@dataclass(frozen=True)
class Value:
    name: str
    base: str
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]
    facets: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Row:
    """One child element or one attribute: `low` to `high` (None: unbounded) of class or value `of`."""

    name: str
    low: int
    high: int | None
    of: str
    source: str


@dataclass(frozen=True)
class Klass:
    name: str
    namespace: str
    children: tuple[Row, ...]
    attributes: tuple[Row, ...]
    choices: tuple[frozenset[str], ...]
    all_or_nothing: bool
    anything: bool

    def rivals(self, name: str) -> frozenset[str]:
        return next((choice for choice in self.choices if name in choice), frozenset())


@dataclass(frozen=True)
class Table:
    path: str
    root: str
    namespace: str
    prefixes: dict[str, str]
    globals: dict[str, str]
    classes: dict[str, Klass]
    values: dict[str, Value]
    unique: tuple[tuple[str, str, str], ...]

    def qname(self, owner: Klass | None, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        namespace = self.prefixes[prefix] if prefix else owner.namespace if owner else self.namespace
        return f"{{{namespace}}}{local}"

    def described(self, row: Row) -> bool:
        return row.of in self.classes or self.values[row.of].base != "utenfor"


@cache
def table(path: str) -> Table:
    data = tomllib.loads((SCHEMAS / f"{path}.toml").read_text("utf-8"))
    prefixes = data.get("prefiks", {})
    return Table(
        path=path,
        root=data["rot"],
        namespace=data["navnerom"],
        prefixes=prefixes,
        globals=data["globale"],
        classes={name: _klass(name, part, data["navnerom"], prefixes) for name, part in data["klasse"].items()},
        values={name: _value(name, part) for name, part in data["verdi"].items()},
        unique=tuple((one["i"], one["barn"], one["attributt"]) for one in data.get("unik", ())),
    )


def _klass(name: str, part: dict[str, Any], namespace: str, prefixes: dict[str, str]) -> Klass:
    return Klass(
        name=name,
        namespace=prefixes[part["navnerom"]] if "navnerom" in part else namespace,
        children=tuple(_row(*cells) for cells in part.get("barn", ())),
        attributes=tuple(_row(cells[0], f"{cells[1]}..1", *cells[2:]) for cells in part.get("attributter", ())),
        choices=tuple(frozenset(names) for names in part.get("valg", ())),
        all_or_nothing=part.get("alt_eller_ingenting", False),
        anything=part.get("vilkarlig", False),
    )


def _row(name: str, count: str, of: str, source: str) -> Row:
    low, _, high = count.partition("..")
    return Row(name, int(low), None if high == "n" else int(high), of, source)


def _value(name: str, part: dict[str, Any]) -> Value:
    facets = {key: part[key] for key in part if key not in {"grunntype", "godtatt", "avvist"}}
    return Value(name, part["grunntype"], tuple(part["godtatt"]), tuple(part["avvist"]), facets)


# --- Documents -------------------------------------------------------------------------------------------------------


def minimal(t: Table, tag: str, of: str) -> etree._Element:
    return make_unique(t, _element(t, None, tag, of, wanted=frozenset()))


def complete(t: Table, tag: str, of: str, *, turn: int = 0) -> etree._Element:
    """Every row at every level, two of what may repeat; `turn` picks the alternative where there is a choice."""
    return make_unique(t, _element(t, None, tag, of, wanted=None, turn=turn))


def focus(t: Table, of: str, *, choose: str | None = None) -> tuple[etree._Element, etree._Element]:
    """The smallest document around class `of`, and in it the element of that class with all its own rows filled."""
    path = _path_to(t, of)
    root = _element(t, None, path[0][0], path[0][1], wanted=frozenset(name for name, _ in path[1:2]))
    node, above = root, path[0][1]
    for step, (name, child_of) in enumerate(path[1:], start=1):
        old = next(child for child in node if child.tag == t.qname(t.classes[above], name))
        wanted = frozenset(after for after, _ in path[step + 1 : step + 2])
        new = _element(t, t.classes[above], name, child_of, wanted=wanted)
        node.replace(old, new)
        node, above = new, child_of
    klass = t.classes[of]
    own = {row.name for row in klass.children if row.name == choose or choose not in klass.rivals(row.name)}
    filled = _element(t, None, "x", of, wanted=frozenset(own | {row.name for row in klass.attributes}))
    filled.tag = node.tag
    if node is root:
        return make_unique(t, filled), filled
    parent = node.getparent()
    assert parent is not None
    parent.replace(node, filled)
    return make_unique(t, root), filled


def _path_to(t: Table, of: str) -> list[tuple[str, str]]:
    """Breadth first from the root, then from the other elements that may stand on top: (element, class) pairs."""
    for top in [t.root, *t.globals]:
        queue, seen = [[(top, t.globals[top])]], {t.globals[top]}
        while queue:
            path = queue.pop(0)
            if path[-1][1] == of:
                return path
            for row in t.classes[path[-1][1]].children:
                if row.of in t.classes and row.of not in seen:
                    seen.add(row.of)
                    queue.append([*path, (row.name, row.of)])
    raise AssertionError(f"{t.path}: nothing leads to {of}")


def _element(
    t: Table,
    owner: Klass | None,
    name: str,
    of: str,
    wanted: frozenset[str] | None,
    turn: int = 0,
    inside: frozenset[str] = frozenset(),
) -> etree._Element:
    """`wanted` names the optional rows to fill at this level; None fills all of them, here and below."""
    element = etree.Element(t.qname(owner, name))
    if of in t.values:
        element.text = t.values[of].accepted[0]
        return element
    klass = t.classes[of]
    for row in klass.attributes:
        if row.low or wanted is None or row.name in wanted:
            element.set(row.name, t.values[row.of].accepted[0])
    for row in _chosen(t, klass, wanted, turn, inside | {of}):
        for _ in range(2 if row.high is None and (wanted is None or row.name in wanted) else max(row.low, 1)):
            below = None if wanted is None else frozenset[str]()
            element.append(_element(t, klass, row.name, row.of, below, turn, inside | {of}))
    return element


def _chosen(t: Table, klass: Klass, wanted: frozenset[str] | None, turn: int, inside: frozenset[str]) -> list[Row]:
    rows = [row for row in klass.children if t.described(row)]
    if wanted is None:
        rows = [row for row in rows if row.of not in inside]
    chosen = {row.name for row in rows if wanted is None or row.low or row.name in wanted}
    for choice in klass.choices:
        rivals = [row.name for row in rows if row.name in choice and row.name in chosen]
        forced = [name for name in rivals if wanted and name in wanted]
        keep = forced[0] if forced else rivals[turn % len(rivals)] if rivals else None
        chosen -= choice - {keep}
    return [row for row in rows if row.name in chosen]


def make_unique(t: Table, root: etree._Element) -> etree._Element:
    for _, child, attribute in t.unique:
        for number, element in enumerate(root.iter(t.qname(None, child))):
            element.set(attribute, str(number))
    return root
