"""The event contract as files for producers: one JSON Schema for each event type, made from the types of `contract`.

`python -m adapter.ingest.contract_files` writes them to `topics/`; a test compares them with what lies there.

Descriptions of fields stand with the fields (`Meta`); those of events and records stand here, in Norwegian, and take
the place of the docstrings, which are for us. Only `Ident`, an object inside a record, is described by its docstring.
Where the decoder takes both a value and null, producers are shown the value alone: a field without value is left out.
"""

import json
import sys
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from adapter.domain.records import Kind
from adapter.domain.records.sammenslaing import Personnokkel
from adapter.ingest.contract import EVENT_TYPES, EventType, Hendelse

Schema: TypeAlias = dict[str, Any]

_TITLES: dict[Kind, str] = {
    "person": "Person",
    "personopplysning": "Personopplysning",
    "funksjon": "Funksjon",
    "tjeneste": "Tjeneste",
    "diagnose": "Diagnose",
    "dogntilbud": "Døgntilbud",
    "sammenslaing": "Person",
}

_CONTENTS: dict[Kind, str] = {
    "person": "Personraden: hvem personen er og hvor personen bor.",
    "personopplysning": "Ett datert sett opplysninger om personen og boforholdet.",
    "funksjon": "Én skår: én variabel i én periode.",
    "tjeneste": "Én rad i et vedtak om en helse- og omsorgstjeneste, eller et avslag. Endret timetall gir en ny rad.",
    "diagnose": "Én diagnose med kodeverk og periode.",
    "dogntilbud": "Ett opphold i spesialisthelsetjenesten.",
    "sammenslaing": "Hvem personen fortsetter som. Uten `videreTil` oppheves en tidligere sammenslåing.",
}

_HAPPENED: dict[Hendelse, tuple[str, str]] = {
    "registrert": ("registrert", "Hele raden, ny eller rettet; den erstatter alle lavere versjoner av samme rad."),
    "annullert": ("annullert", "Raden skulle aldri vært registrert; alle lavere versjoner er uten virkning."),
    "sammenslatt": (
        "slått sammen",
        "Personen er nå registrert under en annen nøkkel: D-nummer ble fødselsnummer, eller personen var dobbelt.",
    ),
    "slettet": ("slettet", "Alt om personen slettes og blir borte; senere hendelser om personen har ingen virkning."),
}

_NO_NULL = "Et felt uten verdi utelates."


def contract_files() -> dict[str, str]:
    """Every generated file: its path under `topics/`, and its text."""
    return {
        f"schemas/{name}.json": json.dumps(event_schema(event_type), indent=2, ensure_ascii=False) + "\n"
        for name, event_type in EVENT_TYPES.items()
    }


def event_schema(event_type: EventType) -> Schema:
    """The whole structured CloudEvent. In the binary binding the value is what stands under `data`."""
    happened, meaning = _HAPPENED[event_type.hendelse]
    attribute = {"type": "string", "minLength": 1, "maxLength": 512}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:iplos-adapter:event:{event_type.name}",
        "title": f"{_TITLES[event_type.kind]} {happened}",
        "description": meaning,
        "type": "object",
        "properties": {
            "specversion": {"description": "CloudEvents 1.0.", "const": "1.0"},
            "id": {
                "description": "Hendelsens id, unik sammen med `source`. Om en hendelse er ny, avgjør `versjon` alene.",
                **attribute,
            },
            "source": {"description": "Hvor hendelsen oppsto: en URI for fagsystemet.", **attribute},
            "type": {"description": "Hva som skjedde.", "const": event_type.name},
            "subject": _without_null(msgspec.json.schema(Personnokkel))
            | {"description": "Personnøkkelen, den samme som Kafka-nøkkelen. Aldri et identitetsnummer."},
            "time": {
                "description": "Når hendelsen oppsto. Valgfri; rekkefølgen avgjøres av `versjon`.",
                "type": "string",
                "format": "date-time",
            },
            "datacontenttype": {"description": "Valgfri; innholdet er alltid JSON.", "const": "application/json"},
            "data": _data(event_type),
        },
        "required": ["specversion", "id", "source", "type", "subject", "data"],
    }


def _data(event_type: EventType) -> Schema:
    (root,), shapes = msgspec.json.schema_components([event_type.data], ref_template="{name}")
    data = _without_null(_whole(root, shapes))
    data["description"] = _NO_NULL
    if "innhold" in data["properties"]:
        data["properties"]["innhold"]["description"] = f"{_CONTENTS[event_type.kind]} {_NO_NULL}"
    return data


def _whole(schema: Schema, shapes: dict[str, Schema]) -> Schema:
    """References replaced by what they name, without the name of the class, so that a file reads from top to bottom."""
    if "$ref" in schema:
        return _whole({key: part for key, part in shapes[schema["$ref"]].items() if key != "title"}, shapes)
    return {key: _whole_part(part, shapes) for key, part in schema.items()}


def _whole_part(part: Any, shapes: dict[str, Schema]) -> Any:
    match part:
        case dict():
            return _whole(part, shapes)
        case list():
            return [_whole_part(one, shapes) for one in part]
        case _:
            return part


def _without_null(schema: Schema) -> Schema:
    """The schema of the value that is there: no null, and patterns as JSON Schema writes them."""
    if "anyOf" in schema:
        (present,) = (one for one in schema["anyOf"] if one != {"type": "null"})
        return _without_null(present)
    shown = dict(schema)
    if "properties" in shown:
        shown["properties"] = {name: _without_null(field) for name, field in shown["properties"].items()}
    if "pattern" in shown:
        # `$` is the very end in ECMA 262, which JSON Schema follows.
        shown["pattern"] = shown["pattern"].replace(r"\Z", "$")
    if "enum" in shown:
        codes = sorted(shown.pop("enum"), key=lambda code: (len(code), code))
        shown |= {"type": "string", "enum": codes}
    return shown


def main(folder: Path) -> None:
    """Write the files, and remove schemas of types that are no more."""
    files = contract_files()
    for stale in (folder / "schemas").glob("*.json"):
        if f"schemas/{stale.name}" not in files:
            stale.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "topics"))
