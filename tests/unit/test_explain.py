"""Explanations: line, element and reason for a person at a desk; never the value, for it may be an identity number."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from adapter.message.explain import Explanation, explain
from adapter.message.kinds import DoctypeError
from tests.unit.test_kinds import HOSTILE

SCHEMAS = Path(__file__).parents[2] / "schemas"
EXAMPLES = Path(__file__).parents[1] / "golden" / "eksempler"
SCHEMA_OF = {
    "iplos-full": SCHEMAS / "2018" / "xsd" / "sending-ipl.xsd",
    "sending-ipl": SCHEMAS / "2018" / "xsd" / "sending-ipl.xsd",
    "sending-ide": SCHEMAS / "2018" / "xsd" / "sending-ide.xsd",
    "apprec-1.1-avvist": SCHEMAS / "felles" / "xsd" / "apprec-1.1.xsd",
}
IDENTITY = "15825041299"
# As a number, as a text, among quotes that could end a quotation too early, and over two lines.
BAD = (IDENTITY, f"it's \"{IDENTITY}\" or '{IDENTITY}", f"a {IDENTITY}\n{IDENTITY}")


def example(name: str) -> str:
    return (EXAMPLES / f"{name}.xml").read_text("utf-8")


def explained(name: str, old: str, new: str) -> list[Explanation]:
    text = example(name)
    assert old in text
    return explain(text.replace(old, new, 1).encode(), SCHEMA_OF[name])


@pytest.mark.parametrize("name", SCHEMA_OF)
def test_a_valid_document_needs_no_explanation(name: str) -> None:
    assert explain(example(name).encode(), SCHEMA_OF[name]) == []


def line_of(name: str, text: str) -> int:
    return next(number for number, line in enumerate(example(name).splitlines(), start=1) if text in line)


@pytest.mark.parametrize(
    ("name", "old", "new", "element", "reason"),
    [
        ("iplos-full", "<peKjonn>K<", "<peKjonn>X<", "peKjonn", "value must be one of ['K', 'M']"),
        ("iplos-full", "<tjTimerUke>7.5<", "<tjTimerUke>7,5<", "tjTimerUke", "invalid value *** for xs:decimal"),
        ("iplos-full", "<tjTimerUke>7.5<", "<tjTimerUke>1000.25<", "tjTimerUke", "number of digits"),
        ("iplos-full", "<tjFraDato>20180215<", "<tjFraDato>2018<", "tjFraDato", "value doesn't match any pattern of ["),
        ("iplos-full", "<diDiagKode>P70<", f"<diDiagKode>{IDENTITY}<", "diDiagKode", "cannot be greater than 10"),
        ("iplos-full", '<PERSON pePeID="2">', "<PERSON>", "PERSON", "missing required attribute 'pePeID'"),
        ("iplos-full", '<PERSON pePeID="2">', '<PERSON pePeID="x">', "PERSON", "attribute pePeID=***: invalid literal"),
        (
            "sending-ide",
            'typeID="1"',
            'typeID="11"',
            "PasientIdent",
            "attribute typeID=***: value must be one of [1, 2",
        ),
        ("sending-ide", 'pid="2"', 'pid="1"', "PasientIdent", "duplicated value"),
    ],
)
def test_a_fault_is_told_by_line_element_and_reason(name: str, old: str, new: str, element: str, reason: str) -> None:
    found = explained(name, old, new)
    assert [one.element for one in found] == [element]
    assert reason in found[0].reason
    assert found[0].line == line_of(name, old)


def test_a_missing_element_is_told_by_its_name() -> None:
    (found,) = explained("iplos-full", "<tjVedtDato>20180210</tjVedtDato>", "")
    assert found.element == "TJENESTE"
    assert "tjVedtDato" in found.reason


def test_no_more_than_asked_for_are_told_in_the_order_of_the_document() -> None:
    text = example("iplos-full").replace("<fnFraDato>", "<fnFraDato>x").replace("<peKjonn>", "<peKjonn>x")
    every = explain(text.encode(), SCHEMA_OF["iplos-full"])
    assert [one.element for one in every] == ["peKjonn", "fnFraDato", "fnFraDato", "peKjonn"]
    assert [one.line for one in every] == sorted(one.line for one in every)
    assert explain(text.encode(), SCHEMA_OF["iplos-full"], most=3) == every[:3]


# ---- no value -------------------------------------------------------------------------------------------------------


def spoiled(name: str, bad: str) -> Iterator[bytes]:
    """The example with every text and every attribute, one at a time, replaced by a bad value; and one beside each."""
    source = example(name).encode()
    for place, original in enumerate(etree.fromstring(source).iter("*")):
        for slot in (None, "ukjent", *original.attrib):
            root = etree.fromstring(source)
            element = list(root.iter("*"))[place]
            if slot is None:
                element.text = bad
            else:
                element.set(slot, bad)
            yield etree.tostring(root)


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", SCHEMA_OF)
def test_an_identity_number_as_a_bad_value_is_never_in_an_explanation(name: str, bad: str) -> None:
    found = [one for document in spoiled(name, bad) for one in explain(document, SCHEMA_OF[name])]
    assert len(found) > 20
    assert not [one for one in found if IDENTITY in str(one)]
    assert not [one for one in found if IDENTITY[:6] in one.reason]


@pytest.mark.parametrize("bad", ["Kari", 'Kari\'s "F00.1"'])
def test_no_other_value_of_the_faulty_element_is_told_either(bad: str) -> None:
    for document in spoiled("iplos-full", bad):
        for one in explain(document, SCHEMA_OF["iplos-full"]):
            assert "Kari" not in one.reason
            assert "F00.1" not in one.reason


def test_an_identity_number_as_the_name_of_an_element_is_masked() -> None:
    (found, *_) = explained("iplos-full", "<peKjonn>K</peKjonn>", f"<nr{IDENTITY}/>")
    assert IDENTITY not in found.reason


def test_a_key_that_comes_twice_is_not_told() -> None:
    text = example("sending-ide").replace('pid="1"', f'pid="{IDENTITY}"').replace('pid="2"', f'pid="{IDENTITY}"')
    (found,) = explain(text.encode(), SCHEMA_OF["sending-ide"])
    assert "duplicated value" in found.reason
    assert IDENTITY not in found.reason


# ---- hostile --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_xml_is_refused_before_it_is_looked_at(what: str) -> None:
    with pytest.raises((etree.XMLSyntaxError, DoctypeError)):
        explain(HOSTILE[what].encode(), SCHEMA_OF["iplos-full"])


def test_the_deepest_document_the_parser_takes_can_be_explained() -> None:
    depth = 250
    deep = example("iplos-full").replace("<peKjonn>K", "<x>" * depth + "</x>" * depth + "<peKjonn>K", 1)
    assert explain(deep.encode(), SCHEMA_OF["iplos-full"])


def test_a_hint_to_another_schema_is_not_followed(tmp_path: Path) -> None:
    lax = tmp_path / "lax.xsd"
    lax.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="x"/></xs:schema>', "utf-8")
    hint = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{lax.as_uri()}"'
    assert explain(f"<x {hint}/>".encode(), SCHEMA_OF["iplos-full"])
