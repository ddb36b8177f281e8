"""A seal is no part of a registration: whatever keys were used on the way, sealing anew makes the bytes the same."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.domain.fold import Change, Erase, Put, fold
from adapter.domain.outcome import Outcome
from adapter.domain.records import Funksjon, Ident, Person, Tjeneste
from adapter.domain.records.person import Kjonn
from adapter.domain.tilstand import NOTHING, Linje, Tilstand, encode_record
from adapter.ingest.batch import Census, fold_batch
from adapter.ingest.reading import Reading
from adapter.ingest.resealing import resealed
from adapter.sealing import Sealer
from tests.unit.pair import number_of

bounded = settings(max_examples=200, deadline=None)

PSEUDONYM = bytes(32)
FIRST, SECOND, THIRD = (bytes([number]) * 32 for number in (1, 2, 3))
OLD = Sealer({"first": FIRST, "second": SECOND}, PSEUDONYM, waiting=["second"])
NEW = Sealer({"second": SECOND, "first": FIRST}, PSEUDONYM)
LATER = Sealer({"third": THIRD, "second": SECOND, "first": FIRST}, PSEUDONYM)
PERSON_KEY = "pas-1"
NUMBERS = tuple(number_of(serial) for serial in range(3))


class Registration(NamedTuple):
    """What the journal system registered; no key has touched it yet."""

    key: str
    versjon: int
    annullert: bool
    kommunenummer: str
    number: str | None
    kjonn: Kjonn | None

    def under(self, sealer: Sealer) -> Put:
        """The change that a process with these keys makes of it."""
        if self.annullert:
            innhold = NOTHING
        elif self.key.startswith("person/"):
            ident = sealer.seal_ident(Ident(nummer=self.number), PERSON_KEY) if self.number else None
            innhold = encode_record(Person(kommunenummer=self.kommunenummer, kjonn=self.kjonn, ident=ident))
        else:
            innhold = encode_record(Tjeneste(tjenestetype=15) if self.number else Funksjon(funksjonstype=9, verdi=2))
        return Put(self.key, Linje(self.versjon, self.annullert, self.kommunenummer, "", innhold))


# A small world, so that versions, persons and keys meet often.
registrations = st.builds(
    Registration,
    key=st.sampled_from(["person/a", "person/b", "tjeneste/a"]),
    versjon=st.integers(0, 2),
    annullert=st.sampled_from([False, False, False, True]),
    kommunenummer=st.sampled_from(["0301", "5001"]),
    number=st.sampled_from([None, *NUMBERS]),
    kjonn=st.sampled_from([None, "K"]),
)
histories = st.lists(registrations, max_size=15)
sealers = st.sampled_from([OLD, NEW, LATER])


def state_of(changes: Sequence[Change]) -> Tilstand:
    tilstand = Tilstand()
    for change in changes:
        fold(tilstand, change)
    return tilstand


def anew(tilstand: Tilstand, sealer: Sealer) -> bytes:
    """The state's bytes after it was sealed anew."""
    state = tilstand.encode()
    return resealed(PERSON_KEY, state, sealer) or state


@bounded
@given(histories)
def test_what_was_folded_under_the_old_key_and_sealed_anew_is_what_the_new_key_would_have_given(
    history: list[Registration],
) -> None:
    expected = state_of([one.under(NEW) for one in history]).encode()
    assert anew(state_of([one.under(OLD) for one in history]), NEW) == expected


@bounded
@given(histories, st.data())
def test_any_order_repetition_and_mixture_of_keys_with_sealing_in_between_ends_in_the_same_bytes(
    history: list[Registration], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(history), max_size=8)) if history else []
    tilstand = Tilstand()
    for one in data.draw(st.permutations([*history, *again])):
        fold(tilstand, one.under(data.draw(sealers)))
        if data.draw(st.booleans()):
            tilstand = Tilstand.decode(anew(tilstand, data.draw(sealers)))
    assert anew(tilstand, LATER) == state_of([one.under(LATER) for one in history]).encode()


@bounded
@given(histories, st.data())
def test_outcomes_do_not_tell_which_keys_were_used(history: list[Registration], data: st.DataObject) -> None:
    def outcomes(changes: Sequence[Change]) -> list[Outcome]:
        tilstand = Tilstand()
        return [fold(tilstand, change) for change in changes]

    twice = [*history, *history]
    mixed = [one.under(data.draw(sealers)) for one in twice]
    assert outcomes(mixed) == outcomes([one.under(OLD) for one in twice])


@bounded
@given(histories, histories, sealers, sealers)
def test_sealing_anew_and_joining_may_change_places(
    one: list[Registration], two: list[Registration], first: Sealer, second: Sealer
) -> None:
    a, b = state_of([it.under(first) for it in one]), state_of([it.under(second) for it in two])
    sealed = (Tilstand.decode(anew(state, LATER)) for state in (a, b))
    joined = next(sealed).join(next(sealed)).encode()
    assert anew(a.join(b), LATER) == joined
    assert anew(b.join(a), LATER) == joined


@bounded
@given(histories, sealers)
def test_sealing_anew_changes_nothing_but_the_seal_and_doing_it_again_changes_nothing(
    history: list[Registration], sealer: Sealer
) -> None:
    before = state_of([one.under(sealer) for one in history])
    after = Tilstand.decode(anew(before, LATER))
    assert {name: line.rank() for name, line in after.linjer.items()} == {
        name: line.rank() for name, line in before.linjer.items()
    }
    assert after.key_ids() == ({"third"} if before.key_ids() else set())
    assert resealed(PERSON_KEY, after.encode(), LATER) is None
    for name, line in after.linjer.items():
        record = line.record("person") if name.startswith("person/") and not line.annullert else None
        if isinstance(record, Person) and record.ident is not None:
            LATER.verify(record.ident, PERSON_KEY)


@bounded
@given(histories, sealers)
def test_two_processes_in_the_middle_of_the_change_do_not_seal_back_and_forth(
    history: list[Registration], sealer: Sealer
) -> None:
    ahead = anew(state_of([one.under(sealer) for one in history]), NEW)
    assert resealed(PERSON_KEY, ahead, OLD) is None


@bounded
@given(st.lists(st.tuples(registrations | st.just(None), sealers, st.sampled_from(["p-1", "p-2"])), max_size=20))
def test_the_count_of_persons_by_key_follows_the_states(
    history: list[tuple[Registration | None, Sealer, str]],
) -> None:
    states: dict[str, bytes] = {}
    census = Census()
    for at in range(0, len(history), 3):
        batch = [
            (0, Reading("", person, Erase() if one is None else one.under(sealer)))
            for one, sealer, person in history[at : at + 3]
        ]
        folded = fold_batch(states, batch)
        states |= folded.states
        census.add(folded.census)
    counted = Counter(key_id for state in states.values() for key_id in Tilstand.decode(state).key_ids())
    assert {key_id: held for key_id, held in census.sealed.items() if held} == counted
