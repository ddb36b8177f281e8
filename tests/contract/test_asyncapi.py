"""`topics/asyncapi.yaml` is written by hand; here it is held to types, schemas, plan and what is really sent."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import jsonschema
import msgspec
import pytest
import yaml

from adapter.domain.closing import LukketDel, LukkingBestilt
from adapter.domain.outcome import PARK_CODES, Parked
from adapter.domain.records.sammenslaing import Personnokkel
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.dead_letter import seal_letter
from adapter.ingest.reading import Reading
from adapter.kafka.topic_plan import load
from adapter.letters.letter import Origin
from adapter.letters.mark import MARK_NAMES, Because, MarkName, write_mark
from adapter.ops.audit import Handling, Innslag, encode, entry
from adapter.report.command import ReportCommand
from adapter.report.emit import _headers
from adapter.report.ledger import Kjoring, Sendt
from tests.contract.examples import EXAMPLES, SEALER, TOPICS, Validator, schema_of

DOCUMENT: dict[str, Any] = yaml.safe_load((TOPICS / "asyncapi.yaml").read_text("utf-8"))
PLAN = load((TOPICS / "topics.toml").read_text("utf-8"))

CHANNEL_OF = {
    "buss": "hendelser",
    "tilstand": "tilstand",
    "avvist": "avvist",
    "revisjon": "revisjon",
    "rapport": "rapport",
    "kommando": "kommando",
    "transport_ipl": "transportIpl",
    "transport_ide": "transportIde",
    "kvittering": "kvitteringer",
}


def references(value: Any) -> Iterator[str]:
    match value:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for part in value.values():
                yield from references(part)
        case list():
            for part in value:
                yield from references(part)


def resolve(reference: str) -> Any:
    """What a reference names, here or in a file beside the document. Raises when there is nothing."""
    file, _, pointer = reference.partition("#")
    found = json.loads((TOPICS / file).read_text("utf-8")) if file else DOCUMENT
    for name in filter(None, pointer.split("/")):
        found = found[name]
    return found


def whole(value: Any) -> Any:
    """The value with every reference replaced by what it names."""
    match value:
        case {"$ref": str(reference)}:
            return whole(resolve(reference))
        case dict():
            return {name: whole(part) for name, part in value.items()}
        case list():
            return [whole(part) for part in value]
        case _:
            return value


def validate(schema: Any, value: Any) -> None:
    Validator(whole(schema), format_checker=jsonschema.FormatChecker()).validate(value)


# ---- the document holds together -------------------------------------------------------------------------------------


def test_it_is_asyncapi_3_and_names_no_server() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert "servers" not in DOCUMENT


@pytest.mark.parametrize("reference", sorted(set(references(DOCUMENT))))
def test_every_reference_resolves(reference: str) -> None:
    assert resolve(reference) is not None


def test_every_operation_names_a_channel_and_every_channel_is_used() -> None:
    used = [operation["channel"]["$ref"] for operation in DOCUMENT["operations"].values()]
    assert set(used) == {f"#/channels/{name}" for name in DOCUMENT["channels"]}
    assert {operation["action"] for operation in DOCUMENT["operations"].values()} == {"send", "receive"}


def test_every_message_is_on_a_channel_and_every_channel_has_one() -> None:
    on_channels = set()
    for channel in DOCUMENT["channels"].values():
        assert channel["messages"]
        on_channels |= {message["$ref"] for message in channel["messages"].values()}
    assert on_channels == {f"#/components/messages/{name}" for name in DOCUMENT["components"]["messages"]}


# ---- and says what the plan says -------------------------------------------------------------------------------------


def test_the_channels_are_the_topics_of_the_plan() -> None:
    assert set(CHANNEL_OF) == set(PLAN.topics)
    assert set(CHANNEL_OF.values()) == set(DOCUMENT["channels"])


@pytest.mark.parametrize(("role", "channel"), CHANNEL_OF.items())
def test_a_channel_has_the_name_and_partitions_of_its_topic(role: Any, channel: str) -> None:
    described, topic = DOCUMENT["channels"][channel], PLAN.topics[role]
    kafka = described["bindings"]["kafka"]
    assert described["address"] == kafka["topic"] == topic.name
    assert kafka["replicas"] == topic.replication
    assert kafka["partitions"] == (PLAN.topics[topic.partitions_as] if topic.partitions_as else topic).partitions


# ---- the bus ---------------------------------------------------------------------------------------------------------


def test_the_bus_has_one_message_for_each_event_type_with_its_schema_and_example() -> None:
    messages = [resolve(message["$ref"]) for message in DOCUMENT["channels"]["hendelser"]["messages"].values()]
    assert [message["name"] for message in messages] == list(EVENT_TYPES)
    for message in messages:
        assert message["payload"] == {"$ref": f"./schemas/{message['name']}.json"}
        assert message["title"] == schema_of(message["name"]).schema["title"]
        assert message["examples"][0]["payload"] == {"$ref": f"./examples/{message['name']}.json"}
        assert message["traits"] == [{"$ref": "#/components/messageTraits/hendelse"}]


def test_the_kafka_key_is_the_person_key() -> None:
    key = DOCUMENT["components"]["messageTraits"]["hendelse"]["bindings"]["kafka"]["key"]
    ours = msgspec.json.schema(Personnokkel)
    assert (key["maxLength"], key["pattern"]) == (ours["maxLength"], ours["pattern"].replace(r"\Z", "$"))


@pytest.mark.parametrize(
    ("headers", "valid"),
    [
        ({"content-type": "application/cloudevents+json"}, True),
        ({"content-type": "application/cloudevents+json; charset=utf-8"}, True),
        ({"content-type": "application/json"}, False),
        ({"ce_specversion": "1.0", "ce_id": "1", "ce_source": "urn:epj", "ce_type": "t", "ce_subject": "pas-1"}, True),
        ({"ce_specversion": "0.3", "ce_id": "1", "ce_source": "urn:epj", "ce_type": "t", "ce_subject": "pas-1"}, False),
        ({"ce_specversion": "1.0", "ce_id": "1", "ce_source": "urn:epj", "ce_type": "t"}, False),
        ({}, False),
    ],
)
def test_the_headers_of_both_bindings_are_described(headers: dict[str, str], valid: bool) -> None:
    schema = whole(DOCUMENT["components"]["schemas"]["hendelseshoder"])
    assert Validator(schema).is_valid(headers) is valid


# ---- what the program writes -----------------------------------------------------------------------------------------


def test_a_dead_letter_has_the_headers_described() -> None:
    described = DOCUMENT["components"]["messages"]["avvistHendelse"]["headers"]
    delivered = Delivered(b"pas-1", (EXAMPLES / "broken" / "uten-versjon.json").read_bytes())
    parked = Parked("missing-field", "versjon")
    reading = Reading("no.kommune.iplos.tjeneste.registrert.v1", "pas-1", parked)
    ((_, headers),) = seal_letter(Origin("hendelser", 3, 17, 1_700_000_000_000), delivered, reading, parked, SEALER)
    sent = {name: text.decode() for name, text in headers}
    validate(described, sent)
    assert set(sent) == set(described["required"]) == set(described["properties"])
    assert tuple(described["properties"]["code"]["enum"]) == PARK_CODES


@pytest.mark.parametrize("mark", MARK_NAMES)
def test_a_mark_has_the_headers_and_the_value_described(mark: MarkName) -> None:
    described = DOCUMENT["components"]["messages"]["avvistMerke"]
    because = Because(hvem="drift", tidspunkt=datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC), grunn="rettet")
    value, headers = write_mark(mark, Origin("hendelser", 3, 17, 1_700_000_000_000), because)
    sent = {name: text.decode() for name, text in headers}
    validate(described["headers"], sent)
    validate(described["payload"], json.loads(value))
    assert set(sent) == set(described["headers"]["required"]) == set(described["headers"]["properties"])
    assert tuple(described["headers"]["properties"]["mark"]["enum"]) == MARK_NAMES


def test_an_entry_of_the_audit_trail_validates() -> None:
    one = entry("dlq-replay", "drift", ["hendelser/3/17"], "rettet", datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC))
    described = DOCUMENT["components"]["schemas"]["revisjonsinnslag"]
    validate(described, json.loads(encode(one)))
    assert tuple(described["properties"]["handling"]["enum"]) == get_args(Handling)


@pytest.mark.parametrize(("message", "type_"), [("fagmeldingsdel", "KPR_IPL"), ("identmeldingsdel", "KPR_IDE")])
def test_a_part_of_a_message_has_the_headers_described(message: str, type_: str) -> None:
    melding_id = "5b0a3f0e-6f0b-5d6f-9a51-6c1f0d2f7a11"
    sent = Sendt(melding_id=melding_id, type=type_, bytes=4, sha256="0" * 64, deler=1)
    headers = {name: text.decode() for name, text in _headers(a_run(), sent, 1, b"<x/>")}
    validate(DOCUMENT["components"]["messages"][message]["headers"], headers)
    described = DOCUMENT["components"]["schemas"]["delhoder"]
    assert set(headers) == set(described["required"]) == set(described["properties"])


def a_run() -> Kjoring:
    return Kjoring(
        kjoring="k-1",
        kommando="b-1",
        bestilt_av="drift",
        enhet="0301-05",
        aar=2018,
        emisjon="test",
        lopenr="1",
        tidspunkt=datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC),
        status="sendt",
    )


FIELD_BY_FIELD = [
    ("kjoring", Kjoring),
    ("bestillRapport", ReportCommand),
    ("lukkingBestilt", LukkingBestilt),
    ("lukketDel", LukketDel),
    ("merke", Because),
    ("revisjonsinnslag", Innslag),
]


@pytest.mark.parametrize(("name", "shape"), FIELD_BY_FIELD)
def test_ledger_and_command_are_described_field_by_field(name: str, shape: Any) -> None:
    described = DOCUMENT["components"]["schemas"][name]
    _, shapes = msgspec.json.schema_components([shape])
    ours = shapes[shape.__name__]
    assert set(described["properties"]) == set(ours["properties"])
    assert set(described["required"]) == set(ours["required"])
    for field, schema in ours["properties"].items():
        if "enum" in schema and "enum" in described["properties"][field]:
            assert set(described["properties"][field]["enum"]) == set(schema["enum"]), field


def test_a_ledger_record_and_a_command_validate() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    validate(schemas["kjoring"], json.loads(msgspec.json.encode(a_run())))
    command = ReportCommand(
        id="b-1",
        kommunenummer="0301",
        aar=2018,
        tidspunkt=datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC),
        bestilt_av="drift",
        barriere={"0": 17},
    )
    validate(schemas["bestillRapport"], json.loads(msgspec.json.encode(command)))
