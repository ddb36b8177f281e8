"""Laws of numbering persons: whatever is drawn."""

import random

from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.person_number import LARGEST, assign

# Draws that crowd: a few residues, at both ends of the room, many times over.
crowded = st.builds(
    lambda low, times: low + times * LARGEST,
    st.sampled_from([0, 1, 2, 3, LARGEST - 3, LARGEST - 2, LARGEST - 1]),
    st.integers(0, 4),
)
draws = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), crowded | st.integers(0, 2**64 - 1), max_size=40)


@given(draws)
def test_numbers_are_all_different_and_fit_the_message(drawn: dict[str, int]) -> None:
    numbers = assign(drawn)
    assert set(numbers) == set(drawn)
    assert len(set(numbers.values())) == len(drawn)
    assert all(1 <= number <= 2_147_483_647 for number in numbers.values())


@given(draws, st.randoms(use_true_random=False))
def test_the_order_of_the_persons_does_not_matter(drawn: dict[str, int], order: random.Random) -> None:
    shuffled = list(drawn.items())
    order.shuffle(shuffled)
    assert assign(dict(shuffled)) == assign(drawn)


@given(draws)
def test_whoever_stands_alone_on_a_number_with_none_before_it_has_the_number_drawn(drawn: dict[str, int]) -> None:
    wanted = [draw % LARGEST + 1 for draw in drawn.values()]
    numbers = assign(drawn)
    for key, draw in drawn.items():
        own = draw % LARGEST + 1
        run_before = own - 1 in numbers.values() or (own == 1 and LARGEST in numbers.values())
        if wanted.count(own) == 1 and not run_before:
            assert numbers[key] == own


@given(draws, st.text("xyz", min_size=1, max_size=3), st.integers(0, 2**64 - 1))
def test_a_newcomer_with_the_largest_draw_moves_nobody(drawn: dict[str, int], key: str, extra: int) -> None:
    last = max(drawn.values(), default=0) + 1 + extra
    after = assign(drawn | {key: last})
    assert {one: after[one] for one in drawn} == assign(drawn)
