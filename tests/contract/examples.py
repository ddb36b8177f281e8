"""The examples in `topics/examples`, as the tests read them."""

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema.validators
import msgspec

from adapter.domain.fold import Erase, Put, fold
from adapter.domain.tilstand import Tilstand
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.reading import Reader, Reading
from adapter.sealing import Sealer

TOPICS = Path(__file__).parents[2] / "topics"
EXAMPLES = TOPICS / "examples"
SEALER = Sealer({"prove-1": bytes(range(32))}, pseudonym=bytes(range(32, 64)))
READER = Reader(SEALER)

Event = dict[str, Any]


def valid(event_type: str) -> Event:
    event: Event = json.loads((EXAMPLES / f"{event_type}.json").read_text("utf-8"))
    return event


def read(event: Event, key: bytes | None = None, reader: Reader = READER) -> Reading:
    """The reading of a structured event; the key is the subject unless another is given."""
    key = event["subject"].encode() if key is None else key
    return reader.read(Delivered(key, json.dumps(event).encode()))


def state_after(reading: Reading) -> bytes:
    """What the state of a person nothing was known of becomes."""
    tilstand = Tilstand()
    assert isinstance(reading.result, Put | Erase), reading
    fold(tilstand, reading.result)
    return tilstand.encode()


def _ecma_pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    # In ECMA 262, which JSON Schema follows, `$` is the very end; in Python also the place before a last line break.
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError("does not match the pattern")


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _ecma_pattern})


def schema_of(event_type: str) -> Any:
    """The validator of a schema as it lies on disk, formats checked."""
    schema = json.loads((TOPICS / "schemas" / f"{event_type}.json").read_text("utf-8"))
    return Validator(schema, format_checker=jsonschema.FormatChecker())


class Broken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `broken.toml`, which says what the fields are."""

    name: str
    code: str
    why: str
    field: str = ""
    key: str | None = None
    file: str | None = None
    text: str | None = None
    encoding: str = "utf-8"
    size: int | None = None
    nested: int | None = None
    headers: dict[str, str] = {}
    unseen: str | None = None

    def delivered(self) -> Delivered:
        headers = [(name, text.encode()) for name, text in self.headers.items()]
        return Delivered(None if self.key is None else self.key.encode(), self.value(), headers)

    def value(self) -> bytes:
        if self.file is not None:
            return (EXAMPLES / self.file).read_bytes()
        if self.text is not None:
            return self.text.encode(self.encoding)
        if self.size is not None:
            return b"A" * self.size
        assert self.nested is not None
        return b'{"specversion":"1.0","utvidelse":' + b"[" * self.nested


class Sloppy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `sloppy.toml`, which says what the fields are."""

    name: str
    example: str
    repairs: list[str]
    written: dict[str, Any] = {}
    nulls: list[str] = []
    means: dict[str, Any] = {}
    absent: list[str] = []
    unseen: str | None = None

    def as_written(self) -> Event:
        return changed(valid(self.example), self.written | dict.fromkeys(self.nulls))

    def clean(self) -> Event:
        event = changed(valid(self.example), self.means)
        for path in self.absent:
            *above, last = path.split(".")
            at = event["data"]
            for name in above:
                at = at[name]
            del at[last]
        return event


def changed(event: Event, changes: dict[str, Any]) -> Event:
    """A copy of the event with fields under `data` written otherwise."""
    copied = copy.deepcopy(event)
    for path, value in changes.items():
        *above, last = path.split(".")
        at = copied["data"]
        for name in above:
            at = at[name]
        at[last] = value
    return copied


def broken() -> list[Broken]:
    return msgspec.convert(tomllib.loads((EXAMPLES / "broken.toml").read_text("utf-8"))["broken"], list[Broken])


def sloppy() -> list[Sloppy]:
    return msgspec.convert(tomllib.loads((EXAMPLES / "sloppy.toml").read_text("utf-8"))["sloppy"], list[Sloppy])
