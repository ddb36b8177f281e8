"""Three places where a worker runs, each with a network of its own, watched over as a cluster manager would do it.

A worker that ends is started again. That it was told to end is known; what ends by itself is written down.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import aiohttp
from aiokafka.errors import KafkaError

from adapter.cli.console import Exit
from adapter.sandbox.ports import HOST
from tests.chaos.proxy import Line
from tests.integration.house import House, Service

PARTITIONS = 6
BETWEEN_LOOKS = 0.2
# Before a worker that ended is started again.
RESTART_SECONDS = 0.5
STOP_SECONDS = 60.0
FAILED = "batch failed, partition opens anew"
FENCED = "partition had another owner, who fenced this one"


async def before_long(condition: Callable[[], Awaitable[bool]], within: float) -> bool:
    """Whether it came to hold in time. Nobody answering is the same as no."""
    deadline = time.monotonic() + within
    while True:
        with contextlib.suppress(aiohttp.ClientError, KafkaError, OSError, TimeoutError):
            if await asyncio.wait_for(condition(), 5):
                return True
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(BETWEEN_LOOKS)


class Ended(NamedTuple):
    """A worker ended and nobody had asked it to."""

    worker: int
    code: int
    listened: bool
    log: str

    @property
    def found_no_cluster(self) -> bool:
        """It said so when it was started, and did not start half."""
        return self.code == Exit.NO_KAFKA and not self.listened

    def __str__(self) -> str:
        return f"worker {self.worker} ended with code {self.code}, {self.log}"


@dataclass(slots=True)
class Place:
    """One worker after the other, in the same place."""

    number: int
    house: House
    line: Line
    bootstrap: str
    service: Service
    told_to_end: set[int] = field(default_factory=set)

    async def is_ready(self) -> bool:
        if not await self.listens():
            return False
        return (await self.service.get("/health/ready"))[0] == 200

    async def listens(self) -> bool:
        """Whether it has an HTTP side yet; learns its port."""
        for told in () if self.service.port else self.service.said("listening"):
            self.service.port = int(str(told["port"]))
        return bool(self.service.port)

    async def running_partitions(self) -> int:
        if not await self.listens():
            return 0
        stages = {labels["stage"]: value for labels, value in await self.service.samples("iplos_ingest_partitions")}
        return int(stages.get("running", 0))

    def fenced(self) -> int:
        """How often the process that is here now was refused because another had taken over."""
        return _refused(self.service)


class Workers:
    """The three places, and who watches over them."""

    def __init__(self, house: House, lines: list[Line], bootstraps: list[str]) -> None:
        self.ended: list[Ended] = []
        self._house = house
        self.places = [
            Place(number, house, line, bootstrap, self._start(bootstrap))
            for number, (line, bootstrap) in enumerate(zip(lines, bootstraps, strict=True))
        ]
        self._all = [place.service for place in self.places]
        self._watching = [asyncio.create_task(self._watch(place)) for place in self.places]

    def _start(self, bootstrap: str) -> Service:
        # The host's own sessions: short, but long enough for two cores that have much to do.
        hosts = {"BROKER_SESSION_TIMEOUT": "6", "BROKER_HEARTBEAT_INTERVAL": "0.5", "BROKER_REBALANCE_TIMEOUT": "10"}
        return self._house.start(environ={"IPLOS_KAFKA__BOOTSTRAP": bootstrap, **hosts})

    async def _watch(self, place: Place) -> None:
        while True:
            if not place.service.running:
                if place.service.pid not in place.told_to_end:
                    await place.listens()
                    code = await place.service.ended(within=1)
                    self.ended.append(Ended(place.number, code, bool(place.service.port), place.service.log.name))
                await asyncio.sleep(RESTART_SECONDS)
                place.service = self._start(place.bootstrap)
                self._all.append(place.service)
            await asyncio.sleep(BETWEEN_LOOKS)

    async def all_ready(self, within: float) -> bool:
        """Whether all came to be ready at the same time, with every partition among them."""

        async def so() -> bool:
            ready = await asyncio.gather(*(place.is_ready() for place in self.places))
            return all(ready) and await self.running(self.places)

        return await before_long(so, within)

    async def running(self, places: list[Place]) -> bool:
        """Whether these have all the partitions between them, restored."""
        return sum(await asyncio.gather(*(place.running_partitions() for place in places))) == PARTITIONS

    def fenced(self) -> int:
        """How often any worker there ever was had been refused because another had taken over."""
        return sum(_refused(one) for one in self._all)

    def stop_watching(self) -> None:
        for one in self._watching:
            one.cancel()

    async def stop(self) -> tuple[int, ...]:
        """SIGTERM to all of them at once; their exit codes. Who does not stop is killed, and that is its exit code."""
        self.stop_watching()
        for place in self.places:
            place.service.signal(signal.SIGTERM)

        async def all_ended() -> bool:
            return not any(place.service.running for place in self.places)

        await before_long(all_ended, STOP_SECONDS)
        for place in self.places:
            place.service.end()
        return tuple(await asyncio.gather(*(place.service.ended(within=1) for place in self.places)))


def _refused(service: Service) -> int:
    """By its own log: at the write itself, or, when that had timed out meanwhile, at its producer's end."""
    return sum(line["error"] == "ProducerFenced" for line in service.said(FAILED)) + len(service.said(FENCED))


def bootstrap_of(ports: list[int]) -> str:
    return ",".join(f"{HOST}:{port}" for port in ports)
