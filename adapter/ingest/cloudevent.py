"""CloudEvents 1.0 off a Kafka record, both bindings: structured (one JSON object) and binary (`ce_*` headers)."""

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta, Raw

# Kafka allows a header without a value.
Headers = Sequence[tuple[str, bytes | None]]

# Generous for any real producer, short enough that a header or an attribute cannot be used to flood memory.
_Attribute = Annotated[str, Meta(min_length=1, max_length=512)]


class CloudEvent(msgspec.Struct, frozen=True):
    """The attributes we read. Extension attributes are allowed by the standard and ignored."""

    specversion: Literal["1.0"]
    id: _Attribute
    source: _Attribute
    type: _Attribute
    data: Raw = Raw()
    subject: _Attribute | None = None


class Delivered(NamedTuple):
    """A Kafka record as ingest sees it; no Kafka type crosses this border."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()


def read_structured(value: bytes) -> CloudEvent:
    """Raises `msgspec.MsgspecError` when the bytes are not one structured CloudEvent."""
    return _DECODER.decode(value)


def read_binary(value: bytes, headers: Headers) -> CloudEvent:
    """Attributes from the `ce_*` headers, the value is `data`. Raises `msgspec.ValidationError`."""
    attributes: dict[str, object] = {
        name[3:]: text.decode("utf-8", "replace") for name, text in headers if text and name.startswith("ce_")
    }
    attributes["data"] = Raw(value)
    return msgspec.convert(attributes, CloudEvent)


def is_binary(headers: Headers) -> bool:
    """The binary binding announces itself with `ce_specversion`; everything else is read as structured."""
    return "ce_specversion" in [name for name, _ in headers]


_DECODER = msgspec.json.Decoder(CloudEvent)
