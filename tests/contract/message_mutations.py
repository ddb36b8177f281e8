"""Small changes to built messages, drawn from a seed: what somebody, or a fault of ours, might make of them.

A change knows its kind and where it hit; whether the result is valid is for the validators to say.
"""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import NamedTuple

from lxml import etree


class Change(NamedTuple):
    """A changed document."""

    kind: str
    where: str
    document: bytes


Mutate = Callable[[random.Random, etree._Element], str | None]

IPLOS_DATES = ("20180231", "2018-02-01", "201802", "", "0", "99991231", "00000101", "20181301", "20180100", "x")
TEXTS = (
    "",
    " ",
    "x",
    "0",
    "-1",
    "1.5",
    "1e3",
    "+7",
    "007",
    "99999999999",
    "32768",
    "2147483648",
    "æ",
    "1 2",
    "NaN",
    "INF",
)
CODES = (
    "0",
    "3",
    "4",
    "7",
    "9",
    "10",
    "11",
    "17",
    "27",
    "999",
    "M",
    "K",
    "k",
    "ICD-10",
    "ICD-11",
    "P",
    "B",
    "3.5",
    "3.7",
)


def elements(root: etree._Element) -> list[etree._Element]:
    return list(root.iter("*"))


def leaves(root: etree._Element) -> list[etree._Element]:
    return [one for one in elements(root) if len(one) == 0 and one.text]


def named(element: etree._Element) -> str:
    return etree.QName(element).localname


def drop(draw: random.Random, root: etree._Element) -> str | None:
    """An element goes."""
    one = draw.choice(elements(root)[1:])
    parent = one.getparent()
    assert parent is not None
    parent.remove(one)
    return named(one)


def repeat(draw: random.Random, root: etree._Element) -> str | None:
    """An element comes twice."""
    one = draw.choice(elements(root)[1:])
    one.addnext(deepcopy(one))
    return named(one)


def reorder(draw: random.Random, root: etree._Element) -> str | None:
    """Two neighbours change places."""
    one = draw.choice([one for one in elements(root)[1:] if one.getnext() is not None])
    following = one.getnext()
    assert following is not None
    following.addnext(one)
    return named(one)


def move(draw: random.Random, root: etree._Element) -> str | None:
    """An element moves to another parent."""
    one, other = draw.choice(elements(root)[1:]), draw.choice(elements(root))
    if other is one or one in other.iterancestors():
        return None
    other.insert(draw.randint(0, len(other)), deepcopy(one))
    return f"{named(one)} in {named(other)}"


def change_type(draw: random.Random, root: etree._Element) -> str | None:
    """A text becomes something of another type."""
    one = draw.choice(leaves(root))
    one.text = draw.choice(TEXTS)
    return named(one)


def change_date(draw: random.Random, root: etree._Element) -> str | None:
    """A date becomes another form of date."""
    one = draw.choice([one for one in leaves(root) if "Dato" in named(one)] or leaves(root))
    one.text = draw.choice(IPLOS_DATES)
    return named(one)


def change_code(draw: random.Random, root: etree._Element) -> str | None:
    """A text becomes a code of this list or another."""
    one = draw.choice(leaves(root))
    one.text = draw.choice(CODES)
    return named(one)


def change_length(draw: random.Random, root: etree._Element) -> str | None:
    """A text becomes a character longer or shorter."""
    one = draw.choice(leaves(root))
    text = one.text or ""
    one.text = draw.choice((text[:-1], f"{text}1", text * 2, f"{text}\u00e6"))
    return named(one)


def change_cardinality(draw: random.Random, root: etree._Element) -> str | None:
    """All of a name under one parent go, or one of them comes in many copies."""
    one = draw.choice(elements(root)[1:])
    parent = one.getparent()
    assert parent is not None
    same = [child for child in parent if child.tag == one.tag]
    if draw.random() < 0.5:
        for child in same:
            parent.remove(child)
    else:
        for _ in range(draw.randint(1, 4)):
            one.addnext(deepcopy(one))
    return named(one)


def change_attribute(draw: random.Random, root: etree._Element) -> str | None:
    """An attribute gets another value."""
    one = draw.choice([one for one in elements(root) if one.attrib])
    name = draw.choice(sorted(map(str, one.attrib)))
    one.set(name, draw.choice((*TEXTS, *CODES, *IPLOS_DATES)))
    return f"{named(one)}/@{name}"


def drop_attribute(draw: random.Random, root: etree._Element) -> str | None:
    """An attribute goes."""
    one = draw.choice([one for one in elements(root) if one.attrib])
    name = draw.choice(sorted(map(str, one.attrib)))
    del one.attrib[name]
    return f"{named(one)}/@{name}"


def add_attribute(draw: random.Random, root: etree._Element) -> str | None:
    """An attribute comes that does not belong there, or in a namespace."""
    one = draw.choice(elements(root))
    namespace = etree.QName(one).namespace
    name = draw.choice(("ukjent", "versjon", f"{{{namespace}}}pid", "pePeID", "V", "{urn:x}y"))
    one.set(name, "1")
    return f"{named(one)}/@{name}"


def rename(draw: random.Random, root: etree._Element) -> str | None:
    """An element gets another name or another namespace."""
    one = draw.choice(elements(root))
    before = named(one)
    one.tag = draw.choice(
        (f"{one.tag}x", before, f"{{urn:x}}{before}", f"{{{etree.QName(one).namespace}}}{before.lower()}")
    )
    return before


def add_text(draw: random.Random, root: etree._Element) -> str | None:
    """Words between the elements."""
    one = draw.choice([one for one in elements(root) if len(one) and named(one) not in ("Content", "RefDoc")])
    one.text = draw.choice(("tekst", "\n", " 1 ", ""))
    return named(one)


MUTATIONS: dict[str, Mutate] = {
    one.__name__: one
    for one in (
        drop,
        repeat,
        reorder,
        move,
        change_type,
        change_date,
        change_code,
        change_length,
        change_cardinality,
        change_attribute,
        drop_attribute,
        add_attribute,
        rename,
        add_text,
    )
}


def changes(document: bytes, kind: str, seed: int, count: int) -> Iterator[Change]:
    """`count` changes of one kind, the same for the same seed."""
    draw, made = random.Random(f"{kind}/{seed}"), 0
    while made < count:
        root = etree.fromstring(document)
        where = MUTATIONS[kind](draw, root)
        if where is not None:
            made += 1
            yield Change(kind, where, etree.tostring(root))
