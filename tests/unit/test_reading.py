"""A record off the bus is read the same however it is wrapped, and nothing of it is ever said aloud."""

import json
from typing import Any

import pytest

from adapter.domain.fold import Erase, Put
from adapter.domain.outcome import NotForUs, Parked
from adapter.domain.records import ForsegletIdent, Person, Tjeneste
from adapter.domain.tilstand import record_key
from adapter.ingest.cloudevent import Delivered, Headers
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.reading import Reader, Reading
from tests.contract.examples import READER, SEALER, Event, changed, read, state_after, valid

TJENESTE = "no.kommune.iplos.tjeneste.registrert.v1"
PERSON = "no.kommune.iplos.person.registrert.v1"
KEY = b"pas-7f3a91c2"

# Valid, synthetic, and in no example.
CANARY = "23919101164"


def binary(event: Event) -> tuple[bytes, list[tuple[str, bytes]]]:
    attributes = [
        (f"ce_{name}", text.encode()) for name, text in event.items() if name not in {"data", "datacontenttype"}
    ]
    return json.dumps(event["data"]).encode(), [("content-type", b"application/json"), *attributes]


def read_binary(event: Event, reader: Reader = READER) -> Reading:
    value, headers = binary(event)
    return reader.read(Delivered(event["subject"].encode(), value, headers))


# ---- the two bindings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_both_bindings_give_the_same_reading(event_type: str) -> None:
    structured, bound = read(valid(event_type)), read_binary(valid(event_type))
    assert (structured.type, structured.person_key, structured.repairs) == (bound.type, bound.person_key, bound.repairs)
    assert state_after(structured) == state_after(bound)


def test_a_sloppy_event_is_repaired_in_both_bindings() -> None:
    sloppy = changed(valid(TJENESTE), {"innhold.timerPerUke": "3,5 timer"})
    assert read(sloppy).repairs == read_binary(sloppy).repairs == ("text-to-number",)


@pytest.mark.parametrize(
    ("headers", "result"),
    [
        ([("ce_subject", None)], Parked("key-differs-from-subject")),
        ([("ce_type", None)], Parked("not-a-cloudevent", "type")),
        ([("ce_type", b"")], Parked("not-a-cloudevent", "type")),
        ([("ce_type", b"\xff\xfe")], NotForUs("unknown-type")),
        ([("ce_data", b"{}"), ("ce_ukjent", b"x"), ("traceparent", None)], None),
        ([("ce_source", b"a" * 513)], Parked("not-a-cloudevent", "source")),
    ],
)
def test_odd_headers_have_a_verdict_too(headers: Headers, result: object) -> None:
    value, good = binary(valid(TJENESTE))
    names = {name for name, _ in headers}
    reading = READER.read(Delivered(KEY, value, [*(header for header in good if header[0] not in names), *headers]))
    assert isinstance(reading.result, Put) if result is None else reading.result == result


# ---- what a reading says ---------------------------------------------------------------------------------------------


def test_a_registration_becomes_the_whole_record_under_its_own_key() -> None:
    reading = read(valid(TJENESTE))
    assert isinstance(reading.result, Put)
    assert reading.result.key == "tjeneste/tjeneste-551902"
    linje = reading.result.linje
    assert (linje.versjon, linje.annullert, linje.kommunenummer, linje.bydelsnummer) == (2, False, "0301", "05")
    tjeneste = linje.record("tjeneste")
    assert isinstance(tjeneste, Tjeneste)
    assert (tjeneste.tjenestetype, tjeneste.vedtak_id, tjeneste.timer_per_uke) == (15, "vedtak-2018-03371", 3.5)


def test_a_person_is_kept_with_the_identity_sealed() -> None:
    reading = read(valid(PERSON))
    assert isinstance(reading.result, Put)
    person = reading.result.linje.record("person")
    assert isinstance(person, Person)
    assert isinstance(person.ident, ForsegletIdent)
    assert SEALER.open_ident(person.ident, "pas-7f3a91c2") == "14833800842"
    assert (person.kommunenummer, person.kjonn, person.ident.gyldig) == ("0301", "K", True)


def test_an_annulment_holds_nothing_and_a_deletion_names_no_record() -> None:
    annulled = read(valid("no.kommune.iplos.tjeneste.annullert.v1"))
    assert isinstance(annulled.result, Put)
    assert (annulled.result.linje.annullert, annulled.result.linje.versjon) == (True, 4)
    assert read(valid("no.kommune.iplos.person.slettet.v1")).result == Erase()


def test_a_merge_is_a_record_of_its_own_kind() -> None:
    merged = read(valid("no.kommune.iplos.person.sammenslatt.v1"))
    assert isinstance(merged.result, Put)
    assert merged.result.key == record_key("sammenslaing", "kobling-1182")


def test_a_municipality_without_districts_has_an_empty_one() -> None:
    event = valid(TJENESTE)
    del event["data"]["bydelsnummer"]
    reading = read(event)
    assert isinstance(reading.result, Put)
    assert reading.result.linje.bydelsnummer == ""


# ---- who it is for ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("municipalities", "result"),
    [
        ((), None),
        (("0301",), None),
        (("5001", "0301"), None),
        (("5001",), NotForUs("other-municipality")),
    ],
)
def test_only_the_municipalities_of_the_installation_are_read(municipalities: tuple[str, ...], result: object) -> None:
    reading = read(valid(TJENESTE), reader=Reader(SEALER, municipalities))
    assert isinstance(reading.result, Put) if result is None else reading.result == result


def test_the_registering_municipality_decides_not_where_the_person_lives() -> None:
    reader = Reader(SEALER, ("0301",))
    lives_elsewhere = changed(valid(PERSON), {"innhold.kommunenummer": "5001"})
    registered_elsewhere = changed(valid(PERSON), {"kommunenummer": "5001"})
    assert isinstance(read(lives_elsewhere, reader=reader).result, Put)
    assert read(registered_elsewhere, reader=reader).result == NotForUs("other-municipality")


@pytest.mark.parametrize(
    "event_type",
    [
        "no.kommune.iplos.tjeneste.registrert.v2",
        "no.kommune.iplos.tjeneste.Registrert.v1",
        "no.kommune.byggesak.mottatt.v1",
        CANARY,
    ],
)
def test_an_unknown_type_is_not_for_us_whatever_else_it_holds(event_type: str) -> None:
    event = valid(TJENESTE) | {"type": event_type, "data": "noe helt annet"}
    assert read(event, key=b"") == Reading("unknown", "", NotForUs("unknown-type"))


# ---- the key ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "subject", "code"),
    [
        (None, "pas-1", "missing-key"),
        (b"", "pas-1", "missing-key"),
        (b"pas-1", "pas-2", "key-differs-from-subject"),
        (b"pas-1", "PAS-1", "key-differs-from-subject"),
        (b"pas-1", None, "key-differs-from-subject"),
        (b"pas 1", "pas 1", "key-not-allowed"),
        (b"-pas", "-pas", "key-not-allowed"),
        (b"pas-1\n", "pas-1\n", "key-not-allowed"),
        ("påske".encode(), "påske", "key-not-allowed"),
        (b"\xff\x00", "pas-1", "key-not-allowed"),
        (b"p" * 65, "p" * 65, "key-not-allowed"),
        (CANARY.encode(), CANARY, "key-is-identity"),
        (f"{CANARY[:6]} {CANARY[6:]}".encode(), f"{CANARY[:6]} {CANARY[6:]}", "key-is-identity"),
        (f"urn:{CANARY}".encode(), f"urn:{CANARY}", "key-is-identity"),
        (b"p", "p", None),
        (b"p" * 64, "p" * 64, None),
        (b"epj:0301/Pas_1.a-b", "epj:0301/Pas_1.a-b", None),
        (b"7d9f9a52-6ad5-4f3a-8c29-0c1c4c6f6f10", "7d9f9a52-6ad5-4f3a-8c29-0c1c4c6f6f10", None),
    ],
)
def test_the_key_is_a_pseudonym_and_the_same_as_subject(
    key: bytes | None, subject: str | None, code: str | None
) -> None:
    reading = READER.read(Delivered(key, json.dumps(valid(TJENESTE) | {"subject": subject}).encode()))
    if code is None:
        assert isinstance(reading.result, Put)
        assert reading.person_key == subject
    else:
        assert (reading.result, reading.person_key) == (Parked(code), "")  # type: ignore[arg-type]


# ---- size, and values that are never repeated ------------------------------------------------------------------------


def test_the_limit_is_the_last_size_that_is_read() -> None:
    value = json.dumps(valid(TJENESTE)).encode()
    assert isinstance(Reader(SEALER, max_bytes=len(value)).read(Delivered(KEY, value)).result, Put)
    assert Reader(SEALER, max_bytes=len(value) - 1).read(Delivered(KEY, value)).result == Parked("too-large")


def _paths(value: dict[str, Any], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, part in value.items():
        found.append((*above, name))
        if isinstance(part, dict):
            found += _paths(part, (*above, name))
    return found


EVERY_FIELD = [(event_type, path) for event_type in EVENT_TYPES for path in _paths(valid(event_type))]


@pytest.mark.parametrize(
    "form", [CANARY, f"x {CANARY} y", f"{CANARY[:6]} {CANARY[6:]}", int(CANARY), {CANARY: CANARY}, [CANARY]]
)
def test_an_identity_number_in_any_field_never_comes_out_in_clear(form: Any) -> None:
    for event_type, (*above, last) in EVERY_FIELD:
        event = valid(event_type)
        parent = event
        for name in above:
            parent = parent[name]
        parent[last] = form
        parent[f"{last}{CANARY}"] = form
        for key in (KEY, CANARY.encode()):
            reading = READER.read(Delivered(key, json.dumps(event).encode()))
            said = repr(reading)
            if isinstance(reading.result, Put):
                linje = reading.result.linje
                said += reading.result.key + repr(linje) + repr(bytes(linje.innhold))
            assert CANARY not in said.replace(" ", ""), (event_type, *above, last)
            assert CANARY[:6] not in said, (event_type, *above, last)


def test_a_field_named_by_a_refusal_is_a_field_of_the_contract() -> None:
    names = {part for _, path in EVERY_FIELD for part in path} | {""}
    for event_type, (*above, last) in EVERY_FIELD:
        event = valid(event_type)
        parent = event
        for name in above:
            parent = parent[name]
        parent[last] = {"` - at `$.falsk`": "Object missing required field `falsk`"}
        result = read(event, key=KEY).result
        assert not isinstance(result, Parked) or set(result.field.split(".")) <= names


@pytest.mark.parametrize("text", ["date", "update, got `int`", "Object missing required field `x`", "x - at `$.y`"])
def test_a_value_that_reads_like_an_error_does_not_change_the_code(text: str) -> None:
    reading = read(changed(valid(TJENESTE), {"innhold.vedtak": text}))
    assert reading.result == Parked("out-of-bounds", "innhold.vedtak")
