"""How many events the next transaction takes: half after one that ran out of time, twice as many after quick ones."""

import pytest

from adapter.ingest.portion import IN_A_ROW, Portion

FULL = 2_000


@pytest.mark.parametrize(
    ("size", "tried", "left"),
    [
        (FULL, FULL, 1_000),
        (FULL, 24, 12),  # fewer had come than might have
        (7, 7, 3),
        (2, 2, 1),
        (1, 1, 1),
        (4, FULL, 2),  # polled before
    ],
)
def test_what_ran_out_of_time_is_tried_by_halves_and_never_by_none(size: int, tried: int, left: int) -> None:
    assert Portion(size, FULL, 7).after_timeout(tried) == Portion(left, FULL)


@pytest.mark.parametrize(
    ("size", "share", "next_size"),
    [
        (1, 0.01, 2),
        (1, 0.24, 2),
        (1, 0.25, 1),  # twice as many would be half the time: no risk is taken
        (1, 0.99, 1),
        (1_000, 0.01, FULL),
        (1_500, 0.01, FULL),
        (FULL, 0.01, FULL),
        (FULL, 0.99, FULL),
    ],
)
def test_what_goes_quickly_is_doubled_up_to_the_full_size(size: int, share: float, next_size: int) -> None:
    portion = Portion(size, FULL)
    for _ in range(IN_A_ROW):
        assert portion.size == size
        portion = portion.after_commit(share)
    assert portion == Portion(next_size, FULL)


def test_a_slow_batch_begins_the_row_anew() -> None:
    portion = Portion(4, FULL)
    for share in (*[0.01] * (IN_A_ROW - 1), 0.5, *[0.01] * (IN_A_ROW - 1)):
        portion = portion.after_commit(share)
    assert portion.size == 4


@pytest.mark.parametrize("fits", [1, 3, 50, 1_999])
def test_a_batch_that_fits_is_found_and_no_larger_one_is_tried_again(fits: int) -> None:
    """Time grows with the events; so many take all of it."""
    portion, failed = Portion(FULL, FULL), 0
    for _ in range(200):
        if portion.size > fits:
            portion, failed = portion.after_timeout(portion.size), failed + 1
        else:
            portion = portion.after_commit(portion.size / fits)
    assert failed <= FULL.bit_length()
    assert fits / 8 <= portion.size <= fits


def test_all_is_as_before_when_the_broker_is() -> None:
    portion = Portion(1, FULL)
    for _ in range(IN_A_ROW * FULL.bit_length()):
        portion = portion.after_commit(0.001)
    assert portion == Portion(FULL, FULL)
