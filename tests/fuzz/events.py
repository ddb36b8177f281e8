"""A record on the bus as one run of bytes, so that all of it can be changed: key, headers, value.

The first line is the key (empty: none). Then come the headers, `name:value` on a line each; one without a colon has no
value. After the first empty line everything is the value.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from adapter.domain.outcome import PARK_CODES
from adapter.domain.tilstand import Tilstand, split_key
from adapter.ingest.batch import fold_batch
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.contract import EVENT_TYPES
from adapter.ingest.dead_letter import seal_letter
from adapter.ingest.reading import Reader
from adapter.letters.letter import Origin, open_letter
from tests.contract.examples import SEALER, broken, sloppy, valid
from tests.fuzz.target import Target

LARGEST = 3_000
READER = Reader(SEALER, ("5001", "0301"), LARGEST)
ORIGIN = Origin("buss", 0, 0, 0)

# What tempts a reader: values of the right form in the wrong place, bounds, and what only looks like something.
TEMPTING: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**53, 2**53 - 1, 2**64, -(2**63), 10**30, 1e308, 0.5, -0.0, 7.0),
    *(
        "",
        " ",
        "0",
        "1",
        "05",
        "0301",
        "5001",
        "2018-02-30",
        "2018-02-28",
        "20180228",
        "28.2.2018",
        "2018-02",
        "201802",
    ),
    *(
        "2018-02-28T00:00:00Z",
        "7,5 timer",
        "ja",
        "M",
        "ICPC-2",
        "P70",
        "15825041211",
        "pas-1",
        "a" * 65,
        "\u0000",
        "\ud800",
    ),
    *("Æøå", "١٢٣٤", "9" * 400, "1e999", [], {}, [[]], {"a": {}}, ["0301"], {"type": "fnr", "nummer": "15825041211"}),
)


def delivered(data: bytes) -> Delivered:
    """The record behind the bytes; all bytes have one."""
    head, _, value = data.partition(b"\n\n")
    key, *lines = head.split(b"\n")
    headers = [_header(line) for line in lines]
    return Delivered(key or None, value, headers)


def _header(line: bytes) -> tuple[str, bytes | None]:
    name, colon, value = line.partition(b":")
    return name.decode("latin-1"), value if colon else None


def framed(record: Delivered) -> bytes:
    """The bytes of a record."""
    lines = [name.encode("latin-1") + (b"" if value is None else b":" + value) for name, value in record.headers]
    return b"\n".join([record.key or b"", *lines, b"", record.value or b""])


def outcome(data: bytes) -> str:
    """Read, fold, write back and, when it is parked, keep as a dead letter and take out again."""
    record = delivered(data)
    # Not `read`: it would hide a defect of ours behind `internal-error`.
    reading = READER._read(record)
    assert reading.type == "unknown" or reading.type in EVENT_TYPES
    folded = fold_batch({}, [(0, reading)])
    for state in folded.states.values():
        tilstand = Tilstand.decode(state)
        assert tilstand.encode() == state
        for name, linje in tilstand.linjer.items():
            if not linje.annullert:
                linje.record(split_key(name)[0])
    for _, _, parked in folded.parked:
        assert parked.code in PARK_CODES
        assert all(part.isidentifier() for part in parked.field.split(".") if parked.field)
        sealed = b"".join(part for part, _ in seal_letter(ORIGIN, record, reading, parked, SEALER))
        letter = open_letter(ORIGIN, SEALER.active_id, sealed, SEALER)
        assert (letter.key, letter.value, letter.headers) == (record.key, record.value, [*record.headers])
    [tally] = folded.tally
    return ":".join(filter(None, (tally.outcome, tally.code)))


def vary(data: bytes, random: Random) -> bytes:
    """One value somewhere in the JSON becomes another; what is no JSON stays as it is."""
    head, _, value = data.partition(b"\n\n")
    try:
        tree = json.loads(value)
    except (ValueError, RecursionError):
        return data
    places = [*_places([tree])]
    holder, at = places[random.randrange(len(places))]
    match random.randrange(6):
        case 0 if isinstance(holder, dict):
            del holder[at]
        case 1 if isinstance(holder, dict):
            holder[random.choice(["ukjent", *map(str, holder)])] = holder[at]
        case 2:
            other, there = places[random.randrange(len(places))]
            holder[at] = json.loads(json.dumps(other[there]))
        case 3:
            holder[at] = str(holder[at])
        case _:
            holder[at] = TEMPTING[random.randrange(len(TEMPTING))]
    return head + b"\n\n" + json.dumps(tree, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of the tree that can be written to."""
    for at, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
        yield holder, at
        if isinstance(value, dict | list):
            yield from _places(value)


def _seeds() -> Iterator[Delivered]:
    events = [valid(name) for name in EVENT_TYPES]
    for event in [*events, *(one.as_written() for one in sloppy())]:
        key = event["subject"].encode()
        yield Delivered(key, json.dumps(event, ensure_ascii=False).encode())
        attributes = [(f"ce_{name}", str(text).encode()) for name, text in event.items() if name != "data"]
        yield Delivered(key, json.dumps(event["data"], ensure_ascii=False).encode(), attributes)
    for one in broken():
        record = one.delivered()
        yield record._replace(value=(record.value or b"")[: LARGEST + 1])


TARGET = Target([framed(one) for one in _seeds()], vary, outcome)
