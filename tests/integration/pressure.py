"""Loads that press: giant records, one person with very many rows, a slow broker; and what a process weighs under them.

The suite runs them small, `tests/bench/pressure.py` at full size.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from adapter.domain.tilstand import Tilstand
from adapter.simulate import SimulatedRecord
from adapter.state_topic import StateTopic
from tests.contract.examples import valid
from tests.integration.house import House, Service
from tests.integration.kafka_tools import kafka_tool

MEGABYTE = 1_000_000
# The name of every client of the program, to the broker.
CLIENT = "iplos-adapter"


class Weight(NamedTuple):
    """Resident memory of a process in bytes: when the load came, and the most since."""

    before: int
    peak: int

    @property
    def grew(self) -> int:
        return self.peak - self.before


class Scales:
    """Weighs a process by what the kernel says of it."""

    def __init__(self, service: Service) -> None:
        self._process = Path("/proc") / str(service.pid)
        # 5 sets the high-water mark back to what is resident now.
        (self._process / "clear_refs").write_text("5")
        self._before = self._resident("VmRSS")

    def read(self) -> Weight:
        return Weight(self._before, self._resident("VmHWM"))

    def _resident(self, field: str) -> int:
        for line in (self._process / "status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
        raise LookupError(field)


def giants(number: int, size: int = 50 * MEGABYTE) -> Iterator[SimulatedRecord]:
    """Records of that many bytes; every other is a good event with a giant attribute that nobody knows."""
    for one in range(number):
        if one % 2:
            value = json.dumps(valid("no.kommune.iplos.person.slettet.v1") | {"vedlegg": "A" * size}).encode()
        else:
            value = bytes([65 + one % 26]) * size
        yield SimulatedRecord(f"p-{one}".encode(), value, (), "parked:too-large")


def large_letters(number: int, size: int = 150_000) -> list[SimulatedRecord]:
    """Records of that many bytes that are parked as they are; sealed, they cannot be made smaller."""
    bodies = (b"{%02d" % one * (size // 3) for one in range(number))
    return [SimulatedRecord(b"p-%d" % one, body, (), "parked:not-json") for one, body in enumerate(bodies)]


def rows_of_one_person(number: int, key: str = "p-one") -> Iterator[SimulatedRecord]:
    """So many services of one person, each under an id of its own, as wide as ids may be."""
    text = _about(key, "no.kommune.iplos.tjeneste.registrert.v1")
    for row in range(number):
        yield SimulatedRecord(key.encode(), text.replace("@@", f"{row:064}").encode(), (), "accepted")


def first_row_annulled(key: str = "p-one") -> SimulatedRecord:
    """The first of those rows should never have been there."""
    text = _about(key, "no.kommune.iplos.tjeneste.annullert.v1")
    return SimulatedRecord(key.encode(), text.replace("@@", f"{0:064}").encode(), (), "accepted")


def _about(key: str, event_type: str) -> str:
    """The shipped example about this person, `@@` in the place of the row's id."""
    event = valid(event_type) | {"subject": key}
    event["data"] |= {"kommunenummer": "5001", "registreringsId": "@@"}
    event["data"].pop("bydelsnummer", None)
    return json.dumps(event)


async def state_of(house: House, key: str) -> Tilstand:
    """The newest state of a person, looked for page by page: the older ones are many, and large."""
    newest = b""
    async for page in StateTopic(house.kafka, house.state_topic, house.bus, house.group).read():
        for person in page.persons:
            if person.key == key:
                newest = person.state or b""
    return Tilstand.decode(newest)


@asynccontextmanager
async def slow_broker(bootstrap: str, bytes_a_second: int) -> AsyncIterator[None]:
    """The broker takes only so much from the program, and holds its answers back, until the block ends."""
    where = ("--bootstrap-server", bootstrap, "--entity-type", "clients", "--entity-name", CLIENT, "--alter")
    await kafka_tool("kafka-configs", *where, "--add-config", f"producer_byte_rate={bytes_a_second}")
    try:
        yield
    finally:
        await kafka_tool("kafka-configs", *where, "--delete-config", "producer_byte_rate")
