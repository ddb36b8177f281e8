"""Whatever lies on the bus, there is a reading of it, and never one that blames a defect of ours."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapter.domain.fold import Erase, Put
from adapter.domain.outcome import PARK_CODES, NotForUs, Parked
from adapter.domain.tilstand import Linje, split_key
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.reading import Reader
from tests.contract.examples import READER, SEALER, valid

bounded = settings(max_examples=300, deadline=None)
keys = st.one_of(st.none(), st.binary(max_size=80), st.just(b"pas-1"))
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=12,
)
field_names = st.sampled_from(
    [
        *("registreringsId", "versjon", "kommunenummer", "bydelsnummer", "innhold", "ident", "nummer", "type", "kode"),
        *("kodeverk", "tjenestetype", "funksjonstype", "verdi", "timerPerUke", "fraDato", "vurdertLege", "orgnummer"),
        *("vedtak", "rullerende", "videreTil", "kjonn", "ukjent"),
    ]
)
nearly_right = st.one_of(
    st.sampled_from(
        ["0301", "05", "1", "01", "M", "ICPC-2", "P70", "2018-02-19", "20180219", "7,5 timer", "", "a-1", 3]
    ),
    json_values,
)
records = st.dictionaries(field_names, st.one_of(nearly_right, st.dictionaries(field_names, nearly_right)), max_size=8)
header_names = st.sampled_from(["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "content-type", "ce_"])
header_values = st.one_of(
    st.none(), st.binary(max_size=20), st.sampled_from([b"1.0", b"pas-1", *(name.encode() for name in EVENT_TYPES)])
)


def assert_is_a_reading(delivered: Delivered, reader: Reader = READER) -> None:
    reading = reader.read(delivered)
    assert reading.type == "unknown" or reading.type in EVENT_TYPES
    match reading.result:
        case Parked(code=code, field=field):
            assert code in PARK_CODES
            assert code != "internal-error"
            assert all(part.isidentifier() for part in field.split(".") if field)
        case NotForUs():
            pass
        case Erase():
            assert reading.person_key
        case Put(key=key, linje=linje):
            assert reading.person_key
            assert isinstance(linje, Linje)
            # What is taken in can always be read back.
            if not linje.annullert:
                linje.record(split_key(key)[0])


@bounded
@given(keys, st.one_of(st.none(), st.binary()), st.lists(st.tuples(header_names, header_values), max_size=8))
def test_any_bytes_have_a_reading(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    assert_is_a_reading(Delivered(key, value, headers))


@bounded
@given(keys, json_values)
def test_any_json_has_a_reading(key: bytes | None, value: Any) -> None:
    assert_is_a_reading(Delivered(key, json.dumps(value).encode()))


@bounded
@given(st.sampled_from(sorted(EVENT_TYPES)), st.one_of(json_values, records))
def test_any_data_in_a_good_envelope_has_a_reading(event_type: str, data: Any) -> None:
    event = valid(event_type) | {"data": data}
    assert_is_a_reading(Delivered(event["subject"].encode(), json.dumps(event).encode()))


@bounded
@given(st.sampled_from(sorted(EVENT_TYPES)), st.data())
def test_any_damage_to_a_good_event_has_a_reading(event_type: str, data: st.DataObject) -> None:
    event = valid(event_type)
    value = bytearray(json.dumps(event, ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(value)))
        value[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert_is_a_reading(Delivered(event["subject"].encode(), bytes(value)))


@bounded
@given(st.sampled_from(sorted(EVENT_TYPES)), st.binary(max_size=200))
def test_any_value_in_the_binary_binding_has_a_reading(event_type: str, value: bytes) -> None:
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"1"),
        ("ce_source", b"urn:epj"),
        ("ce_type", event_type.encode()),
        ("ce_subject", b"pas-1"),
    ]
    assert_is_a_reading(Delivered(b"pas-1", value, headers), Reader(SEALER, ("0301",)))


@bounded
@given(st.sampled_from(sorted(EVENT_TYPES)), st.one_of(json_values, records))
def test_the_same_record_is_always_read_the_same(event_type: str, data: Any) -> None:
    event = valid(event_type) | {"data": data}
    delivered = Delivered(event["subject"].encode(), json.dumps(event).encode())
    first, second = READER.read(delivered), READER.read(delivered)
    assert (first.type, first.person_key, first.repairs) == (second.type, second.person_key, second.repairs)
    if isinstance(first.result, Put) and isinstance(second.result, Put):
        assert first.result.key == second.result.key
        assert first.result.linje.rank() == second.result.linje.rank()
    else:
        assert first.result == second.result
