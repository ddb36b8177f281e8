"""Dispatches put together from their parts, whatever order and state the parts come in."""

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.kafka.log_reader import Record
from adapter.report.transport import Assembler, BrokenDispatchError, write_private

BODY = bytes(range(256)) * 4
MESSAGE = "0b2f3a54-7d0e-4b8c-9f2c-5f4b1f0c9a01"


def headers_of(body: bytes, number: int, count: int, part: bytes, melding_id: str = MESSAGE) -> dict[str, str]:
    return {
        "melding-id": melding_id,
        "meldingstype": "KPR_IPL",
        "enhet": "0301-05",
        "aar": "2018",
        "kjoring": "c0ffee00-0000-4000-8000-000000000000",
        "modus": "test",
        "del": str(number),
        "deler": str(count),
        "sha256": hashlib.sha256(body).hexdigest(),
        "sha256-del": hashlib.sha256(part).hexdigest(),
        "content-type": "application/xml",
    }


def record(part: bytes | None, headers: dict[str, str], offset: int = 0) -> Record:
    named = [(name, text.encode()) for name, text in headers.items()]
    return Record("ut", 0, offset, 0, headers.get("melding-id", "").encode(), part, named)


def dispatch_in(count: int, body: bytes = BODY, melding_id: str = MESSAGE) -> list[Record]:
    size = -(-len(body) // count)
    cut = [body[at : at + size] for at in range(0, len(body), size)]
    return [
        record(part, headers_of(body, number, len(cut), part, melding_id), number)
        for number, part in enumerate(cut, start=1)
    ]


def bodies(records: Sequence[Record]) -> list[bytes]:
    assembler = Assembler()
    return [found.body for one in records if (found := assembler.add(one)) is not None]


def test_the_last_part_gives_the_dispatch_and_no_part_before_it() -> None:
    assembler = Assembler()
    *before, last = dispatch_in(4)
    assert [assembler.add(one) for one in before] == [None, None, None]
    assert assembler.incomplete() == [MESSAGE]
    found = assembler.add(last)
    assert found is not None
    assert found.body == BODY
    assert found[:6] == (MESSAGE, "KPR_IPL", "0301-05", "2018", "test", "c0ffee00-0000-4000-8000-000000000000")
    assert found.filename == "KPR_IPL-0301-05-2018-0b2f3a54.xml"
    assert assembler.incomplete() == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_parts_may_come_in_any_order(order: tuple[int, ...]) -> None:
    parts = dispatch_in(3)
    assert bodies([parts[at] for at in order]) == [BODY]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=40))
def test_any_mixture_of_parts_gives_each_dispatch_at_most_once_and_whole(arrivals: list[tuple[int, int]]) -> None:
    sent = [dispatch_in(5, BODY + bytes([at]), f"melding-{at}") for at in range(3)]
    seen = {at: {part for message, part in arrivals if message == at} for at in range(3)}
    found = bodies([sent[message][part] for message, part in arrivals])
    complete = [BODY + bytes([at]) for at in range(3) if len(seen[at]) == 5]
    assert sorted(found) == sorted(complete)


def test_a_part_that_never_came_is_told() -> None:
    assembler = Assembler()
    for one in dispatch_in(3)[::2]:
        assert assembler.add(one) is None
    assert assembler.incomplete() == [MESSAGE]


def test_a_part_that_comes_again_is_passed_over_before_and_after_the_end() -> None:
    one, two = dispatch_in(2)
    assembler = Assembler()
    found = [assembler.add(part) for part in (one, one, two, two, one)]
    assert [item is not None for item in found] == [False, False, True, False, False]
    assert assembler.incomplete() == []


def test_a_dispatch_of_one_part_that_comes_twice_is_one_dispatch() -> None:
    (whole,) = dispatch_in(1)
    assert bodies([whole, whole]) == [BODY]


def test_an_altered_part_is_refused_and_the_sound_one_still_taken() -> None:
    one, two = dispatch_in(2)
    assembler = Assembler()
    with pytest.raises(BrokenDispatchError, match=f"part 1 of {MESSAGE} is not what was sent"):
        assembler.add(one._replace(value=b"x" + (one.value or b"")[1:]))
    with pytest.raises(BrokenDispatchError):
        assembler.add(one._replace(value=None))
    assert assembler.add(one) is None
    found = assembler.add(two)
    assert found is not None
    assert found.body == BODY


def test_a_part_with_its_own_hash_but_not_of_this_message_breaks_the_whole() -> None:
    one, _ = dispatch_in(2)
    foreign = record(b"foreign", headers_of(BODY, 2, 2, b"foreign"))
    assembler = Assembler()
    assembler.add(one)
    with pytest.raises(BrokenDispatchError, match="put together"):
        assembler.add(foreign)


def test_parts_beyond_the_number_of_parts_do_not_make_a_message() -> None:
    one, _ = dispatch_in(2)
    assembler = Assembler()
    assembler.add(one)
    with pytest.raises(BrokenDispatchError):
        assembler.add(record(b"extra", headers_of(BODY, 3, 2, b"extra")))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("melding-id", None),
        ("del", None),
        ("deler", None),
        ("sha256", None),
        ("sha256-del", None),
        ("enhet", None),
        ("del", "0"),
        ("del", "-1"),
        ("del", "one"),
        ("del", "1.0"),
        ("deler", "0"),
        ("deler", "99999999999"),
        ("sha256", "abc"),
        ("meldingstype", "../../etc/cron.d/x"),
        ("enhet", "0301/05"),
        ("aar", ""),
        ("melding-id", "../x"),
    ],
)
def test_a_record_that_is_no_part_is_refused_by_its_place(name: str, value: str | None) -> None:
    (whole,) = dispatch_in(1)
    headers = {key: text.decode() for key, text in whole.headers}
    headers = {key: text for key, text in headers.items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(BrokenDispatchError, match=r"ut, partition 0, offset 17 .* header " + name):
        Assembler().add(record(whole.value, headers, offset=17))


def test_a_record_without_headers_or_with_bytes_that_are_no_text_is_refused() -> None:
    for headers in ([], [("melding-id", b"\xff\xfe")]):
        with pytest.raises(BrokenDispatchError):
            Assembler().add(Record("ut", 0, 0, 0, None, b"", headers))


def test_what_is_written_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    fresh, old = tmp_path / "inner" / "fresh.xml", tmp_path / "old.xml"
    old.write_bytes(b"before")
    old.chmod(0o644)
    for path in (fresh, old):
        assert write_private(path, b"body") == path
        assert path.read_bytes() == b"body"
        assert path.stat().st_mode & 0o777 == 0o600
