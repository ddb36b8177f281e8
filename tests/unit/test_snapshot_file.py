"""A snapshot of the state as a file: the same rows come back, or a sentence says why none do."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from adapter.custody.put_back import verified
from adapter.custody.refusal import Seen, deleted_unread, refusal
from adapter.custody.sealed_file import FileBrokenError
from adapter.custody.snapshot import Del, Hode, Rad, fingerprint, head_of, new_salt, read_snapshot, write_snapshot
from adapter.domain.state_versions import SCHEMA_VERSION, UnknownStateVersionError
from adapter.domain.tilstand import Tilstand
from adapter.sealing import SealBrokenError, Sealer

SEALER = Sealer({"n1": bytes(32)}, bytes(32))
EMPTY = Tilstand().encode()
ERASED = Tilstand(slettet=True).encode()
ROWS = [Rad(one % 2, f"p-{one:05}", ERASED if one % 3 else EMPTY) for one in range(50)]


def head(rows: Sequence[Rad]) -> Hode:
    deler = [Del(10, sum(rad.partisjon == number for rad in rows)) for number in (0, 1)]
    return Hode(
        versjon=1, program="0", tatt=datetime(2019, 1, 1, tzinfo=UTC), tilstand="t", buss="b", deler=deler,
        sha256=fingerprint(rows), nokkel_id="n1", salt=new_salt(),
    )  # fmt: skip


def written(rows: Sequence[Rad] = ROWS, hode: Hode | None = None) -> bytes:
    file = io.BytesIO()
    write_snapshot(file, hode or head(rows), rows, SEALER, chunk_bytes=40)
    return file.getvalue()


def check(content: bytes, sealer: Sealer = SEALER) -> Hode:
    return verified(io.BytesIO(content), sealer, lambda _done, _total: None)


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
def test_what_was_written_comes_back(rows: list[Rad]) -> None:
    content = written(rows)
    assert check(content).personer == len(rows)
    assert list(read_snapshot(io.BytesIO(content), SEALER)) == rows


def test_the_file_shows_counts_and_topics_and_nothing_of_a_person() -> None:
    content = written()
    assert head_of(io.BytesIO(content)).buss == "b"
    assert b"p-000" not in content


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def chunks(content: bytes) -> tuple[bytes, list[bytes]]:
    """What stands before the chunks, and the chunks with their lengths."""
    at = len(b"IPLOS-STATE 1\n")
    at += 4 + int.from_bytes(content[at : at + 4], "big")
    before, found = content[:at], []
    while at < len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], "big")
        found.append(content[at:end])
        at = end
    return before, found


def without_the_last_chunk(content: bytes) -> bytes:
    before, found = chunks(content)
    return before + b"".join(found[:-1])


def with_two_chunks_changed_about(content: bytes) -> bytes:
    before, found = chunks(content)
    return before + b"".join([found[1], found[0], *found[2:]])


def with_a_chunk_twice(content: bytes) -> bytes:
    before, found = chunks(content)
    return before + b"".join([found[0], *found])


TAMPERED: list[tuple[Callable[[bytes], bytes], str]] = [
    (without_the_last_chunk, "is not as it was written"),
    (with_two_chunks_changed_about, "is not as it was written"),
    (with_a_chunk_twice, "is not as it was written"),
    (lambda content: flipped(content, len(content) - 1), "is not as it was written"),
    (lambda content: content.replace(b'"buss":"b"', b'"buss":"c"', 1), "is not as it was written"),
    (lambda content: content.replace(b'"offset":10', b'"offset":11', 1), "is not as it was written"),
    (lambda content: content[:-1], "is cut short"),
    (lambda content: chunks(content)[0], "is cut short"),
    (lambda content: content[:20], "is cut short"),
    (lambda content: content + b"\0\0\0", "is cut short"),
    (lambda content: content + b"\xff\xff\xff\xff", "is cut short"),
    (lambda content: content.replace(b'"versjon":1', b'"versjon":2', 1), "a head that this version cannot read"),
    (lambda _: b"PK\3\4", "is no snapshot"),
    (lambda _: b"", "is no snapshot"),
]


@pytest.mark.parametrize(("change", "sentence"), TAMPERED)
def test_a_file_that_is_not_as_it_was_written_is_refused_whole(change: Callable[[bytes], bytes], sentence: str) -> None:
    content = written()
    assert len(chunks(content)[1]) > 3
    with pytest.raises(FileBrokenError, match=sentence):
        check(change(content))


def test_a_head_that_names_other_content_is_refused() -> None:
    with pytest.raises(FileBrokenError, match="does not hold what its head says"):
        check(written(ROWS, head(ROWS[1:])))


def test_the_wrong_key_is_told_from_a_missing_one() -> None:
    with pytest.raises(SealBrokenError, match="no key with id 'n1'"):
        check(written(), Sealer({"n2": bytes(32)}, bytes(32)))
    with pytest.raises(FileBrokenError, match="another key of the same id"):
        check(written(), Sealer({"n1": b"1" * 32}, bytes(32)))


def test_two_files_of_the_same_state_have_the_same_hash_and_no_key_in_common() -> None:
    first, second = written(), written()
    assert head_of(io.BytesIO(first)).sha256 == head_of(io.BytesIO(second)).sha256
    assert chunks(first)[1] != chunks(second)[1]


def test_states_of_a_newer_program_are_refused() -> None:
    newer = EMPTY.replace(bytes([SCHEMA_VERSION]), bytes([SCHEMA_VERSION + 1]), 1)
    with pytest.raises(UnknownStateVersionError):
        check(written([Rad(0, "p-1", newer)]))


SEEN = Seen(group="g", members=0, tilstand="t", persons=0, state_partitions=2, bus="b", bus_ends=(10, 12))
REFUSED: list[tuple[Seen, str]] = [
    (SEEN._replace(members=1), "stop every process"),
    (SEEN._replace(persons=3), "only put back into an empty topic"),
    (SEEN._replace(state_partitions=3), "2 partitions, t has 3 and b 2"),
    (SEEN._replace(bus_ends=(10, 10, 10)), "2 partitions, t has 2 and b 3"),
    (SEEN._replace(bus_ends=(9, 12)), "another bus"),
]


@pytest.mark.parametrize(("seen", "sentence"), REFUSED)
def test_a_snapshot_is_only_put_back_where_it_fits(seen: Seen, sentence: str) -> None:
    assert sentence in (refusal(head(ROWS), seen, from_start=False) or "")


def test_a_snapshot_that_fits_is_put_back_and_another_bus_is_read_from_its_start_when_told() -> None:
    assert refusal(head(ROWS), SEEN, from_start=False) is None
    assert refusal(head(ROWS), SEEN._replace(bus_ends=(0, 0)), from_start=True) is None


def test_events_the_bus_has_deleted_since_are_counted() -> None:
    assert deleted_unread(head(ROWS), (9, 10), from_start=False) == 0
    assert deleted_unread(head(ROWS), (11, 15), from_start=False) == 6
    assert deleted_unread(replace(head(ROWS)), (11, 15), from_start=True) == 0
