"""The producers' side: what the adapter would do with events in a file, and how far OKT goes."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapter.domain.outcome import PARK_CODES, SkipReason
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.event_lines import write_line
from adapter.ingest.foresight import Foreseen
from adapter.ingest.normalise import REPAIRS
from adapter.ingest.okt import Mapped, NotOkt, from_okt, read_okt
from adapter.ingest.reading import Reader
from adapter.ingest.remedies import PARKED, REPAIRED, SKIPPED
from adapter.sealing import Sealer
from adapter.simulate import SimulationTally, simulate
from tests.unit.test_cli import configuration, run, told

__all__ = ["configuration"]

EXAMPLE = (
    Path(__file__).parents[2] / "topics" / "examples" / "no.kommune.iplos.tjeneste.registrert.v1.json"
).read_text("utf-8")
EVENT: dict[str, Any] = json.loads(EXAMPLE)
NUMBER = "13813299997"
READER = Reader(Sealer({"n": bytes(32)}, bytes(32)))


def changed(**data: object) -> str:
    return json.dumps({**EVENT, "data": {**EVENT["data"], **data}})


LINES: list[tuple[str, dict[str, object]]] = [
    (changed(), {"outcome": "applied", "code": "", "field": ""}),
    (changed(), {"outcome": "duplicate"}),
    (changed(versjon=99), {"outcome": "applied"}),
    (changed(), {"outcome": "superseded"}),
    (changed(versjon="100"), {"outcome": "applied", "repairs": ["text-to-number"]}),
    (changed(versjon="many"), {"outcome": "parked", "code": "wrong-type", "field": "versjon"}),
    (changed(registreringsId=NUMBER), {"outcome": "parked", "code": "identity-in-clear", "field": "registreringsId"}),
    (json.dumps({**EVENT, "type": "no.kommune.other.v1"}), {"outcome": "not-for-us", "code": "unknown-type"}),
    (json.dumps({**EVENT, "subject": NUMBER}), {"outcome": "parked", "code": "key-is-identity"}),
    ("{", {"outcome": "parked", "code": "not-json"}),
]  # fmt: skip


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f"{line.replace(chr(10), ' ')}\n" for line, _ in LINES), "utf-8")
    return path


def test_each_event_is_told_what_becomes_of_it_in_the_order_of_the_lines(lines: Path) -> None:
    result = run("contract", "check", lines, "--json")
    assert result.exit_code == 1
    *events, last = [json.loads(line) for line in result.stdout.splitlines()]
    for number, (event, (_, expected)) in enumerate(zip(events, LINES, strict=True), start=1):
        assert event["line"] == number
        assert {name: event[name] for name in expected} == expected
        assert bool(event["todo"]) is (event["outcome"] in {"parked", "not-for-us"} or bool(event["repairs"]))
    assert last["summary"]["events"] == len(LINES)
    assert last["summary"]["outcomes"] == {
        "applied": 3, "duplicate": 1, "superseded": 1, "not-for-us:unknown-type": 1, "parked:wrong-type": 1,
        "parked:identity-in-clear": 1, "parked:key-is-identity": 1, "parked:not-json": 1,
    }  # fmt: skip


def test_for_people_there_is_a_line_each_and_nothing_of_what_the_events_hold(lines: Path) -> None:
    everything = run("contract", "check", lines).stdout
    problems = run("contract", "check", lines, "--only-problems").stdout
    assert len(everything.splitlines()) == len(LINES) + 1
    assert len(problems.splitlines()) == 6 + 1
    assert "parked  wrong-type  versjon: follow the event's schema" in problems
    for text in (NUMBER, EVENT["subject"], EVENT["data"]["registreringsId"]):
        assert text not in everything


def test_what_is_foreseen_is_what_the_simulator_expects(tmp_path: Path) -> None:
    path, tally = tmp_path / "events.jsonl", SimulationTally()
    records = list(simulate(10, 2018, 1, [("5001", "")], mess=True, tally=tally))
    path.write_bytes(b"".join(write_line(one.delivered) + b"\n" for one in records))
    last = json.loads(run("contract", "check", path, "--json").stdout.splitlines()[-1])["summary"]
    parked = sum(one.expected.startswith("parked") for one in records)
    assert sum(number for name, number in last["outcomes"].items() if name.startswith("parked:")) == parked > 0
    assert last["events"] == len(records)


def test_events_of_other_municipalities_are_told_with_a_configuration(configuration: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(changed(kommunenummer="1103").replace("\n", " "), "utf-8")
    assert run("contract", "check", path).exit_code == 0
    result = run("contract", "check", path, "--config", configuration)
    assert (result.exit_code, "other-municipality" in result.stdout) == (0, True)


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    for command in ("check", "from-okt"):
        assert "No such file" in told(run("contract", command, tmp_path / "x"), 2)


def test_every_code_and_repair_has_something_to_do() -> None:
    assert list(PARKED) == list(PARK_CODES)
    assert list(REPAIRED) == list(REPAIRS)
    assert set(SKIPPED) == set(SkipReason.__args__)  # type: ignore[attr-defined]


DAY = "2018-01-05"
SERVICE: dict[str, Any] = {"startDate": DAY, "iplosCode": {"iplosCodeValue": "15"}}


def mapped(service: object, identifier: object = "pas-1", kommune: str = "5001") -> Mapped:
    [one] = from_okt([{"personIdentifier": identifier, "oktMessages": [service]}], kommune, READER)
    assert isinstance(one, Mapped)
    return one


def content(one: Mapped) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(one.delivered.value or b"")["data"]["innhold"]
    return found


def lacks(one: Mapped) -> dict[str, str]:
    return {lack.field: lack.need for lack in one.missing}


QUIRKS: list[tuple[dict[str, Any], dict[str, Any], set[str]]] = [
    (SERVICE, {"fraDato": DAY, "tjenestetype": 15}, set()),
    ({**SERVICE, "iplosCode": {"iplosCodeValue": "02"}}, {"fraDato": DAY, "tjenestetype": 2}, set()),
    ({**SERVICE, "endDate": ""}, {"fraDato": DAY, "tjenestetype": 15}, set()),
    ({**SERVICE, "endDate": "2018-03-01"}, {"fraDato": DAY, "tilDato": "2018-03-01", "tjenestetype": 15}, set()),
    ({**SERVICE, "weeklyExtent": "15 timer"}, {"fraDato": DAY, "tjenestetype": 15, "timerPerUke": 15.0}, set()),
    ({**SERVICE, "weeklyExtent": "7.5"}, {"fraDato": DAY, "tjenestetype": 15, "timerPerUke": 7.5}, set()),
    ({**SERVICE, "weeklyExtent": ""}, {"fraDato": DAY, "tjenestetype": 15}, set()),
    ({**SERVICE, "weeklyExtent": "etter behov"}, {"fraDato": DAY, "tjenestetype": 15}, {"innhold.timerPerUke"}),
    ({**SERVICE, "startDate": ""}, {"tjenestetype": 15}, {"innhold.fraDato"}),
    ({**SERVICE, "startDate": "2018-02-30"}, {"tjenestetype": 15}, {"innhold.fraDato"}),
    ({**SERVICE, "iplosCode": {"iplosCodeValue": ""}}, {"fraDato": DAY}, {"innhold.tjenestetype"}),
    ({"startDate": "2018-01-05"}, {"fraDato": DAY}, {"innhold.tjenestetype"}),
    ({**SERVICE, "iplosCode": "15"}, {"fraDato": DAY}, {"innhold.tjenestetype"}),
]  # fmt: skip
ALWAYS = {
    "registreringsId", "versjon", "innhold.vedtakId", "innhold.vedtakRad", "innhold.vedtak", "innhold.soknadDato",
    "innhold.vedtakDato", "innhold.orgnummer",
}  # fmt: skip


@pytest.mark.parametrize(("service", "carried", "also"), QUIRKS)
def test_what_okt_has_is_carried_over_and_what_it_lacks_is_named(
    service: dict[str, Any], carried: dict[str, Any], also: set[str]
) -> None:
    one = mapped(service)
    assert content(one) == carried
    assert set(lacks(one)) == ALWAYS | also
    assert (one.foreseen.outcome, one.foreseen.code) == ("parked", "missing-field")


def test_a_municipality_is_only_there_when_it_was_given() -> None:
    one = mapped(SERVICE, kommune="")
    assert "kommunenummer" not in json.loads(one.delivered.value or b"")["data"]
    assert lacks(one)["kommunenummer"] == "contract"


@pytest.mark.parametrize("identifier", [NUMBER, "", None, 7, "to ord"])
def test_an_identity_number_becomes_no_key_and_is_nowhere_in_the_event(identifier: object) -> None:
    one = mapped(SERVICE, identifier)
    assert one.delivered.key is None
    assert NUMBER.encode() not in (one.delivered.value or b"")
    assert (lacks(one)["key"], one.foreseen.code) == ("contract", "missing-key")


def test_what_has_no_place_is_named_and_a_name_that_is_not_okts_is_not_repeated() -> None:
    one = mapped({**SERVICE, "stayType": "x", "needsCaption": False, "serviceDescription": "", NUMBER: 1, "y": 2})
    assert one.left_out == ("stayType", "needsCaption", "(no field of OKT)")


def test_nothing_but_the_contract_stands_between_a_whole_row_and_the_state() -> None:
    """An event from OKT with what is listed as missing for the contract is taken in."""
    event = json.loads(mapped(SERVICE).delivered.value or b"")
    event["data"] |= {"registreringsId": "t-1", "versjon": 1}
    reading = READER.read(Delivered(b"pas-1", json.dumps(event).encode()))
    assert "Put" in repr(reading.result)


def test_records_are_read_from_a_document_a_list_or_lines_and_what_is_none_is_told() -> None:
    record = {"personIdentifier": "pas-1", "oktMessages": [SERVICE]}
    text = json.dumps(record)
    assert read_okt(text.encode()) == read_okt(f"[{text}]".encode()) == [record]
    assert read_okt(f"{text}\n{text}\n".encode()) == [record, record]
    assert [(one.record, one.service) for one in from_okt([{"x": 1}, 3], "", READER) if isinstance(one, NotOkt)] == [
        (1, 0),
        (2, 0),
    ]
    [wrong] = from_okt([{"personIdentifier": "a", "oktMessages": ["x"]}], "", READER)
    assert isinstance(wrong, NotOkt)
    assert list(from_okt([{"personIdentifier": "a", "oktMessages": []}], "", READER)) == []


def test_from_okt_prints_events_to_one_side_and_what_they_lack_to_the_other(tmp_path: Path) -> None:
    path = tmp_path / "okt.json"
    path.write_text(json.dumps({"personIdentifier": NUMBER, "oktMessages": [SERVICE]}), "utf-8")
    result = run("contract", "from-okt", path, "--kommune", "5001")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["data"]["innhold"]["tjenestetype"] == 15
    assert "missing  registreringsId (contract)" in result.stderr
    assert NUMBER not in result.output
    [one] = [json.loads(line) for line in run("contract", "from-okt", path, "--json").stdout.splitlines()]
    assert one["would_be"]["code"] == "missing-key"
    assert {lack["field"] for lack in one["missing"]} >= {"key", "kommunenummer", "registreringsId", "versjon"}
    path.write_text("neither", "utf-8")
    assert "neither a JSON document nor JSON lines" in told(run("contract", "from-okt", path), 2)


def test_what_is_foreseen_holds_no_more_than_codes() -> None:
    assert set(Foreseen._fields) == {"type", "outcome", "code", "field", "repairs", "conflict"}
