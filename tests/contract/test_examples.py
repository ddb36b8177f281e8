"""What the contract shows producers is true: every example is read as it says, by the schema and by the program."""

import json
import re
from pathlib import Path

import pytest

from adapter.domain.fold import Erase, Put
from adapter.domain.identity import classify
from adapter.domain.orgnr import is_valid_orgnr
from adapter.domain.outcome import PARK_CODES, Parked
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.normalise import REPAIRS
from tests.contract.examples import (
    EXAMPLES,
    READER,
    Broken,
    Sloppy,
    broken,
    read,
    schema_of,
    sloppy,
    state_after,
    valid,
)

BROKEN, SLOPPY = broken(), sloppy()


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_valid_example_is_accepted_by_schema_and_program_as_it_stands(event_type: str) -> None:
    event = valid(event_type)
    schema_of(event_type).validate(event)
    reading = read(event)
    assert (reading.type, reading.person_key, reading.repairs) == (event_type, event["subject"], ())
    assert isinstance(reading.result, Erase if event_type.endswith(".slettet.v1") else Put)


def test_there_is_one_example_for_each_event_type() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(EVENT_TYPES)


@pytest.mark.parametrize("example", BROKEN, ids=lambda example: example.name)
def test_a_broken_example_is_parked_with_its_code_and_field(example: Broken) -> None:
    assert READER.read(example.delivered()).result == Parked(example.code, example.field)  # type: ignore[arg-type]


@pytest.mark.parametrize("example", BROKEN, ids=lambda example: example.name)
def test_the_schema_refuses_a_broken_example_unless_the_table_says_why_not(example: Broken) -> None:
    assert _schema_accepts(example) is (example.unseen is not None)


def _schema_accepts(example: Broken) -> bool:
    try:
        event = json.loads(example.value().decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    event_type = event.get("type") if isinstance(event, dict) else None
    return event_type in EVENT_TYPES and schema_of(event_type).is_valid(event)


def test_the_broken_examples_cover_every_code_that_input_can_reach() -> None:
    assert {example.code for example in BROKEN} == set(PARK_CODES) - {"internal-error", "state-too-large"}
    listed = {example.file for example in BROKEN if example.file}
    assert {f"broken/{path.name}" for path in (EXAMPLES / "broken").iterdir()} == listed


@pytest.mark.parametrize("example", SLOPPY, ids=lambda example: example.name)
def test_a_sloppy_example_means_its_clean_form_and_its_repairs_are_counted(example: Sloppy) -> None:
    written, clean = read(example.as_written()), read(example.clean())
    assert sorted(written.repairs) == example.repairs
    assert clean.repairs == ()
    assert state_after(written) == state_after(clean)


@pytest.mark.parametrize("example", SLOPPY, ids=lambda example: example.name)
def test_the_schema_shows_only_the_clean_form(example: Sloppy) -> None:
    schema = schema_of(example.example)
    schema.validate(example.clean())
    assert schema.is_valid(example.as_written()) is (example.unseen is not None)


def test_the_sloppy_examples_cover_every_repair() -> None:
    assert {repair for example in SLOPPY for repair in example.repairs} == set(REPAIRS)


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.*")), ids=lambda path: path.name)
def test_every_number_in_the_examples_is_synthetic(path: Path) -> None:
    text = path.read_text("utf-8")
    for number in re.findall(r"(?<![0-9])[0-9]{11}(?![0-9])", text):
        if (facts := classify(number)).valid:
            assert facts.synthetic, path
    for number in re.findall(r'"orgnummer": "([0-9]{9})"', text):
        assert is_valid_orgnr(number), path
        assert number.startswith("1"), "the register gives out numbers that begin with 8 or 9"
