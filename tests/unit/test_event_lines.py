"""Bus records as lines: what is written is read back exactly, and no line is too broken to be delivered."""

import json

import pytest

from adapter.ingest.cloudevent import Delivered
from adapter.ingest.event_lines import STRUCTURED, read_line, write_line

EVENT = b'{"specversion":"1.0","id":"1","source":"/epj","type":"t","subject":"p-1","data":{"a":"\xc3\xb8"}}'


def test_a_structured_event_is_its_own_line() -> None:
    record = Delivered(b"p-1", EVENT, STRUCTURED)
    assert write_line(record) == EVENT
    assert read_line(EVENT) == record
    assert read_line(EVENT + b"\n") == record


@pytest.mark.parametrize(
    "record",
    [
        Delivered(b"p-2", EVENT, STRUCTURED),
        Delivered(None, EVENT, STRUCTURED),
        Delivered(b"p-1", EVENT, ()),
        Delivered(b"p-1", EVENT.replace(b",", b",\n"), STRUCTURED),
        Delivered(b"p-1", EVENT[:40], STRUCTURED),
        Delivered(b"p-1", b"\xff\xfe not text \n", STRUCTURED),
        Delivered(b"\xc3\x98\xff", b"{}", ()),
        Delivered(b"p-1", b"", ()),
        Delivered(b"p-1", None, ()),
        Delivered(None, b"", ()),
        Delivered(None, None, ()),
        Delivered(b"p-1", b"{}", (("ce_id", b"1"), ("ce_id", b"\xff"), ("tom", None), ("traceparent", b""))),
        Delivered(None, b'{"kafka":{"key":null,"value":null}}', ()),
        Delivered(b"p-1", b'{"subject":"p-1","kafka":{}}', STRUCTURED),
    ],
)
def test_what_is_not_a_plain_event_is_wrapped_on_one_line_and_comes_back_exactly(record: Delivered) -> None:
    line = write_line(record)
    assert b"\n" not in line
    assert set(json.loads(line)) == {"kafka"}
    assert read_line(line) == record


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not JSON at all",
        b"\xff\xfe",
        b"[]",
        b"17",
        b'{"specversion":"1.0"}',
        b'{"subject":7}',
        b'{"subject":"\\ud800"}',
        b'{"kafka":{"key":"not base64!","value":null}}',
        b'{"kafka":{"value":null}}',
        b'{"kafka":{"key":null,"value":null,"offset":3}}',
        b"[" * 100_000,
    ],
)
def test_any_other_line_is_delivered_as_it_stands_without_a_key(line: bytes) -> None:
    assert read_line(line) == Delivered(None, line)
    assert read_line(write_line(Delivered(None, line))) == Delivered(None, line)


def test_the_wrapped_form_can_be_written_by_hand() -> None:
    line = b'{"kafka": {"key": "cC0x", "value": "e30=", "headers": [["ce_id", "MQ=="]]}}'
    assert read_line(line) == Delivered(b"p-1", b"{}", (("ce_id", b"1"),))
