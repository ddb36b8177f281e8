"""The spool: what is written comes back, and whoever looks at the disk learns nothing."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from adapter.report.spool import Place, Spool, SpooledMessage, parts

SECRET = b"15825041211 F00.1 Langtidsopphold" * 20


def on_disk(spool: Spool) -> bytes:
    """All bytes of the file, read the way a thief would: through the descriptor, for it has no name."""
    descriptor = spool._file.fileno()
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def test_any_block_comes_back_in_any_order() -> None:
    blocks = [os.urandom(size) for size in (1, 0, 100_000, 7, 1_000_000)]
    with Spool() as spool:
        places = [spool.append(block) for block in blocks]
        for number in random.Random(1).sample(range(5), 5):
            assert spool.read(places[number]) == blocks[number]


def test_what_lies_on_the_disk_is_not_the_text() -> None:
    with Spool() as spool:
        spool.append(SECRET)
        spool.append(SECRET)
        raw = on_disk(spool)
    assert len(raw) > 2 * len(SECRET)
    assert not any(SECRET[at : at + 11] in raw for at in range(len(SECRET) - 11))


def test_the_same_block_twice_does_not_look_the_same() -> None:
    with Spool() as spool:
        one, two = spool.append(SECRET), spool.append(SECRET)
        raw = on_disk(spool)
    assert raw[one.position : one.position + one.length] != raw[two.position : two.position + two.length]


def test_two_spools_have_different_keys() -> None:
    with Spool() as one, Spool() as two:
        one.append(SECRET)
        two.append(SECRET)
        assert on_disk(one) != on_disk(two)


def test_the_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Spool() as spool:
        spool.append(SECRET)
        assert list(tmp_path.iterdir()) == []
        assert os.fstat(spool._file.fileno()).st_nlink == 0


def test_changed_bytes_on_the_disk_are_noticed() -> None:
    with Spool() as spool:
        place = spool.append(SECRET)
        os.pwrite(spool._file.fileno(), b"X", place.position + 3)
        with pytest.raises(InvalidTag):
            spool.read(place)


def test_a_block_is_not_taken_for_another() -> None:
    with Spool() as spool:
        one, two = spool.append(b"one" * 10), spool.append(b"two" * 10)
        with pytest.raises(InvalidTag):
            spool.read(Place(two.position, two.length, one.number))


def test_after_closing_nothing_can_be_read() -> None:
    spool = Spool()
    place = spool.append(SECRET)
    spool.close()
    with pytest.raises(ValueError, match="closed"):
        spool.read(place)


def test_two_messages_in_one_spool_keep_apart() -> None:
    with Spool() as spool:
        one, two = SpooledMessage(spool), SpooledMessage(spool)
        for at in range(10):
            one.write(f"one{at}".encode())
            two.write(b"" if at % 2 else f"two{at}".encode())
        assert b"".join(one.blocks()) == b"".join(f"one{at}".encode() for at in range(10))
        assert list(two.blocks()) == [b"two0", b"two2", b"two4", b"two6", b"two8"]
        assert list(one.blocks()) == list(one.blocks())


blocks_of = st.lists(st.binary(max_size=50), max_size=20)


@given(blocks_of, st.integers(1, 60))
def test_parts_put_together_are_the_blocks_and_all_but_the_last_are_full(blocks: list[bytes], size: int) -> None:
    found = list(parts(iter(blocks), size))
    whole = b"".join(blocks)
    assert b"".join(found) == whole
    assert len(found) == -(-len(whole) // size)
    assert all(len(part) == size for part in found[:-1])
    assert all(0 < len(part) <= size for part in found[-1:])


@given(blocks_of, blocks_of, st.integers(1, 60))
def test_parts_depend_on_the_bytes_and_not_on_how_they_were_written(
    one: list[bytes], two: list[bytes], size: int
) -> None:
    whole = b"".join([*one, *two])
    assert list(parts(iter([*one, *two]), size)) == list(parts(iter([whole]), size))


def test_parts_are_made_as_they_are_asked_for() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"0123456789"

    taken = parts(endless(), 25)
    assert [next(taken), next(taken)] == [b"0123456789012345678901234", b"5678901234567890123456789"]
