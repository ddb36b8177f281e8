"""Receipts: what is read of them, what is refused, what never gets through, and what they mean together."""

import re
from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from pathlib import Path

import pytest

from adapter.domain.receipts import (
    TILSTANDER,
    Meldingstilstand,
    SendtMelding,
    Svar,
    Svarstatus,
    count_states,
    message_status,
    overview,
    run_state,
)
from adapter.message.apprec import LARGEST_RECEIPT, Kvittering, KvitteringError, Kvitteringsleser
from adapter.message.free_text import REMOVED, cleaned
from adapter.shipped import shipped

EXAMPLES = Path(__file__).parents[1] / "golden" / "eksempler"
LESER = Kvitteringsleser(shipped("schemas"))
VERSIONS = ("1.0", "1.1")
SENT_ID = "0b2f3a54-7d0e-4b8c-9f2c-5f4b1f0c9a01"
LIST_8221 = "2.16.578.1.12.4.1.1.8221"
# A made-up number: its month is eighty too high.
IDENTITY = "15825041211"


def example(versjon: str, outcome: str = "avvist") -> str:
    return (EXAMPLES / f"apprec-{versjon}-{outcome}.xml").read_text("utf-8")


def read(text: str) -> Kvittering:
    return LESER.read(text.encode())


def refused(document: bytes) -> str:
    with pytest.raises(KvitteringError) as failure:
        LESER.read(document)
    assert IDENTITY not in str(failure.value)
    return failure.value.kode


# --- What is read ---


@pytest.mark.parametrize("versjon", VERSIONS)
def test_an_accepting_receipt_is_read(versjon: str) -> None:
    receipt = read(example(versjon, "ok"))
    assert (receipt.versjon, receipt.status, receipt.feil) == (versjon, "ok", ())
    assert (receipt.original_id, receipt.original_type) == (SENT_ID, "KPR_IPL")
    assert receipt.original_issue_date == datetime.fromisoformat("2019-01-03T07:00:00+01:00")
    assert receipt.gen_date == datetime.fromisoformat("2019-01-03T07:20:00+01:00")
    assert (receipt.avsender, receipt.avsender_id) == ("Eksempelregisteret", "9000003")


@pytest.mark.parametrize("versjon", VERSIONS)
def test_a_rejecting_receipt_keeps_every_error(versjon: str) -> None:
    receipt = read(example(versjon))
    assert receipt.status == "avvist"
    assert [one.kode for one in receipt.feil] == ["T02", "X99"]
    assert receipt.feil[0].forklaring == "Meldingen validerer ikke mot skjemaet."
    assert (receipt.feil[0].tekst, receipt.feil[0].utdyping) == ("XML validerer ikke", "iiBydelsnr mangler")
    assert receipt.feil[0].kodeverk == LIST_8221
    assert receipt.svar().feil == ("T02", "X99")


@pytest.mark.parametrize("versjon", VERSIONS)
@pytest.mark.parametrize(("value", "status"), [("1", "ok"), ("2", "avvist"), ("3", "ok-med-feil")])
def test_every_status_is_read(versjon: str, value: str, status: Svarstatus) -> None:
    assert read(example(versjon).replace('Status V="2"', f'Status V="{value}"')).status == status


GROUP_IDENTITY, GROUP_SIGNATURE = "Gjelder: pasientens identitet.", "Gjelder: signatur eller sertifikat."


@pytest.mark.parametrize("versjon", VERSIONS)
@pytest.mark.parametrize(
    ("kode", "explanation"),
    [
        ("E10", "Meldingens id er ugyldig."),
        ("E21", "Mottakeren er ukjent."),
        *((kode, GROUP_IDENTITY) for kode in ("E30", "E31", "E32", "E33", "E34", "E35", "E36", "E53", "E54")),
        *((kode, GROUP_SIGNATURE) for kode in ("S01", "S02", "S03", "S99")),
        ("T01", "Meldingen er ikke XML."),
        ("T02", "Meldingen validerer ikke mot skjemaet."),
        ("T10", "Formatet støttes ikke."),
        ("T99", ""),
        ("X99", ""),
    ],
)
def test_every_known_error_code_is_explained_as_far_as_anyone_told(versjon: str, kode: str, explanation: str) -> None:
    [error, _] = read(example(versjon).replace('V="T02"', f'V="{kode}"')).feil
    assert (error.kode, error.kjent, error.forklaring) == (kode, True, explanation)


@pytest.mark.parametrize("given", ['V="Q77" S="2.16.578.1.12.4.1.1.8221"', 'V="T02" S="2.16.578.1.12.4.1.1.9999"'])
def test_an_unknown_error_code_is_kept_as_unknown(given: str) -> None:
    text = example("1.1").replace(f'V="T02" S="{LIST_8221}"', given)
    error = read(text).feil[0]
    assert (error.kjent, error.forklaring) == (False, "")
    assert f'V="{error.kode}" S="{error.kodeverk}"' == given


def test_an_error_without_code_or_list_is_kept() -> None:
    text = example("1.0").replace(f'<Error V="T02" S="{LIST_8221}"', "<Error").replace(f' S="{LIST_8221}"', "")
    first, second = read(text).feil
    assert (first.kode, first.kjent, first.tekst) == ("", False, "XML validerer ikke")
    assert (second.kode, second.kjent) == ("X99", True)


@pytest.mark.parametrize("spelled", [SENT_ID.upper(), f"{{{SENT_ID}}}", f"\n {SENT_ID} ", f"<!-- x -->{SENT_ID}"])
def test_the_message_id_is_read_however_it_is_spelled(spelled: str) -> None:
    assert read(example("1.1").replace(SENT_ID, spelled)).original_id == SENT_ID


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019-01-03T07:20:00", "2019-01-03T07:20:00+01:00"),
        ("2019-07-03T07:20:00", "2019-07-03T07:20:00+02:00"),
        ("2019-01-03T06:20:00Z", "2019-01-03T06:20:00+00:00"),
        ("2019-01-03T07:20:00.123456789+01:00", "2019-01-03T07:20:00.123456+01:00"),
    ],
)
def test_a_time_without_zone_is_norwegian(written: str, meant: str) -> None:
    found = read(example("1.1").replace("2019-01-03T07:20:00+01:00", written)).gen_date
    assert found == datetime.fromisoformat(meant)


def test_a_receipt_in_another_encoding_is_read() -> None:
    text = example("1.1").replace("UTF-8", "ISO-8859-1").replace("XML validerer ikke", "Ugyldig kjønn")
    assert LESER.read(text.encode("iso-8859-1")).feil[0].tekst == "Ugyldig kjønn"


def test_a_health_worker_as_sender_is_not_named() -> None:
    worker = "<HCProf><Name>Kari Eksempel</Name><Id>15825041211</Id></HCProf>"
    text = re.sub(r"<Inst>.*?</Inst>", worker, example("1.1"), count=1, flags=re.DOTALL)
    assert (read(text).avsender, read(text).avsender_id) == ("", "")


# --- What is refused ---


@pytest.mark.parametrize(
    ("document", "kode"),
    [
        (b"", "ikke-xml"),
        (b"\x00\xff\xfe", "ikke-xml"),
        (b"ikke XML", "ikke-xml"),
        (b"<AppRec", "ikke-xml"),
        (b"<AppRec/>", "ikke-apprec"),
        (b'<Id xmlns="http://www.kith.no/xmlstds/apprec/2012-02-15"/>', "ikke-apprec"),
        (b'<AppRec xmlns="http://www.kith.no/xmlstds/apprec/2013-01-01"/>', "ikke-apprec"),
        (b'<AppRec xmlns="http://www.kith.no/xmlstds/apprec/2012-02-15"/>', "ugyldig"),
        (b"<a>" * 20_000 + b"</a>" * 20_000, "ikke-xml"),
        (b"<a>" + b" " * LARGEST_RECEIPT + b"</a>", "for-stor"),
    ],
)
def test_what_is_no_receipt_is_refused_with_a_code(document: bytes, kode: str) -> None:
    assert refused(document) == kode


@pytest.mark.parametrize("versjon", VERSIONS)
@pytest.mark.parametrize(
    ("old", "new", "kode"),
    [
        ('Status V="2"', 'Status V="4"', "ukjent-status"),
        ('Status V="2"', 'Status V=""', "ukjent-status"),
        ('Status V="2"', 'Status V="15825041211"', "ukjent-status"),
        ('Status V="2"', "Status", "ukjent-status"),
        ('<Status V="2" DN="Avvist"/>', "", "ugyldig"),
        ("<SoftwareVersion>", "<Hemmelig15825041211/><SoftwareVersion>", "ugyldig"),
        ("2019-01-03T07:20:00+01:00", "i går", "ugyldig"),
        ("2019-01-03T07:20:00+01:00", "12019-01-03T07:20:00Z", "ugyldig-tid"),
        ("2019-01-03T07:00:00+01:00", "-0044-03-15T12:00:00Z", "ugyldig-tid"),
        ("2019-01-03T07:00:00+01:00", "0001-01-01T00:00:00+13:00", "ugyldig-tid"),
        ("2019-01-03T07:00:00+01:00", "9999-12-31T23:59:59-13:00", "ugyldig-tid"),
        ("<AppRec ", '<!DOCTYPE AppRec SYSTEM "file:///etc/passwd"><AppRec ', "dokumenttype"),
        ("<AppRec ", '<!DOCTYPE AppRec [<!ENTITY x SYSTEM "file:///etc/passwd">]><AppRec ', "dokumenttype"),
    ],
)
def test_a_receipt_that_cannot_be_trusted_is_refused_with_a_code(versjon: str, old: str, new: str, kode: str) -> None:
    assert refused(example(versjon).replace(old, new).encode()) == kode


def test_an_entity_bomb_is_refused() -> None:
    entities = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    bomb = f'<!DOCTYPE AppRec [<!ENTITY a0 "aaaaaaaaaa">{entities}]><AppRec x="&a9;">&a9;</AppRec>'
    assert refused(bomb.encode()) in ("ikke-xml", "dokumenttype")


# --- What never gets through ---

WRONG_NUMBER = "15825041299"


@pytest.mark.parametrize(
    "text",
    [
        IDENTITY,
        f"Fødselsnummer {IDENTITY} er ukjent",
        "158250 41211",
        "158250-41211",
        "15.82.50.41211",
        f"pid={IDENTITY}.",
        f"x{IDENTITY}y",
        f"feil i {WRONG_NUMBER}",  # mistyped: its check digits do not fit, but it points at someone
        "１５８２５０４１２１１",  # digits of another alphabet
        f"{IDENTITY}\n{IDENTITY}",
        "15825041211" * 40,
    ],
)
def test_identity_numbers_are_taken_out_of_free_text(text: str) -> None:
    kept = cleaned(text)
    assert REMOVED in kept
    assert not re.search(r"\d{5}", kept)


@pytest.mark.parametrize(
    "text",
    ["iiBydelsnr mangler", "linje 12345, orgnr 100000121", "HER-id 9000003", "(fjernet)", "2019-01-03", ""],
)
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert cleaned(text) == text


def test_free_text_is_one_short_line() -> None:
    assert cleaned("en\n\tto\x00\u202etre") == "en to tre"
    assert len(cleaned("a" * 100_000)) == 300


@pytest.mark.parametrize("versjon", VERSIONS)
def test_no_field_of_a_receipt_lets_an_identity_number_through(versjon: str) -> None:
    text = example(versjon, "avvist")
    for value in ("T02", "XML validerer ikke", "iiBydelsnr mangler", "Eksempelregisteret", "9000003", "KPR_IPL"):
        text = text.replace(value, IDENTITY)
    text = text.replace(SENT_ID, f"id-{IDENTITY}").replace("<Id>5d0c1c1e", f"<Id>{IDENTITY}5d0c1c1e")
    text = text.replace(f'S="{LIST_8221}"', f'S="{IDENTITY}"')
    receipt = read(text)
    assert IDENTITY not in repr(receipt)
    assert IDENTITY not in repr(receipt.svar())
    assert REMOVED in receipt.original_id


# --- What receipts mean together ---

GEN_DATE = datetime(2019, 1, 3, 6, tzinfo=UTC)
SENT = SendtMelding(SENT_ID, "KPR_IPL", GEN_DATE)
IN_TIME, LATE = timedelta(hours=1), timedelta(hours=100)


def svar(status: Svarstatus, after: timedelta = IN_TIME, name: str = "", to: str = SENT_ID) -> Svar:
    return Svar(name or f"{status}-{after}", to, status, GEN_DATE + after, ("T02",) if status == "avvist" else ())


@pytest.mark.parametrize(
    ("receipts", "hours", "state"),
    [
        ([], 0, "sendt"),
        ([], 95.99, "sendt"),
        ([], 96, "ubesvart"),
        ([], 5000, "ubesvart"),
        ([svar("ok")], 2, "kvittert"),
        ([svar("ok")], 5000, "kvittert"),
        ([svar("avvist")], 2, "avvist"),
        ([svar("ok-med-feil")], 2, "kvittert-med-feil"),
        ([svar("ok", LATE)], 101, "kvittert"),  # a late one heals
        ([svar("avvist", LATE)], 101, "avvist"),
        ([svar("ok", to="en annen")], 96, "ubesvart"),
        ([svar("ok", to=SENT_ID.upper())], 96, "kvittert"),
    ],
)
def test_the_state_of_a_message(receipts: list[Svar], hours: float, state: Meldingstilstand) -> None:
    assert message_status(SENT, receipts, GEN_DATE + timedelta(hours=hours)).tilstand == state


def test_96_hours_are_counted_across_the_change_of_the_clocks() -> None:
    spring = SendtMelding(SENT_ID, "KPR_IPL", datetime.fromisoformat("2019-03-29T12:00:00+01:00"))
    assert message_status(spring, (), GEN_DATE).svarfrist == datetime.fromisoformat("2019-04-02T13:00:00+02:00")


def test_a_late_answer_is_marked_late() -> None:
    now = GEN_DATE + timedelta(hours=101)
    assert message_status(SENT, [svar("ok", LATE)], now).sen
    assert not message_status(SENT, [svar("ok"), svar("ok", LATE)], now).sen


@pytest.mark.parametrize(
    ("receipts", "state", "doble", "contradict"),
    [
        ([svar("ok"), svar("ok")], "kvittert", 0, False),  # the same one, delivered twice
        ([svar("ok", name="a"), svar("ok", name="b")], "kvittert", 1, False),
        ([svar("ok"), svar("avvist")], "avvist", 1, True),
        ([svar("avvist"), svar("ok", LATE)], "avvist", 1, True),
        ([svar("ok"), svar("ok-med-feil")], "kvittert-med-feil", 1, True),
        ([svar("ok"), svar("avvist"), svar("ok-med-feil")], "avvist", 2, True),
        ([svar("avvist", name="x"), svar("ok", name="x")], "avvist", 1, True),  # one id, two contents
    ],
)
def test_more_receipts_than_one(receipts: list[Svar], state: str, doble: int, contradict: bool) -> None:
    for order in permutations(receipts):
        status = message_status(SENT, order, GEN_DATE + timedelta(hours=200))
        assert (status.tilstand, status.doble, status.motstridende) == (state, doble, contradict)
        assert status.alarm is (contradict or state == "avvist")
        assert status.feil == (("T02",) if state == "avvist" else ())


K, F, S, U, A = "kvittert", "kvittert-med-feil", "sendt", "ubesvart", "avvist"


@pytest.mark.parametrize(
    ("ipl", "states"),
    [  # the run's state for ide:    K  F  S  U  A
        (K, (K, F, S, U, A)),
        (F, (F, F, S, U, A)),
        (S, (S, S, S, U, A)),
        (U, (U, U, U, U, A)),
        (A, (A, A, A, A, A)),
    ],
)
def test_the_state_of_a_run_follows_from_both_messages(ipl: Meldingstilstand, states: tuple[str, ...]) -> None:
    assert TILSTANDER == (K, F, S, U, A)
    assert tuple(run_state(ipl, ide) for ide in TILSTANDER) == states


def test_neither_message_of_a_pair_counts_more() -> None:
    assert all(run_state(one, other) == run_state(other, one) for one, other in product(TILSTANDER, repeat=2))


def test_the_overview_counts_what_belongs_to_no_message() -> None:
    other = SendtMelding("11111111-1111-4111-8111-111111111111", "KPR_IDE", GEN_DATE)
    receipts = [svar("ok"), svar("ok", name="b"), svar("ok", to="fremmed"), svar("ok", to="fremmed")]
    found = overview([SENT, other], receipts, GEN_DATE + timedelta(hours=1))
    assert [one.melding_id for one in found.umatchet] == ["fremmed"]
    assert (found.doble, found.motstridende) == (1, 0)
    counted = count_states(found.meldinger.values())
    assert counted == {"kvittert": 1, "kvittert-med-feil": 0, "sendt": 1, "ubesvart": 0, "avvist": 0}
