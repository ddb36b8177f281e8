"""What a commit says of the state, and whether so many persons may have been read between two commits."""

import pytest

from adapter.domain.vouching import is_whole, vouched, voucher


@pytest.mark.parametrize("persons", [0, 1, 400_000])
def test_what_was_vouched_for_is_read_back(persons: int) -> None:
    assert vouched(voucher(persons)) == persons


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("v1 persons=12", 12),
        ("v1 persons=12 rows=90", 12),  # what a later version may add
        ("", None),  # an older program, or a tool that moved the offset
        ("v2 persons=12", None),
        ("v1 persons=", None),
        ("v1 persons=-1", None),
        ("v1 persons=12;", None),
        ("persons=12", None),
        ("moved by hand", None),
    ],
)
def test_only_a_voucher_vouches(text: str, persons: int | None) -> None:
    assert vouched(text) == persons


@pytest.mark.parametrize(
    ("read", "before", "after", "whole"),
    [
        (10, 10, 10, True),
        (9, 10, 10, False),
        (11, 10, 10, False),
        (0, 10, 10, False),
        (0, 0, 0, True),
        # ingest meanwhile
        (10, 10, 12, True),
        (11, 10, 12, True),
        (12, 10, 12, True),
        (9, 10, 12, False),
        (13, 10, 12, False),
        # a year closed meanwhile
        (12, 12, 10, True),
        (10, 12, 10, True),
        (9, 12, 10, False),
        # nobody vouches
        (0, None, None, True),
        (0, None, 10, True),
        (0, 10, None, True),
    ],
)
def test_as_many_are_whole_as_were_there_before_or_after_or_between(
    read: int, before: int | None, after: int | None, whole: bool
) -> None:
    assert is_whole(read, before, after) is whole
