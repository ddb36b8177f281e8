"""The schemas in `topics/` and the types of the program say the same, in every direction a schema can express.

One law holds them together: the schema accepts an event exactly when the program reads it without a repair. What the
law leaves out stands as an example of its own below.
"""

import copy
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from adapter.domain.fold import Erase, Put
from adapter.domain.identity import looks_like_identity
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.contract_files import contract_files
from adapter.ingest.reading import Reading
from tests.contract.examples import TOPICS, Event, read, schema_of, state_after, valid

event_types = st.sampled_from(sorted(EVENT_TYPES))
bounded = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
schemas = cache(schema_of)


def test_the_files_on_disk_are_the_generated_ones() -> None:
    on_disk = {f"schemas/{path.name}": path.read_text("utf-8") for path in (TOPICS / "schemas").iterdir()}
    assert on_disk == contract_files(), "run: python -m adapter.ingest.contract_files"


def test_every_field_is_described_and_null_is_never_shown() -> None:
    def check(schema: Any, path: str) -> None:
        assert "null" not in str(schema.get("type")), path
        assert not {"anyOf", "oneOf", "default", "$ref"} & set(schema), path
        for name, field in schema.get("properties", {}).items():
            assert field.get("description", "").endswith("."), f"{path}.{name}"
            check(field, f"{path}.{name}")

    for event_type in EVENT_TYPES:
        check(schemas(event_type).schema, event_type)


def test_a_schema_names_no_host_of_ours_and_no_type_of_the_program() -> None:
    for text in contract_files().values():
        assert "urn:iplos-adapter:event:" in text
        assert "PersonInn" not in text
        assert "The person row" not in text


# ---- instances drawn from the types ----------------------------------------------------------------------------------


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """JSON values of a type; a type of field that is new to the contract must be added here."""
    match kind:
        case inspect.Metadata(type=inner):
            return values(inner)
        case inspect.UnionType(types=types):
            (present,) = (one for one in types if not isinstance(one, inspect.NoneType))
            return values(present)
        case inspect.StructType():
            return instances(kind)
        case inspect.IntType(ge=low, le=high, lt=below):
            return st.integers(low, high if high is not None else (below or 0) - 1)
        case inspect.FloatType(ge=low, le=high):
            return st.floats(low, high)
        case inspect.BoolType():
            return st.booleans()
        case inspect.DateType():
            return st.dates().map(date.isoformat)
        case inspect.LiteralType(values=literals):
            return st.sampled_from(literals)
        case inspect.StrType(pattern=str(pattern), max_length=int(width)):
            return st.from_regex(pattern.removesuffix(r"\Z"), fullmatch=True).map(lambda text: text[:width].rstrip())
    raise NotImplementedError(kind)


def instances(shape: inspect.StructType) -> st.SearchStrategy[dict[str, Any]]:
    fields = {field.encode_name: values(field.type) for field in shape.fields}
    required = {field.encode_name for field in shape.fields if field.required}
    return st.fixed_dictionaries(
        {name: fields[name] for name in fields if name in required},
        optional={name: fields[name] for name in fields if name not in required},
    )


@cache
def events_of(event_type: str) -> st.SearchStrategy[Event]:
    shape = inspect.type_info(EVENT_TYPES[event_type].data)
    assert isinstance(shape, inspect.StructType)
    return instances(shape).map(lambda data: valid(event_type) | {"data": data})


events = event_types.flatmap(events_of)


def is_read_as_written(reading: Reading) -> bool:
    return isinstance(reading.result, Put | Erase) and not reading.repairs


def names_nobody(event: Event) -> bool:
    # A schema cannot count check digits; the examples show that the program does.
    return not any(looks_like_identity(text) for text in open_texts(event))


def open_texts(value: Any) -> list[str]:
    """All texts but the one that is there to hold an identity number."""
    match value:
        case str() | int():
            return [str(value)]
        case dict():
            return [text for name, part in value.items() if name != "nummer" for text in open_texts(part)]
        case _:
            return []


@bounded
@given(events)
def test_whatever_the_types_allow_both_accept(event: Event) -> None:
    assume(names_nobody(event))
    schemas(event["type"]).validate(event)
    assert is_read_as_written(read(event))


# ---- one thing changed -----------------------------------------------------------------------------------------------

# No null (absent, see below), and no float that is a whole number (the same number to JSON Schema, a repair to us).
strange = st.one_of(
    st.booleans(),
    st.integers(),
    st.integers(-1, 10),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.text(max_size=80),
    st.text("0123456789 -.:TZ\n", max_size=12),
    st.sampled_from(
        [
            "",
            " ",
            "2018-02-31",
            "2020-02-29",
            "2019-02-29",
            "20180101",
            "2018-W01-1",
            "0000-01-01",
            "2018-1-1",
            "M",
            "m",
        ]
    ),
    st.sampled_from(
        ["innvilget", "Avslag", "ICPC-2", "15", "015", "7,5 timer", "0301", "301", "abc\n", "a b", "ø", "2018-05"]
    ),
    st.just([]),
    st.just({}),
    st.dictionaries(st.text(max_size=8), st.integers(), max_size=2),
)


def places(event: Event) -> list[tuple[str, ...]]:
    """Every object and field of the event that the program looks at."""
    read_attributes = ("specversion", "id", "source", "type", "subject", "data")
    found: list[tuple[str, ...]] = [(name,) for name in read_attributes]
    unseen: list[tuple[str, ...]] = [("data",)]
    while unseen:
        above = unseen.pop()
        at = event
        for name in above:
            at = at[name]
        for name, value in at.items():
            found.append((*above, name))
            if isinstance(value, dict):
                unseen.append((*above, name))
    return found


def put(value: Any) -> Callable[[dict[str, Any], str], None]:
    return lambda parent, name: parent.__setitem__(name, value)


def remove(parent: dict[str, Any], name: str) -> None:
    del parent[name]


def misspell(parent: dict[str, Any], name: str) -> None:
    parent[f"{name}x"] = parent.pop(name)


@bounded
@given(events, st.data(), st.one_of(strange.map(put), st.just(remove), st.just(misspell)))
def test_after_any_one_change_both_give_the_same_verdict(
    event: Event, data: st.DataObject, change: Callable[[dict[str, Any], str], None]
) -> None:
    changed = copy.deepcopy(event)
    *above, last = data.draw(st.sampled_from(places(event)))
    parent = changed
    for name in above:
        parent = parent[name]
    change(parent, last)
    assume(names_nobody(changed))
    subject = changed.get("subject")
    key = subject.encode() if isinstance(subject, str) else b"pas-7f3a91c2"
    assert schemas(event["type"]).is_valid(changed) is is_read_as_written(read(changed, key))


# ---- what the law leaves out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_null_in_an_optional_field_is_absent_to_the_program_and_refused_by_the_schema(event_type: str) -> None:
    shape = inspect.type_info(EVENT_TYPES[event_type].data)
    assert isinstance(shape, inspect.StructType)
    for path in _optional(shape):
        with_null = valid(event_type)
        without = valid(event_type)
        _at(with_null["data"], path[:-1])[path[-1]] = None
        _at(without["data"], path[:-1]).pop(path[-1], None)
        assert not schemas(event_type).is_valid(with_null)
        assert read(with_null).repairs == ()
        assert state_after(read(with_null)) == state_after(read(without))


def _optional(shape: inspect.StructType, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for field in shape.fields:
        path = (*above, field.encode_name)
        if isinstance(field.type, inspect.UnionType):
            found.append(path)
        elif isinstance(field.type, inspect.StructType):
            found += _optional(field.type, path)
    return found


def _at(value: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for name in path:
        value = value[name]
    return value


@pytest.mark.parametrize(("attribute", "value"), [("time", "i går"), ("time", 5), ("datacontenttype", "text/xml")])
def test_the_program_does_not_look_at_time_and_content_type_of_an_event(attribute: str, value: object) -> None:
    event = valid("no.kommune.iplos.tjeneste.registrert.v1")
    assert is_read_as_written(read(event | {attribute: value}))


def test_extension_attributes_are_allowed_by_both() -> None:
    event = valid("no.kommune.iplos.tjeneste.registrert.v1") | {"traceparent": "00-4bf92f35", "dataschema": "urn:x"}
    schemas(event["type"]).validate(event)
    assert is_read_as_written(read(event))
