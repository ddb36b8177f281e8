"""State is a join: order, repetition and batches do not matter, to the byte."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapter.domain.fold import Change, Erase, Put, changed, fold
from adapter.domain.outcome import Annulled, Applied, Duplicate, Superseded
from adapter.domain.records import Diagnose, Funksjon, Record, Tjeneste
from adapter.domain.tilstand import NOTHING, Linje, Tilstand, encode_record

bounded = settings(max_examples=200, deadline=None)

# A small world, so that records, versions and contents meet often.
RECORDS: tuple[Record, ...] = (
    Tjeneste(tjenestetype=15),
    Tjeneste(tjenestetype=15, timer_per_uke=3.5),
    Funksjon(funksjonstype=9, verdi=2),
    Diagnose(kodeverk="ICPC-2", kode="P70"),
)
record_keys = st.sampled_from([f"{kind}/{name}" for kind in ("tjeneste", "funksjon") for name in ("a", "b", "c")])


@st.composite
def puts(draw: st.DrawFn) -> Put:
    annulled = draw(st.booleans())
    innhold = NOTHING if annulled else encode_record(draw(st.sampled_from(RECORDS)))
    place = draw(st.sampled_from(("0301", "5001"))), draw(st.sampled_from(("", "05")))
    return Put(draw(record_keys), Linje(draw(st.integers(0, 3)), annulled, *place, innhold))


erasures = st.builds(Erase)
histories = st.lists(puts(), max_size=25)
with_erasure = st.lists(st.one_of(*[puts()] * 12, erasures), max_size=25)


def state_of(history: Sequence[Change]) -> Tilstand:
    tilstand = Tilstand()
    for change in history:
        fold(tilstand, change)
    return tilstand


@bounded
@given(histories, st.sampled_from([0, 127, 128, 2**16, 2**32, 2**53 - 5]), st.integers(0, 25))
def test_no_state_is_larger_than_it_is_taken_for(history: list[Put], versions: int, cut: int) -> None:
    """Where a batch ends, the state is written and read back."""
    raised = [Put(one.key, replace(one.linje, versjon=one.linje.versjon + versions)) for one in history]
    tilstand = Tilstand.decode(state_of(raised[:cut]).encode())
    for change in raised[cut:]:
        fold(tilstand, change)
    assert tilstand.size >= len(tilstand.encode())
    assert Tilstand(tilstand.linjer).size >= len(tilstand.encode())


def joined(first: Tilstand, second: Tilstand) -> bytes:
    return first.join(second).encode()


@bounded
@given(with_erasure, st.data())
def test_any_order_and_any_repetition_give_the_same_bytes(history: list[Change], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(history), max_size=10)) if history else []
    shuffled = data.draw(st.permutations([*history, *again]))
    assert state_of(shuffled).encode() == state_of(history).encode()


@bounded
@given(with_erasure, st.lists(st.integers(0, 25), max_size=5))
def test_any_split_into_batches_written_and_read_back_gives_the_same_bytes(
    history: list[Change], cuts: list[int]
) -> None:
    value = Tilstand.EMPTY
    ends = sorted({*cuts, len(history)})
    for start, end in zip([0, *ends], ends, strict=False):
        tilstand = Tilstand.decode(value)
        for change in history[start:end]:
            fold(tilstand, change)
        value = tilstand.encode()
    assert value == state_of(history).encode()


@bounded
@given(with_erasure, with_erasure, st.data())
def test_any_interleaving_of_two_histories_is_the_join_of_their_states(
    first: list[Change], second: list[Change], data: st.DataObject
) -> None:
    order = data.draw(st.permutations([0] * len(first) + [1] * len(second)))
    sources = (iter(first), iter(second))
    interleaved = [next(sources[which]) for which in order]
    assert state_of(interleaved).encode() == joined(state_of(first), state_of(second))


@bounded
@given(with_erasure, with_erasure, with_erasure)
def test_join_is_commutative_associative_and_idempotent(
    one: list[Change], two: list[Change], three: list[Change]
) -> None:
    a, b, c = state_of(one), state_of(two), state_of(three)
    before = a.encode(), b.encode()
    assert joined(a, b) == joined(b, a)
    assert joined(a.join(b), c) == joined(a, b.join(c))
    assert joined(a, a) == a.encode()
    assert joined(a, Tilstand()) == joined(Tilstand(), a) == a.encode()
    assert (a.encode(), b.encode()) == before, "a join changes neither of the two"


@bounded
@given(with_erasure)
def test_erasure_absorbs_everything(history: list[Change]) -> None:
    erased = Tilstand(slettet=True).encode()
    assert joined(state_of(history), Tilstand(slettet=True)) == erased
    assert state_of([*history, Erase()]).encode() == state_of([Erase(), *history]).encode() == erased


@bounded
@given(histories)
def test_state_holds_the_highest_line_of_every_record_and_nothing_else(history: list[Put]) -> None:
    highest: dict[str, tuple[int, bool, str, str, bytes]] = {}
    for change in history:
        linje = change.linje
        order = (linje.versjon, linje.annullert, linje.kommunenummer, linje.bydelsnummer, bytes(linje.innhold))
        highest[change.key] = max(order, highest.get(change.key, order))
    assert {key: linje.rank() for key, linje in state_of(history).linjer.items()} == highest


@bounded
@given(with_erasure)
def test_each_event_has_one_outcome_and_the_outcome_tells_if_state_changed(history: list[Change]) -> None:
    tilstand = Tilstand()
    counted = {Applied: 0, Annulled: 0, Duplicate: 0, Superseded: 0}
    for change in history:
        before = tilstand.encode()
        outcome = fold(tilstand, change)
        counted[type(outcome)] += 1
        assert changed(outcome) is (tilstand.encode() != before)
        assert not isinstance(outcome, Annulled) or (isinstance(change, Put) and change.linje.annullert)
    assert sum(counted.values()) == len(history)
    assert counted[Applied] + counted[Annulled] >= len(tilstand.linjer) + tilstand.slettet


@bounded
@given(histories)
def test_a_history_told_again_changes_nothing(history: list[Put]) -> None:
    tilstand = state_of(history)
    outcomes = [fold(tilstand, change) for change in history]
    assert all(isinstance(outcome, Duplicate | Superseded) for outcome in outcomes)
    # What state holds came from somewhere, so every line it holds is met again.
    assert sum(isinstance(outcome, Duplicate) for outcome in outcomes) >= len(tilstand.linjer)
