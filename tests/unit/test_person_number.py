"""`pePeID` and `pid`: an int for each person, all different, that says nothing of who it is."""

from adapter.domain.person_number import LARGEST, assign
from tests.sound import tjeneste
from tests.unit.pair import SEALER, build, number_of, row, state, who

SPAN = LARGEST  # as many numbers as there are: 1..LARGEST


def test_the_number_is_the_draw_folded_into_the_room_the_message_has() -> None:
    assert assign({"a": 0, "b": 5, "c": LARGEST - 1}) == {"a": 1, "b": 6, "c": LARGEST}
    assert assign({"a": LARGEST}) == {"a": 1}
    assert assign({"a": 2**64 - 1})["a"] == (2**64 - 1) % LARGEST + 1


def test_of_two_who_draw_the_same_the_smaller_full_draw_has_it_and_the_other_takes_the_next() -> None:
    assert assign({"late": 7 + SPAN, "early": 7}) == {"early": 8, "late": 9}
    assert assign({"third": 7 + 2 * SPAN, "late": 7 + SPAN, "early": 7}) == {"early": 8, "late": 9, "third": 10}


def test_the_next_free_number_after_the_largest_is_one() -> None:
    assert assign({"a": LARGEST - 1, "b": LARGEST - 1 + SPAN}) == {"a": LARGEST, "b": 1}


def test_one_who_was_pushed_on_pushes_nobody_with_a_smaller_draw() -> None:
    assert assign({"a": 7, "neighbour": 8, "b": 7 + SPAN}) == {"a": 8, "neighbour": 9, "b": 10}


def test_a_whole_draw_that_is_the_same_is_settled_by_the_key() -> None:
    assert assign({"b": 7, "a": 7}) == {"a": 8, "b": 9}


def test_a_newcomer_who_draws_another_number_moves_nobody() -> None:
    before = {f"k{at}": at * 1000 for at in range(100)}
    after = assign(before | {"new": 500})
    assert {key: after[key] for key in before} == assign(before)


def test_nobody_gets_nothing() -> None:
    assert assign({}) == {}


def test_the_number_comes_from_the_key_and_never_from_the_identity() -> None:
    def pid(number: str) -> str:
        lines = (row(who("pas-1", number), "p"), row(tjeneste(), "t"))
        return build({"pas-1": state(*lines)}).pids[0]

    assert pid(number_of(1)) == pid(number_of(2))


def test_a_draw_differs_by_key_unit_and_year_and_by_the_secret() -> None:
    draws = {
        SEALER.person_number(key, scope) for key in ("a", "b") for scope in ("5001/2018", "5001/2019", "0301-01/2018")
    }
    assert len(draws) == 6
    assert SEALER.person_number("a", "5001/2018") == SEALER.person_number("a", "5001/2018")
