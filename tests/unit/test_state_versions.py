"""What earlier versions of the program wrote is read, to the value; nobody changes how it is written unawares."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import asdict, fields

from adapter.domain.records import RECORD_TYPES, ForsegletIdent, Ident, Kind, Person
from adapter.domain.state_versions import SCHEMA_VERSION, STEPS, UnknownStateVersionError, upgrade
from adapter.domain.tilstand import Linje, Stored, Tilstand
from adapter.letters.letter import Letter, open_letter
from adapter.report import ledger
from tests.golden import state_samples as samples

VERSIONS = range(1, SCHEMA_VERSION + 1)
SAMPLES = {version: samples.state_file(version).read_bytes() for version in VERSIONS}


# ---- state ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_state_of_every_version_is_read_to_the_values_it_was_made_of(version: int) -> None:
    assert msgspec.msgpack.decode(SAMPLES[version])[0] == version
    read = Tilstand.decode(SAMPLES[version])
    assert (read.slettet, read.linjer) == (False, samples.LINES)
    for kind, record in samples.RECORDS.items():
        assert read.linjer[f"{kind}/r-1"].record(kind) == record


def test_the_newest_sample_is_what_is_written_today() -> None:
    newest = SAMPLES[SCHEMA_VERSION]
    assert Tilstand(dict(samples.LINES)).encode() == newest, "a new encoding is a new version: state_versions.py"
    assert Tilstand.decode(newest).encode() == newest


def test_the_sample_has_every_kind_of_record() -> None:
    assert samples.RECORDS.keys() == RECORD_TYPES.keys()


@pytest.mark.parametrize("kind", RECORD_TYPES)
def test_the_sample_has_every_field_of_a_record_and_none_at_its_default(kind: Kind) -> None:
    record = samples.RECORDS[kind]
    assert unfilled(record) == [], "a new field is a new version: state_versions.py"
    if isinstance(record, Person):
        assert isinstance(record.ident, ForsegletIdent)
        assert unfilled(record.ident) == [], "a new field is a new version: state_versions.py"


def unfilled(struct: msgspec.Struct) -> list[str]:
    return [one.name for one in fields(struct) if getattr(struct, one.name) == one.default]


def test_the_layout_around_the_records_is_that_of_this_version() -> None:
    layouts = {shape: [one.name for one in fields(shape)] for shape in (Stored, Linje)}
    assert layouts == {
        Stored: ["skjema", "slettet", "linjer"],
        Linje: ["versjon", "annullert", "kommunenummer", "bydelsnummer", "innhold"],
    }


def test_an_identity_that_was_sealed_long_ago_opens_and_is_sealed_the_same_today() -> None:
    person = Tilstand.decode(SAMPLES[1]).linjer["person/r-1"].record("person")
    assert isinstance(person, Person)
    assert person.ident is not None
    samples.SEALER.verify(person.ident, samples.PERSON_KEY)
    assert samples.SEALER.open_ident(person.ident, samples.PERSON_KEY) == samples.NUMBER
    today = samples.SEALER.seal_ident(Ident(nummer=samples.NUMBER), samples.PERSON_KEY)
    assert (today.forseglet, today.avtrykk) == (person.ident.forseglet, person.ident.avtrykk)


# ---- upgrading ------------------------------------------------------------------------------------------------------


def with_place_as_one_text(tree: list[Any]) -> list[Any]:
    """Made up: the unit of a line becomes one text."""
    version, erased, lines = tree
    return [version, erased, {key: [*line[:2], f"{line[2]}-{line[3]}", line[4]] for key, line in lines.items()}]


def with_renamed_field(tree: list[Any]) -> list[Any]:
    """Made up: a field of one kind of record gets another name, and the lines come before the mark of erasure."""
    version, erased, lines = tree
    for key, line in lines.items():
        if key.startswith("funksjon/"):
            line[-1]["skar"] = line[-1].pop("verdi")
    return [version, lines, erased]


def test_state_goes_through_as_many_steps_as_it_is_versions_old() -> None:
    steps = (with_place_as_one_text, with_renamed_field)
    first = msgspec.msgpack.encode([1, False, {"funksjon/a": [3, False, "0301", "05", {"verdi": 4, "tall": 1}]}])
    second = msgspec.msgpack.encode([2, False, {"funksjon/a": [3, False, "0301-05", {"verdi": 4, "tall": 1}]}])
    third = msgspec.msgpack.encode([3, {"funksjon/a": [3, False, "0301-05", {"tall": 1, "skar": 4}]}, False])
    assert upgrade(first, steps[:1]) == second
    assert [upgrade(one, steps) for one in (first, second, third)] == [third] * 3


def test_what_no_step_touches_keeps_its_bytes() -> None:
    version, *rest = msgspec.msgpack.decode(upgrade(SAMPLES[1], (*STEPS, lambda tree: tree)))
    assert version == SCHEMA_VERSION + 1
    assert msgspec.msgpack.encode([1, *rest]) == SAMPLES[1]


@pytest.mark.parametrize("newer", [[SCHEMA_VERSION + 1, False, {}], [SCHEMA_VERSION + 1, {}], [99]])
def test_state_of_a_newer_program_is_refused_whatever_it_looks_like(newer: list[Any]) -> None:
    with pytest.raises(UnknownStateVersionError, match="upgrade the program"):
        Tilstand.decode(msgspec.msgpack.encode(newer))


@pytest.mark.parametrize("garbage", [[], [0, False, {}], ["1", False, {}], [1, False], {"skjema": 1}, None, 5])
def test_what_is_no_state_of_any_version_is_refused_as_unreadable(garbage: Any) -> None:
    with pytest.raises(msgspec.DecodeError):
        Tilstand.decode(msgspec.msgpack.encode(garbage))


# ---- dead letters and ledger ----------------------------------------------------------------------------------------


def test_a_dead_letter_of_the_first_version_opens() -> None:
    sealed = samples.LETTER_FILE.read_bytes()
    assert open_letter(samples.ORIGIN, "prove-1", sealed, samples.SEALER) == samples.LETTER
    # An array: the order of its fields is what is stored.
    assert [one.name for one in fields(Letter)] == ["key", "value", "headers"]


def test_a_ledger_record_of_the_first_version_is_read_and_written_the_same() -> None:
    stored = samples.RUN_FILE.read_bytes()
    assert ledger.decode(stored) == samples.RUN
    assert ledger.encode(samples.RUN) == stored
    # What is left out of a record has this value; it may get no other.
    defaults = {name: value for name, value in asdict(ledger.decode(stored)).items() if name.encode() not in stored}
    assert defaults == {"steg": "", "steg_ferdig": 0, "steg_av": 0}
