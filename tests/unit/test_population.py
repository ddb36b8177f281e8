"""Who is one person after merges and erasures, which units they are in, and whose numbers are shared."""

import itertools
import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.enhet import Enhet
from adapter.domain.overgang import Overgang
from adapter.domain.records import Sammenslaing
from adapter.report.population import MemoryStore, Population, Store
from adapter.report.spool import Spool
from tests.sound import PLACES, funksjon, person, tjeneste
from tests.unit.pair import Line, row, state, who

MEMORY: Store[bytes] = MemoryStore()
BERGEN, FROGNER, GAMLE_OSLO = Enhet("1201"), Enhet("0301", "05"), Enhet("0301", "01")


def service(enhet: Enhet = BERGEN, name: str = "t") -> Line:
    return row(tjeneste(), name, enhet)


def into(target: str | None, versjon: int = 1, name: str = "m") -> Line:
    return row(Sammenslaing(videre_til=target), name, BERGEN, versjon=versjon)


def groups(states: Mapping[str, bytes], enhet: Enhet = BERGEN) -> dict[str, tuple[str, ...]]:
    return Population.of(states).groups(enhet)


# ---- units ----------------------------------------------------------------------------------------------------------


def test_a_person_is_in_every_unit_that_registered_a_row() -> None:
    population = Population.of({"a": state(service(FROGNER, "t1"), service(GAMLE_OSLO, "t2")), "b": state(service())})
    assert population.units() == [GAMLE_OSLO, FROGNER, BERGEN]
    assert population.groups(FROGNER) == population.groups(GAMLE_OSLO) == {"a": ("a",)}
    assert population.groups(BERGEN) == {"b": ("b",)}
    assert population.groups(Enhet("0301")) == {}


def test_neither_person_rows_nor_merges_nor_annulled_rows_make_a_unit() -> None:
    population = Population.of(
        {
            "a": state(row(person(), "p", FROGNER)),
            "b": state(row(tjeneste(), "t", GAMLE_OSLO, annullert=True)),
            "c": state(into("a")),
        }
    )
    assert population.units() == []
    assert len(population) == 3


def test_units_speak_in_the_numbers_of_the_year() -> None:
    states = {"a": state(service(Enhet("4601")))}
    assert Population.of(states, Overgang(PLACES, 2018)).units() == [BERGEN]


def test_a_newer_state_replaces_an_older_and_a_tombstone_takes_it_away() -> None:
    population = Population.of({"a": state(service(FROGNER), into("b")), "b": state(service())})
    population.add("a", state(service(GAMLE_OSLO)))
    assert population.units() == [GAMLE_OSLO, BERGEN]
    assert population.canonical("a") == "a"
    population.remove("a")
    assert population.units() == [BERGEN]
    assert [key for key, _ in population.states(["a", "b"])] == ["b"]


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc"), st.integers(1, 4)), max_size=8))
def test_the_parts_of_a_person_in_several_partitions_are_the_person(rows: list[tuple[int, str, int]]) -> None:
    """Rows of three partitions; what is one in the state of each is one in all of them together."""
    lines = [
        (number, row(tjeneste(timer_per_uke=versjon), name, BERGEN, versjon=versjon)) for number, name, versjon in rows
    ]
    parts = {number: state(*(line for at, line in lines if at == number)) for number, _ in lines}
    population = Population(MEMORY)
    for number, part in parts.items():
        assert population.add("a", part, number)
        assert not population.add("a", part, number)
    whole = {"a": state(*(line for _, line in lines))} if lines else {}
    assert population.groups(BERGEN) == groups(whole)
    assert [(key, one.encode()) for key, one in population.states(["a"])] == [*whole.items()]
    assert population.split == (len(parts) > 1)
    for number in parts:
        assert population.remove("a", number)
        assert not population.remove("a", number)
    assert (len(population), population.split) == (0, 0)


def test_who_is_erased_in_one_partition_is_erased() -> None:
    for order in ((0, 1), (1, 0)):
        population = Population(MEMORY)
        for number in order:
            population.add("a", (state(service()), state(erased=True))[number], number)
        assert population.groups(BERGEN) == {}
        assert population.remove("a", 1)
        assert population.groups(BERGEN) == {"a": ("a",)}


# ---- merges ---------------------------------------------------------------------------------------------------------


def test_a_chain_of_merges_ends_at_its_last_key_and_holds_all_of_them() -> None:
    states = {"a": state(service(), into("b")), "b": state(into("c")), "c": state(into("d")), "d": state(service())}
    assert groups(states) == {"d": ("d", "a", "b", "c")}


def test_a_very_long_chain_takes_no_time_to_speak_of() -> None:
    states = {f"k{at:04}": state(service(), into(f"k{at + 1:04}")) for at in range(1500)}
    assert list(groups(states)) == ["k1500"]


@pytest.mark.parametrize("start", ["a", "b", "c", "x", "y"])
def test_a_ring_of_merges_is_one_person_under_its_smallest_key(start: str) -> None:
    ring = {"a": "b", "b": "c", "c": "a", "x": "b", "y": "x"}
    population = Population.of({key: state(into(target), service()) for key, target in ring.items()})
    assert population.canonical(start) == "a"
    assert population.groups(BERGEN) == {"a": ("a", "b", "c", "x", "y")}


def test_two_that_are_merged_into_each_other_are_one() -> None:
    assert groups({"b": state(into("a"), service()), "a": state(into("b"))}) == {"a": ("a", "b")}


def test_merged_into_itself_is_not_merged() -> None:
    assert groups({"a": state(into("a"), service())}) == {"a": ("a",)}


def test_merged_into_a_key_nothing_is_known_of_yet_goes_by_that_key() -> None:
    population = Population.of({"a": state(service(), into("b"))})
    assert population.groups(BERGEN) == {"b": ("b", "a")}
    assert [key for key, _ in population.states(("b", "a"))] == ["a"]


def test_the_rows_of_a_key_that_was_merged_away_count_for_its_units_too() -> None:
    states = {"a": state(service(FROGNER), into("b")), "b": state(service())}
    assert groups(states, FROGNER) == groups(states, BERGEN) == {"b": ("b", "a")}


def test_a_merge_that_was_undone_leaves_two_persons() -> None:
    states = {"a": state(service(), into("b"), into(None, versjon=2)), "b": state(service())}
    assert groups(states) == {"a": ("a",), "b": ("b",)}


def test_a_merge_that_was_redirected_follows_the_newest_version() -> None:
    states = {"a": state(service(), into("c", versjon=2), into("b")), "b": state(), "c": state()}
    assert groups(states) == {"c": ("c", "a")}


def test_who_was_merged_into_an_erased_person_is_left_out() -> None:
    states = {"a": state(service(), into("b")), "b": state(erased=True), "c": state(service())}
    assert groups(states) == {"c": ("c",)}


def test_in_a_chain_the_last_key_decides_whether_the_person_is_erased() -> None:
    states = {"a": state(service(), into("b")), "b": state(service(), into("c")), "c": state(erased=True)}
    assert groups(states) == {}


def test_an_erased_key_forgets_where_it_was_merged_to_and_whom_it_was_merged_with_stays() -> None:
    states = {"a": state(service(), into("b"), erased=True), "b": state(service())}
    assert groups(states) == {"b": ("b",)}
    assert list(Population.of(states).states(("a",))) == []


keys = st.sampled_from("abcdefg")


@given(st.dictionaries(keys, st.none() | keys, max_size=7), st.sets(keys), st.randoms(use_true_random=False))
def test_every_key_with_rows_is_in_exactly_one_group_whatever_was_merged(
    merges: dict[str, str | None], erased: set[str], order: random.Random
) -> None:
    states = {key: state(service(), into(target), erased=key in erased) for key, target in merges.items()}
    found = groups(states)
    members = list(itertools.chain.from_iterable(found.values()))
    assert len(members) == len(set(members))
    population = Population.of(states)
    gone = erased & set(states)
    expected = {key for key in states if key not in gone and population.canonical(key) not in gone}
    assert {key for key in members if key in states} == expected
    assert all(group[0] == canonical for canonical, group in found.items())
    shuffled = list(states.items())
    order.shuffle(shuffled)
    assert groups(dict(shuffled)) == found


# ---- shared identity numbers ----------------------------------------------------------------------------------------


def prints(states: Mapping[str, bytes]) -> int:
    return len(Population.of(states).shared_prints())


def test_a_number_that_two_persons_have_is_shared() -> None:
    states = {key: state(row(who(key, "14833800095"), "p"), service()) for key in ("a", "b")}
    assert prints(states) == 1
    assert prints({**states, "b": state(row(who("b", "02875100117"), "p"))}) == 0


def test_the_same_number_under_keys_of_one_person_is_not_shared() -> None:
    a, b, c = (row(who(key, "14833800095"), "p") for key in "abc")
    assert prints({"a": state(a, into("b")), "b": state(b)}) == 0
    assert prints({"a": state(a, into("b")), "b": state(b, into("d")), "c": state(c, into("d"))}) == 0
    assert prints({"a": state(a, into("b")), "b": state(b), "c": state(c)}) == 1


def test_every_row_of_a_person_is_looked_at_for_shared_numbers() -> None:
    two_rows = state(row(who("a", "14833800095"), "p1"), row(who("a", "02875100117"), "p2"))
    for number in ("14833800095", "02875100117"):
        assert prints({"a": two_rows, "b": state(row(who("b", number), "p"))}) == 1


def test_an_annulled_row_and_an_erased_person_share_nothing() -> None:
    mine = state(row(who("a", "14833800095"), "p"))
    theirs = row(who("b", "14833800095"), "p", annullert=True)
    assert prints({"a": mine, "b": state(theirs)}) == 0
    assert prints({"a": mine, "b": state(row(who("b", "14833800095"), "p"), erased=True)}) == 0


# ---- storage --------------------------------------------------------------------------------------------------------


def test_states_come_back_from_a_spool_as_from_memory() -> None:
    states = {f"k{at}": state(service(), row(funksjon(), f"f{at}", BERGEN)) for at in range(50)}
    with Spool() as spool:
        spooled = Population(spool)
        for key, one in states.items():
            spooled.add(key, one)
        assert spooled.groups(BERGEN) == groups(states)
        for key, tilstand in spooled.states(states):
            assert tilstand.encode() == states[key]
