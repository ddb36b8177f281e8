"""What letters say of themselves, which are meant, and what would become of them: by hand, row for row."""

import random
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapter.domain.fold import Change, Erase
from adapter.domain.outcome import NotForUs, Parked
from adapter.kafka.log_reader import Record
from adapter.letters.head import Head, read_record
from adapter.letters.letter import Letter, Origin
from adapter.letters.mark import Because, Marked, write_mark
from adapter.letters.selection import Selection, is_older
from adapter.letters.verdict import Terms, Verdict, bus_headers, fits, goes, judge, replays_of

SERVICE = "no.kommune.iplos.tjeneste.registrert.v1"
ORIGIN = Origin("bus", 3, 17, 1_515_000_000_000)
NOON = datetime(2018, 1, 20, 12, tzinfo=UTC)
IDENTITY = "01017012345"

HEADERS = {
    "code": "out-of-bounds",
    "field": "innhold.tjenestetype",
    "event-type": SERVICE,
    "kommunenummer": "0301",
    "bydelsnummer": "03",
    "origin-topic": "bus",
    "origin-partition": "3",
    "origin-offset": "17",
    "origin-timestamp": "1515000000000",
    "key-id": "n1",
    "part": "1",
    "parts": "1",
    "adapter-version": "0.1.0",
}


def record(headers: dict[str, str]) -> Record:
    written = [(name, value.encode()) for name, value in headers.items()]
    return Record("avvist", 0, 5, int(NOON.timestamp() * 1000), None, b"sealed", written)


def head(**headers: str) -> Head:
    found = read_record(record(HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}))
    assert isinstance(found, Head)
    return found


# ---- heads and marks -------------------------------------------------------------------------------------------------


def test_a_head_says_what_the_headers_do() -> None:
    assert head() == Head(
        origin=ORIGIN,
        code="out-of-bounds",
        field="innhold.tjenestetype",
        event_type=SERVICE,
        kommunenummer="0301",
        bydelsnummer="03",
        version="0.1.0",
        key_id="n1",
        parked=int(NOON.timestamp() * 1000),
        part=1,
        parts=1,
        partition=0,
        offset=5,
    )
    assert (str(head().origin), head().unit) == ("bus/3/17", "0301-03")


def test_headers_that_are_not_ours_are_not_repeated() -> None:
    own = ("code", "field", "event_type", "kommunenummer", "bydelsnummer", "adapter_version")
    found = head(**dict.fromkeys(own, f"{IDENTITY} [red]"))
    assert (found.code, found.field, found.event_type, found.unit, found.version) == ("", "", "unknown", "", "")


@pytest.mark.parametrize(
    "without",
    [
        {"origin-topic": ""},
        {"origin-topic": "../etc"},
        {"origin-partition": "-1"},
        {"origin-offset": "sytten"},
        {"origin-offset": "9" * 19},
        {"origin-timestamp": ""},
    ],
)
def test_a_record_from_nowhere_is_no_letter(without: dict[str, str]) -> None:
    assert read_record(record(HEADERS | without)) is None


@pytest.mark.parametrize("mark", ["replayed", "discarded"])
def test_a_mark_is_read_as_it_was_written(mark: Any) -> None:
    because = Because(hvem="drift", tidspunkt=NOON, grunn="rettet")
    value, headers = write_mark(mark, ORIGIN, because)
    assert read_record(Record("avvist", 0, 6, 0, None, value, headers)) == Marked(mark, ORIGIN)
    assert msgspec.json.decode(value, type=Because) == because


def test_a_mark_of_an_unknown_kind_marks_nothing() -> None:
    assert read_record(record(HEADERS | {"mark": "burnt"})) is None


# ---- which are meant -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selection", "takes"),
    [
        (Selection(), True),
        (Selection(codes=("out-of-bounds", "not-json")), True),
        (Selection(codes=("not-json",)), False),
        (Selection(types=(SERVICE,)), True),
        (Selection(types=("unknown",)), False),
        (Selection(since=NOON), True),
        (Selection(since=NOON.replace(minute=1)), False),
        (Selection(until=NOON), False),
        (Selection(until=NOON.replace(minute=1)), True),
        (Selection(kommune="0301"), True),
        (Selection(kommune="5001"), False),
        (Selection(kommune="0301", bydel="03"), True),
        (Selection(kommune="0301", bydel="12"), False),
        (Selection(origin="bus/3/17"), True),
        (Selection(origin="bus/3/1"), False),
        (Selection(older_than="0.2.0"), True),
        (Selection(older_than="0.1.0"), False),
        (Selection(codes=("out-of-bounds",), kommune="5001"), False),
    ],
)
def test_every_condition_that_is_given_must_hold(selection: Selection, takes: bool) -> None:
    assert selection.takes(head()) is takes
    assert selection.takes_all is (selection == Selection())


def test_a_letter_that_names_no_unit_is_of_no_municipality() -> None:
    assert not Selection(kommune="0301").takes(head(kommunenummer=""))


@pytest.mark.parametrize(
    ("version", "than", "older"),
    [
        ("0.1.0", "0.1.1", True),
        ("0.9.0", "0.10.0", True),
        ("0.10.0", "0.9.0", False),
        ("1.0.0", "1.0.0", False),
        ("1.0", "1.0.0", False),
        ("1", "1.0.1", True),
        ("0", "0.1", True),
        ("0.1.0rc1", "0.2.0", True),
        ("", "1.0.0", False),
        ("tull", "1.0.0", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, older: bool) -> None:
    assert is_older(version, than) is older


# ---- what would become of them ---------------------------------------------------------------------------------------


def letter(*headers: tuple[str, bytes | None]) -> Letter:
    return Letter(b"pas-1", b"{}", list(headers))


def counted(count: bytes) -> Letter:
    return letter(("ce_id", b"1"), ("iplos-replay-of", b"bus/0/1"), ("iplos-replay-count", count))


ERASED = Erase()
TWICE, THRICE = counted(b"2"), counted(b"3")


@pytest.mark.parametrize(
    ("read", "one", "terms", "verdict", "gone"),
    [
        (ERASED, letter(), Terms(), Verdict("accepted"), True),
        (ERASED, TWICE, Terms(), Verdict("accepted"), True),
        (ERASED, THRICE, Terms(), Verdict("replayed-enough"), False),
        (ERASED, THRICE, Terms(also_broken=True), Verdict("replayed-enough"), False),
        (ERASED, THRICE, Terms(force=True), Verdict("accepted"), True),
        (Parked("wrong-type", "versjon"), letter(), Terms(), Verdict("parked-again", "wrong-type", "versjon"), False),
        (Parked("wrong-type"), letter(), Terms(also_broken=True), Verdict("parked-again", "wrong-type"), True),
        (Parked("wrong-type"), THRICE, Terms(force=True), Verdict("parked-again", "wrong-type"), False),
        (NotForUs("unknown-type"), letter(), Terms(), Verdict("not-for-us", "unknown-type"), False),
        (NotForUs("unknown-type"), letter(), Terms(True, True), Verdict("not-for-us", "unknown-type"), False),
    ],
)
def test_only_what_would_be_accepted_goes_unless_told_otherwise(
    read: Change | NotForUs | Parked, one: Letter, terms: Terms, verdict: Verdict, gone: bool
) -> None:
    assert judge(one, lambda _: read, terms) == verdict
    assert goes(verdict, terms) is gone


@pytest.mark.parametrize(
    ("value", "fitting"),
    [
        (b"", True),
        (random.Random(1).randbytes(8_000), True),
        (random.Random(1).randbytes(9_000), False),
        (bytes(1_000_000), True),
        (None, True),
    ],
)
def test_what_the_bus_takes_is_judged_as_it_is_sent(value: bytes | None, fitting: bool) -> None:
    assert fits(Letter(b"k", value, []), largest=10_000) is fitting


@pytest.mark.parametrize(
    ("count", "replays"),
    [(b"0", 0), (b"1", 1), (b"3", 3), (b"99", 99), (b"", 0), (b"-1", 0), (b"tre", 0), ("³".encode(), 0), (b"9" * 9, 0)],
)
def test_a_count_that_is_no_number_counts_as_none(count: bytes, replays: int) -> None:
    assert replays_of(counted(count)) == replays


def test_a_replayed_record_has_its_own_headers_and_says_where_it_comes_from_now() -> None:
    assert bus_headers(ORIGIN, letter(("ce_id", b"1"), ("none", None))) == [
        ("ce_id", b"1"),
        ("none", None),
        ("iplos-replay-of", b"bus/3/17"),
        ("iplos-replay-count", b"1"),
    ]
    assert bus_headers(ORIGIN, counted(b"1")) == [
        ("ce_id", b"1"),
        ("iplos-replay-of", b"bus/3/17"),
        ("iplos-replay-count", b"2"),
    ]
