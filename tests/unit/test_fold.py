"""One event after another into one person's state: the outcome of each, by hand."""

import msgspec
import pytest

from adapter.domain.fold import Change, Erase, Put, changed, fold
from adapter.domain.outcome import Annulled, Applied, Duplicate, Outcome, Parked, Superseded
from adapter.domain.records import ForsegletIdent, Funksjon, Person
from adapter.domain.state_versions import UnknownStateVersionError
from adapter.domain.tilstand import LARGEST_STATE, NOTHING, Linje, Tilstand, encode_record
from adapter.kafka.clients import LARGEST_RECORD_BYTES
from adapter.kafka.topic_plan import load
from adapter.shipped import shipped

LOW, HIGH = encode_record(Funksjon(funksjonstype=9, verdi=2)), encode_record(Funksjon(funksjonstype=9, verdi=4))


def registered(versjon: int, innhold: msgspec.Raw = LOW, *, key: str = "funksjon/a", kommune: str = "0301") -> Put:
    return Put(key, Linje(versjon, annullert=False, kommunenummer=kommune, bydelsnummer="", innhold=innhold))


def sealed(nokkel_id: str, avtrykk: bytes = b"a") -> Put:
    """A person row; what the key made of the number sorts against the print, so that only the print can decide."""
    text = nokkel_id.encode() if avtrykk == b"a" else b""
    ident = ForsegletIdent(nokkel_id=nokkel_id, forseglet=text, avtrykk=avtrykk, type="1", gyldig=True)
    return registered(1, encode_record(Person(kommunenummer="0301", ident=ident)), key="person/a")


def annulled(versjon: int, *, key: str = "funksjon/a") -> Put:
    return Put(key, Linje(versjon, annullert=True, kommunenummer="0301", bydelsnummer="", innhold=NOTHING))


@pytest.mark.parametrize(
    ("events", "outcomes"),
    [
        # versions
        ([registered(1)], [Applied()]),
        ([registered(0)], [Applied()]),
        ([registered(1), registered(2, HIGH)], [Applied(), Applied()]),
        ([registered(2), registered(1, HIGH)], [Applied(), Superseded()]),
        ([registered(1), registered(1)], [Applied(), Duplicate()]),
        ([registered(2), registered(1), registered(2)], [Applied(), Superseded(), Duplicate()]),
        ([registered(1), registered(1, key="funksjon/b")], [Applied(), Applied()]),
        ([registered(1), registered(1, key="tjeneste/a")], [Applied(), Applied()]),
        # annulment
        ([annulled(1)], [Annulled()]),
        ([registered(1), annulled(2)], [Applied(), Annulled()]),
        ([annulled(2), registered(1)], [Annulled(), Superseded()]),
        ([registered(1), annulled(2), registered(3)], [Applied(), Annulled(), Applied()]),
        ([annulled(2), annulled(2)], [Annulled(), Duplicate()]),
        ([annulled(2), annulled(3)], [Annulled(), Annulled()]),
        # the same version twice, not the same
        ([registered(1, LOW), registered(1, HIGH)], [Applied(), Applied(conflict=True)]),
        ([registered(1, HIGH), registered(1, LOW)], [Applied(), Superseded(conflict=True)]),
        ([registered(1, HIGH), annulled(1)], [Applied(), Annulled(conflict=True)]),
        ([annulled(1), registered(1, HIGH)], [Annulled(), Superseded(conflict=True)]),
        ([registered(1), registered(1, kommune="5001")], [Applied(), Applied(conflict=True)]),
        ([registered(1, kommune="5001"), registered(1)], [Applied(), Superseded(conflict=True)]),
        # the same identity, sealed with one key or another
        ([sealed("k1"), sealed("k2")], [Applied(), Duplicate()]),
        ([sealed("k2"), sealed("k1")], [Applied(), Duplicate()]),
        ([sealed("k1"), sealed("k2", avtrykk=b"z")], [Applied(), Applied(conflict=True)]),
        ([sealed("k2", avtrykk=b"z"), sealed("k1")], [Applied(), Superseded(conflict=True)]),
        ([sealed("k1"), annulled(1, key="person/a"), sealed("k2")], [Applied(), Annulled(True), Superseded(True)]),
        # erasure
        ([Erase()], [Applied()]),
        ([Erase(), Erase()], [Applied(), Duplicate()]),
        ([registered(1), Erase(), registered(9)], [Applied(), Applied(), Superseded()]),
        ([Erase(), annulled(9), Erase()], [Applied(), Superseded(), Duplicate()]),
    ],
)
def test_the_outcome_of_each_event(events: list[Change], outcomes: list[Outcome]) -> None:
    tilstand = Tilstand()
    assert [fold(tilstand, event) for event in events] == outcomes


@pytest.mark.parametrize(
    ("outcome", "writes"),
    [
        (Applied(), True),
        (Applied(conflict=True), True),
        (Annulled(), True),
        (Duplicate(), False),
        (Superseded(), False),
        (Superseded(conflict=True), False),
    ],
)
def test_only_what_changed_the_state_is_written(outcome: Outcome, writes: bool) -> None:
    assert changed(outcome) is writes


def test_the_very_same_event_folded_twice_is_a_duplicate() -> None:
    event, tilstand = registered(1), Tilstand()
    assert [fold(tilstand, event), fold(tilstand, event)] == [Applied(), Duplicate()]


def test_the_newest_version_is_what_state_holds() -> None:
    tilstand = Tilstand()
    for event in (registered(2, HIGH), annulled(1, key="funksjon/b"), registered(1, LOW)):
        fold(tilstand, event)
    read = Tilstand.decode(tilstand.encode())
    assert read.linjer["funksjon/a"].record("funksjon") == Funksjon(funksjonstype=9, verdi=4)
    assert (read.linjer["funksjon/b"].annullert, read.slettet) == (True, False)


def test_an_erased_person_is_nothing_but_erased() -> None:
    tilstand = Tilstand()
    fold(tilstand, registered(1))
    fold(tilstand, Erase())
    assert tilstand.encode() == Tilstand(slettet=True).encode()
    assert Tilstand.decode(tilstand.encode()).linjer == {}


def test_state_of_a_newer_program_is_refused_with_what_to_do() -> None:
    newer = msgspec.msgpack.encode([2, False, {}])
    with pytest.raises(UnknownStateVersionError, match="upgrade the program"):
        Tilstand.decode(newer)


def test_nothing_can_be_put_into_the_state_of_an_erased_person() -> None:
    erased = Tilstand(slettet=True)
    assert erased.put("funksjon/a", registered(9).linje) is None
    assert erased.linjer == {}


# --- What cannot be written ---


def rows(number: int, width: int) -> Tilstand:
    """A state with so many rows of so many bytes."""
    content = msgspec.Raw(msgspec.msgpack.encode("x" * width))
    return Tilstand({f"funksjon/{row}": registered(1, content).linje for row in range(number)})


def full() -> Tilstand:
    """A person with rows up to the limit: no other fits."""
    tilstand = rows(74, 100_000)
    while fold(tilstand, registered(1, key=f"funksjon/a-{len(tilstand.linjer)}")) == Applied():
        pass
    return tilstand


def test_a_row_that_would_make_the_state_too_large_is_parked_and_nothing_changes() -> None:
    tilstand = full()
    before = tilstand.encode()
    assert fold(tilstand, registered(1, key="funksjon/one-more")) == Parked("state-too-large")
    wider = registered(2, rows(1, 200).linjer["funksjon/0"].innhold, key="funksjon/a-80")
    assert fold(tilstand, wider) == Parked("state-too-large")
    assert tilstand.encode() == before
    assert LARGEST_STATE - 10_000 < len(before) <= LARGEST_STATE


def test_a_full_state_still_takes_what_makes_it_no_larger() -> None:
    tilstand = full()
    assert fold(tilstand, registered(1, key="funksjon/a-80")) == Duplicate()
    assert fold(tilstand, registered(0, key="funksjon/a-80")) == Superseded()
    assert fold(tilstand, registered(2, HIGH, key="funksjon/a-80")) == Applied()
    assert fold(tilstand, annulled(2, key="funksjon/0")) == Annulled()
    # Room again, for the width of the annulled row.
    assert fold(tilstand, registered(1, key="funksjon/one-more")) == Applied()
    assert fold(tilstand, Erase()) == Applied()
    assert len(tilstand.encode()) < 10


def test_a_state_beyond_the_limit_may_shrink_but_not_grow() -> None:
    tilstand = Tilstand.decode(rows(80, 100_000).encode())
    assert fold(tilstand, registered(1, key="funksjon/one-more")) == Parked("state-too-large")
    assert fold(tilstand, registered(2, key="funksjon/0")) == Applied()


def test_the_largest_state_can_be_sent_and_the_topic_takes_it() -> None:
    topic = load((shipped("topics") / "topics.toml").read_text("utf-8")).topics["tilstand"]
    around = 100_000  # key, headers of record and batch, and what compressing the incompressible adds
    assert LARGEST_STATE + around < min(LARGEST_RECORD_BYTES, int(topic.config["max.message.bytes"]))
