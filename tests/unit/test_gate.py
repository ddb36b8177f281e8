"""The gate: what the schema refuses is named one by one, by element and kind of fault, and never by its value."""

import re
from pathlib import Path

import pytest

from adapter.message.gate import Gate, Skjemafeil
from tests.unit.pair import GATE_IDE, GATE_IPL, TRONDHEIM, build, ordinary

IDENTITY = "15825041211"
SCHEMAS = Path(__file__).parents[2] / "schemas"
IPLOS = Gate(SCHEMAS / "2018" / "xsd" / "iplos.xsd")
EXAMPLE = (Path(__file__).parents[1] / "golden" / "eksempler" / "iplos-full.xml").read_text("utf-8")

PAIR = build(ordinary(serial) for serial in range(3))
HEAD, _, REST = PAIR.ipl.decode().partition("<PERSON ")
PERSONS = [f"<PERSON {one}" for one in REST.partition("</IPLOS>")[0].split("<PERSON ")]
TAIL = f"</IPLOS>{REST.partition('</IPLOS>')[2]}"
GOOD = PERSONS[0]
NO_SEX = GOOD.replace("<peKjonn>K</peKjonn>", "")
BAD_SEX = GOOD.replace("<peKjonn>K<", f"<peKjonn>{IDENTITY}<")
BAD_KEY = GOOD.replace('pePeID="', f'pePeID="{IDENTITY}')
BROKEN = GOOD.replace("</PERSON>", "")


def test_the_pieces_of_a_message_are_the_message() -> None:
    assert "".join((HEAD, *PERSONS, TAIL)).encode() == PAIR.ipl
    assert len(PERSONS) == 3


def test_nothing_is_said_of_a_valid_batch() -> None:
    assert GATE_IPL.problems(PAIR.ipl) == []
    assert GATE_IPL.failing(HEAD, PERSONS, TAIL) == {}


def test_every_fragment_that_fails_is_named_by_its_place_and_no_other() -> None:
    found = GATE_IPL.failing(HEAD, [GOOD, NO_SEX, GOOD, BAD_SEX, BAD_KEY, GOOD, BROKEN], TAIL)
    assert {place: str(problems[0]) for place, problems in found.items()} == {
        1: "peKomnr: SCHEMAV_ELEMENT_CONTENT",
        3: "peKjonn: SCHEMAV_CVC_ENUMERATION_VALID",
        4: "PERSON: SCHEMAV_CVC_DATATYPE_VALID_1_2_1",
        6: ": XML_NOT_WELL_FORMED",
    }


def test_a_fragment_that_would_close_its_neighbour_is_found_alone() -> None:
    closing = f"</IPLOS>{GOOD}"
    assert set(GATE_IPL.failing(HEAD, [GOOD, closing, GOOD], TAIL)) == {1}


def test_all_faults_of_a_fragment_are_kept() -> None:
    twice = BAD_SEX.replace("<peAlder>", "<peAlder>x")
    (problems,) = GATE_IPL.failing(HEAD, [twice], TAIL).values()
    assert {problem.element for problem in problems} == {"peAlder", "peKjonn"}


@pytest.mark.parametrize(
    "bad",
    [
        EXAMPLE.replace("<peKjonn>K<", f"<peKjonn>{IDENTITY}<"),
        EXAMPLE.replace("<peAlder>", f"<peAlder>{IDENTITY}"),
        EXAMPLE.replace('pePeID="1"', f'pePeID="{IDENTITY}"'),
        EXAMPLE.replace("<diDiagKode>P70<", f"<diDiagKode>{IDENTITY}<"),
        EXAMPLE.replace("<tjTimerUke>7.5<", f"<tjTimerUke>{IDENTITY}<"),
        EXAMPLE.replace("<peKomnr>", f"<peKomnr>{IDENTITY}"),
        EXAMPLE.replace('pePeID="1"', f'pePeID="1" ukjent="{IDENTITY}"'),
        EXAMPLE.replace("<INNHINFO>", f"<INNHINFO>{IDENTITY}"),
        EXAMPLE.replace("</PERSON>", f"{IDENTITY}</PERSON>", 1),
        EXAMPLE.replace("</PERSON>", f"<x>{IDENTITY}</x></PERSON>", 1),
        EXAMPLE.replace("</PERSON>", f"{IDENTITY}", 1),
    ],
)
def test_no_value_is_told(bad: str) -> None:
    problems = IPLOS.problems(bad.encode())
    assert problems
    assert IDENTITY not in " ".join(map(str, problems))
    assert IDENTITY not in repr(problems)


def test_a_number_twice_in_the_ident_message_is_found_and_not_told() -> None:
    ide = PAIR.ide.decode()
    first = ide[ide.index("<PasientIdent") : ide.index("/>", ide.index("<PasientIdent")) + 2]
    problems = GATE_IDE.problems(ide.replace(first, f"{first}{first}").encode())
    assert problems == [Skjemafeil("PasientIdent", "SCHEMAV_CVC_IDC")]
    assert PAIR.pids[0] not in str(problems[0])


def test_an_envelope_without_persons_has_no_fault_of_its_own() -> None:
    assert GATE_IPL.envelope(HEAD, TAIL, "IPLOS") == []
    assert GATE_IPL.problems(f"{HEAD}{TAIL}".encode()) == [Skjemafeil("IPLOS", "SCHEMAV_ELEMENT_CONTENT")]


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        ('versjon="3.5"', 'versjon="3.4"', "IPLOS"),
        (f"<iiKomnr>{TRONDHEIM.kommunenummer}<", "<iiKomnr>501<", "iiKomnr"),
        ("<iiBydelsnr>00<", "<iiBydelsnr><", "iiBydelsnr"),
        ("<GenDate>2019", "<GenDate>19", "GenDate"),
        ("<iiLagetDato>", "<iiLagetDato>x", "iiLagetDato"),
    ],
)
def test_a_fault_of_the_envelope_is_told_as_such(old: str, new: str, element: str) -> None:
    assert old in HEAD
    assert element in [problem.element for problem in GATE_IPL.envelope(HEAD.replace(old, new, 1), TAIL, "IPLOS")]


def test_entities_and_network_are_no_way_in() -> None:
    bomb = HEAD.replace("?>", '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1)
    problems = GATE_IPL.problems(f"{bomb}{GOOD.replace('<peKjonn>K', '<peKjonn>&e;')}{TAIL}".encode())
    assert problems == [Skjemafeil("", "DOCTYPE_NOT_ALLOWED")]


ELEMENTS = sorted(set(re.findall(r"<(\w+)>[^<]*</\1>", EXAMPLE)))
MUTILATED = {
    **{f"{name} left out": re.sub(rf"<{name}>[^<]*</{name}>", "", EXAMPLE, count=1) for name in ELEMENTS},
    **{f"{name} wrong": re.sub(rf"<{name}>[^<]*<", f"<{name}>æ æ<", EXAMPLE, count=1) for name in ELEMENTS},
    **{f"{name} twice": re.sub(rf"(<{name}>[^<]*</{name}>)", r"\1\1", EXAMPLE, count=1) for name in ELEMENTS},
    "an attribute more": EXAMPLE.replace("<PERSON ", '<PERSON more="1" ', 1),
    "an attribute less": re.sub(r' pePeID="[^"]*"', "", EXAMPLE, count=1),
    "cut off": EXAMPLE[: len(EXAMPLE) // 2],
    "nothing": "",
    "a document type": EXAMPLE.replace("<IPLOS", "<!DOCTYPE IPLOS><IPLOS", 1),
    "an entity": EXAMPLE.replace("<IPLOS", '<!DOCTYPE IPLOS [<!ENTITY a "1">]><IPLOS', 1),
    "something behind it": f"{EXAMPLE}<IPLOS/>",
    "as it is": EXAMPLE,
}


@pytest.mark.parametrize("document", MUTILATED.values(), ids=MUTILATED)
def test_what_is_accepted_without_a_tree_is_what_has_no_problems(document: str) -> None:
    assert IPLOS.accepts(document.encode()) == (not IPLOS.problems(document.encode()))
