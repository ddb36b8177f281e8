"""The stand-in for the register without Kafka: what it is told to do, what it sees in a message, what a pair is."""

import json
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from adapter.fake_kpr.apprec_writer import Feillinje, Original, Virksomhet, write, write_apprec
from adapter.fake_kpr.behaviour import (
    Answer,
    Behaviour,
    BehaviourError,
    Contradict,
    Garbage,
    Late,
    Ok,
    Reject,
    Silent,
    Twice,
    Verdict,
    answers,
    parse,
    parse_plans,
)
from adapter.fake_kpr.contents import BATCH, Innhold, UnreadableError, read
from adapter.fake_kpr.desk import Desk
from adapter.fake_kpr.pair import differences
from adapter.fake_kpr.service import receipt
from adapter.message.apprec import Kvittering, Kvitteringsleser
from adapter.report.transport import Dispatch
from adapter.shipped import shipped

EXAMPLES = Path(__file__).parents[1] / "golden" / "eksempler"
IPL, IDE = ((EXAMPLES / f"sending-{kind}.xml").read_bytes() for kind in ("ipl", "ide"))
IPL_ID, IDE_ID = "0b2f3a54-7d0e-4b8c-9f2c-5f4b1f0c9a01", "0b2f3a54-7d0e-4b8c-9f2c-5f4b1f0c9a02"
LESER = Kvitteringsleser(shipped("schemas"))
NOW = datetime(2019, 1, 3, 7, 20, tzinfo=UTC)


def dispatch(body: bytes, **changes: str) -> Dispatch:
    ident = IDE_ID.encode() in body
    facts = {
        "melding_id": IDE_ID if ident else IPL_ID,
        "type": "KPR_IDE" if ident else "KPR_IPL",
        "enhet": "9901-05",
        "aar": "2018",
        "modus": "test",
        "kjoring": "kjoring-1",
    }
    return Dispatch(**(facts | changes), body=body)


def contents(body: bytes) -> Innhold:
    return read(body, lambda _: None)


# --- What it is told to do ---


@pytest.mark.parametrize(
    ("word", "behaviour", "sent"),
    [
        ("ok", Ok(), (Answer(Verdict("T02", "x")),)),
        ("reject:E10", Reject("E10"), (Answer(Verdict("E10")),)),
        ("silent", Silent(), ()),
        ("twice", Twice(), (Answer(Verdict("T02", "x")),) * 2),
        ("contradict:E21", Contradict("E21"), (Answer(Verdict("T02", "x")), Answer(Verdict("E21")))),
        ("late:30", Late(30), (Answer(Verdict("T02", "x"), 30),)),
        ("garbage", Garbage(), (Answer(None),)),
    ],
)
def test_a_word_for_each_way_to_answer(word: str, behaviour: Behaviour, sent: tuple[Answer, ...]) -> None:
    assert parse(word) == behaviour
    assert answers(behaviour, Verdict("T02", "x")) == sent


@pytest.mark.parametrize(
    "word", ["", "okay", "ok:1", "reject", "reject:feil", "reject:T2", "late", "late:-1", "late:²"]
)
def test_other_words_are_refused_with_those_that_exist(word: str) -> None:
    with pytest.raises(BehaviourError, match="reject:T02"):
        parse(word)


def test_a_plan_goes_on_with_its_last_word_and_types_may_have_their_own() -> None:
    plans = parse_plans(["reject:T02,ok", "KPR_IDE=silent"])
    assert [plans.next("KPR_IPL") for _ in range(3)] == [Reject("T02"), Ok(), Ok()]
    assert plans.next("KPR_IDE") == Silent()
    assert parse_plans([]).next("KPR_IPL") == Ok()
    with pytest.raises(BehaviourError, match="no message type"):
        parse_plans(["=ok"])


# --- What it sees in a message ---


def test_the_facts_of_both_messages_are_read() -> None:
    ipl, ide = contents(IPL), contents(IDE)
    assert (ipl.original.melding_id, ipl.original.type) == (IPL_ID, "KPR_IPL")
    assert ipl.original.gen_date == "2019-01-03T07:00:00+01:00"
    assert ipl.original.avsender == Virksomhet("Eksempel kommune", "9000001", "100000121")
    assert (ipl.kommunenummer, ipl.bydelsnummer) == ("9901", "05")
    assert (ipl.ident, ide.ident) == (False, True)
    assert (ipl.aar, ipl.lopenr, ipl.personer) == (ide.aar, ide.lopenr, ide.personer)
    assert (ide.aar, ide.lopenr, ide.personer) == ("2018", "7", frozenset({1, 2}))


def many(persons: int) -> bytes:
    """The ident message with so many persons."""
    row = '<PasientIdent pid="{}" fid="15825041211" typeID="1"/>'
    rows = "".join(row.format(number) for number in range(1, persons + 1))
    return re.sub(rb"(<Institusjon [^>]*>).*(</Institusjon>)", rb"\1" + rows.encode() + rb"\2", IDE, flags=re.DOTALL)


@pytest.mark.parametrize("persons", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 2 * BATCH + 1, 5 * BATCH + 3])
def test_every_person_is_in_exactly_one_piece(persons: int) -> None:
    pieces: list[bytes] = []
    assert len(read(many(persons), pieces.append).personer) == persons
    found = [re.findall(rb'pid="(\d+)"', piece) for piece in pieces]
    assert [int(number) for piece in found for number in piece] == list(range(1, persons + 1))
    assert all(0 < len(piece) <= BATCH for piece in found) or persons == 0
    assert all(b"<Kontaktperson" in etree.tostring(etree.fromstring(piece)) for piece in pieces)


@pytest.mark.parametrize(
    ("body", "kode"),
    [
        (b"", "T01"),
        (b"ikke XML", "T01"),
        (IPL[:-40], "T01"),
        (b"<PERSON/>", "T10"),
        (b"<Melding/>", "T10"),
        (b'<MsgHead xmlns="http://www.kith.no/xmlstds/msghead/2006-05-24"/>', "T10"),
        (IPL.replace(b'pePeID="1"', b'pePeID="en"'), "T02"),
    ],
)
def test_what_is_no_message_is_told_with_a_code(body: bytes, kode: str) -> None:
    with pytest.raises(UnreadableError) as failure:
        contents(body)
    assert failure.value.kode == kode


# --- What a pair is ---


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"", b"", []),
        (b'lopenr="7"', b'lopenr="8"', ["running numbers"]),
        (b'pid="2"', b'pid="3"', ["1 persons have no identity, 1 identities have no person"]),
        (b'pid="2"', b'pid="1"', ["1 persons have no identity, 0", "1 persons stand more than once in the identities"]),
        (b'fraDatoPeriode="2018', b'fraDatoPeriode="2017', ["2018, 2017, and 2018"]),
        (b"<Id>100000121</Id>", b"<Id>100000129</Id>", ["senders"]),
    ],
)
def test_what_keeps_two_messages_from_being_a_pair(old: bytes, new: bytes, words: list[str]) -> None:
    found = differences("9901-05", "2018", contents(IPL), contents(IDE.replace(old, new)))
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("enhet", "aar", "fits"),
    [
        ("9901-05", "2018", True),
        ("9901", "2018", True),
        ("9901-06", "2018", False),
        ("9902", "2018", False),
        ("9901-05", "2017", False),
    ],
)
def test_unit_and_year_are_those_of_the_headers(enhet: str, aar: str, fits: bool) -> None:
    assert (not differences(enhet, aar, contents(IPL), contents(IDE))) is fits


# --- The desk ---


def test_a_valid_pair_is_kept_and_accepted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, parse_plans([]))
    first, second = desk.take(dispatch(IPL)), desk.take(dispatch(IDE))
    assert (first.feil, second.feil) == ([], [])
    assert (first.par, second.par) == (None, [])
    assert first.answers == (Answer(Verdict()),)
    kept = tmp_path / "KPR_IDE" / f"{IDE_ID}.xml"
    assert kept.read_bytes() == IDE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    facts = json.loads(kept.with_suffix(".json").read_text())
    assert (facts["gyldig"], facts["personer"], facts["lopenr"], facts["par"]) == (True, 2, "7", [])
    assert "15825041211" not in kept.with_suffix(".json").read_text()
    assert desk.regnskap.faultless
    assert desk.lone == 0


@pytest.mark.parametrize(
    ("body", "changes", "kode"),
    [
        (IPL.replace(b"<iiInnhType>P", b"<iiInnhType>X"), {}, "T02"),
        (IDE.replace(b'fid="15825041211"', b""), {}, "T02"),
        (IPL[:-40], {}, "T01"),
        (IPL.replace(IPL_ID.encode(), b"ikke-en-uuid"), {}, "E10"),
        (IPL, {"melding_id": "11111111-1111-4111-8111-111111111111"}, "X99"),
        (IPL, {"aar": "2020"}, "T10"),
        (IPL, {"aar": "1999"}, "T10"),
        (IPL, {"type": "KPR_XYZ"}, "T10"),
    ],
)
def test_what_is_wrong_with_a_message_decides_the_code(
    tmp_path: Path, body: bytes, changes: dict[str, str], kode: str
) -> None:
    desk = Desk(tmp_path, parse_plans([]))
    taken = desk.take(dispatch(body, **changes))
    assert taken.judged.kode == kode
    assert taken.feil
    assert not desk.regnskap.faultless


def test_a_fault_in_any_batch_is_found_and_quotes_no_number(tmp_path: Path) -> None:
    body = many(3 * BATCH).replace(b'pid="450" fid="15825041211" typeID="1"', b'pid="450" fid="15825041211" typeID="x"')
    taken = Desk(tmp_path, parse_plans([])).take(dispatch(body))
    assert taken.judged.kode == "T02"
    assert all("typeID" in one for one in taken.feil)
    assert "15825041211" not in str(taken.feil)


def test_a_message_that_has_its_receipt_gets_no_other_and_uses_up_no_behaviour(tmp_path: Path) -> None:
    desk = Desk(tmp_path, parse_plans(["reject:E21,ok"]))
    assert desk.take(dispatch(IPL), answered_before=True).answers == ()
    assert desk.take(dispatch(IDE)).answers == (Answer(Verdict("E21")),)


# --- The receipt ---


def read_receipt(body: bytes) -> Kvittering:
    return LESER.read(body)


def test_the_receipt_is_one_our_reader_takes(tmp_path: Path) -> None:
    taken = Desk(tmp_path, parse_plans([])).take(dispatch(IPL))
    accepted = read_receipt(receipt(taken, Answer(Verdict()), 0, NOW))
    assert (accepted.versjon, accepted.status, accepted.feil) == ("1.1", "ok", ())
    assert (accepted.original_id, accepted.original_type) == (IPL_ID, "KPR_IPL")
    assert accepted.original_issue_date == datetime.fromisoformat("2019-01-03T07:00:00+01:00")
    assert (accepted.avsender, accepted.avsender_id) == ("Eksempelregisteret", "9000003")
    rejected = read_receipt(receipt(taken, Answer(Verdict("T02", 'en "<rar>" & lang\nmerknad')), 1, NOW))
    assert (rejected.status, rejected.feil[0].kode) == ("avvist", "T02")
    assert rejected.feil[0].utdyping == 'en "<rar>" & lang merknad'
    assert rejected.id != accepted.id


def test_an_unreadable_message_is_answered_by_what_the_transport_says_of_it(tmp_path: Path) -> None:
    taken = Desk(tmp_path, parse_plans([])).take(dispatch(IPL[:-40]))
    found = read_receipt(receipt(taken, taken.answers[0], 0, NOW))
    assert (found.original_id, found.status, found.feil[0].kode) == (IPL_ID, "avvist", "T01")


def test_a_sender_without_numbers_can_be_answered() -> None:
    original = Original(IPL_ID, "KPR_IPL", "2019-01-03T07:00:00+01:00", Virksomhet("A"), Virksomhet("B"))
    found = read_receipt(write(original, IDE_ID, NOW, "3", (Feillinje("X99"),)))
    assert (found.status, found.avsender, found.avsender_id) == ("ok-med-feil", "B", "")


def test_a_receipt_may_be_written_by_hand() -> None:
    found = read_receipt(write_apprec(IPL_ID, "KPR_IPL", NOW, NOW, "avvist", ["T02", "X99"]))
    assert (found.original_id, found.status, found.svar().feil) == (IPL_ID, "avvist", ("T02", "X99"))
    assert found.original_issue_date == found.gen_date == NOW
