"""What may stand in a command: it is made fit for ledger, log and headers when it is read, whoever wrote it."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapter.report.command import ReportCommand, decode, encode

NUMBER = "17912099997"
SOUND = ReportCommand(
    id="5b0c4a52-9d3e-4a52-9d3e-17912099997e",
    kommunenummer="0301",
    bydelsnummer="03",
    aar=2018,
    tidspunkt=datetime(2019, 1, 7, 12, 0, tzinfo=UTC),
    bestilt_av="kari",
    barriere={"0": 12_345_678_901},
    grunn="rettet bydel 03",
)


def written(**fields: Any) -> bytes:
    return json.dumps({**json.loads(encode(SOUND)), **fields}).encode()


def test_a_sound_command_is_read_as_it_was_written() -> None:
    assert decode(encode(SOUND)) == SOUND


@pytest.mark.parametrize("text", [NUMBER, f"for {NUMBER[:6]} {NUMBER[6:]}", f"pas{NUMBER}", "for 17912099998"])
@pytest.mark.parametrize("field", ["grunn", "bestilt_av"])
def test_a_number_in_its_words_is_taken_out_and_the_command_is_carried_out(field: str, text: str) -> None:
    read = getattr(decode(written(**{field: text})), field)
    assert "(fjernet)" in read
    assert not any(part in read for part in (NUMBER, NUMBER[6:], "17912099998"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", NUMBER),
        ("id", f"pas-{NUMBER}"),
        ("kommunenummer", NUMBER),
        ("bydelsnummer", f"{NUMBER[:6]} {NUMBER[6:]}"),
        ("aar", int(NUMBER)),
        ("aar", -1),
        ("barriere", {NUMBER: 1}),
        ("barriere", {"x": 1}),
        ("barriere", {"0\n": 1}),
    ],
)
def test_what_names_something_and_holds_a_number_makes_the_command_unreadable(field: str, value: object) -> None:
    with pytest.raises(msgspec.ValidationError) as error:
        decode(written(**{field: value}))
    assert NUMBER not in str(error.value)
