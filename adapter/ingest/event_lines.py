"""Bus records as lines of text, for files and pipes: what `simulate` prints and a producer command reads.

| line | is delivered as |
|---|---|
| a structured CloudEvent with a `subject` | key = subject, value = the line |
| `{"kafka": {"key": …, "value": …, "headers": [[name, …], …]}}` | exactly that record; bytes as base64, null for none |
| anything else | no key, value = the line |

The second form carries what the first cannot: broken bytes, keys that differ from the subject, the binary binding.
Reading never fails; judging what it read is the reader's work.
"""

import msgspec

from adapter.ingest.cloudevent import Delivered, Headers

STRUCTURED: Headers = (("content-type", b"application/cloudevents+json"),)


class _Kafka(msgspec.Struct, forbid_unknown_fields=True):
    # A list, because Kafka allows the same header name twice.
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()


class _Wrapped(msgspec.Struct, forbid_unknown_fields=True):
    kafka: _Kafka


class _Subject(msgspec.Struct):
    subject: str
    kafka: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def read_line(line: bytes) -> Delivered:
    """The record a line stands for; the line break at its end, if any, is not part of it."""
    line = line.removesuffix(b"\n")
    try:
        event = _SUBJECT.decode(line)
        if event.kafka is msgspec.UNSET:
            return Delivered(event.subject.encode(), line, STRUCTURED)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    try:
        kafka = _WRAPPED.decode(line).kafka
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Delivered(None, line)
    return Delivered(kafka.key, kafka.value, kafka.headers)


def write_line(record: Delivered) -> bytes:
    """One line, without a line break: the bare value where that says it all, else the wrapped form."""
    if record.value and b"\n" not in record.value and read_line(record.value) == record:
        return record.value
    return _ENCODER.encode(_Wrapped(_Kafka(record.key, record.value, tuple(record.headers))))


_SUBJECT = msgspec.json.Decoder(_Subject)
_WRAPPED = msgspec.json.Decoder(_Wrapped)
_ENCODER = msgspec.json.Encoder()
