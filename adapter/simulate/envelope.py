"""A draft becomes a record on the bus: a structured CloudEvent, then whatever mess was asked for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from adapter.ingest.cloudevent import Delivered, Headers
from adapter.ingest.contract import Annullert, Slettet
from adapter.ingest.event_lines import STRUCTURED
from adapter.simulate.journal import Draft, Wire


class SimulatedRecord(NamedTuple):
    """One record in delivery order, and what a reader for the run's municipalities must make of it.

    `expected` is `accepted`, `parked:<code>` or `not-for-us:<reason>`. Whether an accepted event is then applied, a
    duplicate or superseded depends on what came before it.
    """

    key: bytes | None
    value: bytes
    headers: Headers
    expected: str

    @property
    def delivered(self) -> Delivered:
        return Delivered(self.key, self.value, self.headers)


class Envelope(msgspec.Struct):
    """The CloudEvents attributes a journal system would write."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    data: Annullert | Slettet


def write(draft: Draft, new_year: date) -> SimulatedRecord:
    """The record. Event ids hold the key and the number of the event, so they are unique and repeatable."""
    envelope = Envelope(
        specversion="1.0",
        id=f"{draft.key[2:]}.{draft.number}",
        source=f"/kommune/{draft.data.kommunenummer}/epj",
        type=draft.type,
        subject=draft.key,
        time=datetime(new_year.year, 1, 1, tzinfo=UTC) + timedelta(seconds=draft.time),
        datacontenttype="application/json",
        data=draft.data,
    )
    wire = Wire(draft.key.encode(), _ENCODE(envelope if draft.twist is None else _twisted(envelope, draft)), STRUCTURED)
    if draft.wrap is not None:
        wire = draft.wrap(wire)
    return SimulatedRecord(*wire, draft.expected)


def _twisted(envelope: Envelope, draft: Draft) -> dict[str, Any]:
    loose: dict[str, Any] = msgspec.to_builtins(envelope)
    if draft.twist is not None:
        draft.twist(loose)
    return loose


_ENCODE = msgspec.json.Encoder().encode
