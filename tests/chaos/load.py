"""A steady stream of events that never ends: messy years of ever new persons, from the seed.

What counts as sent was acknowledged by the brokers. The producer is idempotent and tries until it succeeds, so there
are no events of which nobody knows whether they are on the bus. Should it give up nevertheless, `pause` raises, and the
run is worth nothing.
"""

import asyncio
from collections.abc import Iterator
from itertools import count, islice

from aiokafka import AIOKafkaProducer

from adapter.simulate import SimulatedRecord, simulate
from tests.integration.house import LARGEST_EVENT, UNITS, House

PERSONS_A_WAVE = 100
TICK_SECONDS = 0.05
# Far longer than any outage. aiokafka takes it for the patience with one request too, but a broker that dies closes its
# connections, and is not waited for.
NEVER_MS = 900_000


def endless(seed: int) -> Iterator[SimulatedRecord]:
    """The same seed gives the same events, as many as are asked for."""
    for wave in count():
        yield from simulate(PERSONS_A_WAVE, 2018, seed * 100_000 + wave, UNITS, mess=True)


class Load:
    """Sends from `start` until `pause`; in between, and after, as many more as `send` is asked for.

    Holds back while `is_far_ahead`, so that on a slow machine the service is behind by minutes and not by hours.
    """

    def __init__(self, house: House, seed: int, rate: int) -> None:
        self._topic = house.bus
        self._records = endless(seed)
        self._rate = rate
        self._failures: list[BaseException] = []
        self._going = False
        self.is_far_ahead = False
        self._sending: asyncio.Task[None] | None = None
        self._producer = AIOKafkaProducer(
            bootstrap_servers=house.kafka.bootstrap,
            enable_idempotence=True,
            request_timeout_ms=NEVER_MS,
            max_request_size=LARGEST_EVENT,
            linger_ms=10,
        )
        self.sent = 0

    async def start(self) -> None:
        await self._producer.start()
        self._going = True
        self._sending = asyncio.create_task(self._stream())

    async def send(self, number: int) -> None:
        """So many at once. Waits where the producer's buffers are full."""
        for one in islice(self._records, number):
            delivery = await self._producer.send(self._topic, one.value, one.key, headers=list(one.headers))
            delivery.add_done_callback(self._acknowledged)
            self.sent += 1

    async def pause(self) -> None:
        """Send no more, and wait until what was sent is acknowledged. Raises if anything was given up."""
        self._going = False
        if self._sending is not None:
            await self._sending
        await self._producer.flush()
        if self._failures:
            raise self._failures[0]

    async def close(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
        await self._producer.stop()

    async def _stream(self) -> None:
        while self._going:
            if not self.is_far_ahead:
                await self.send(round(self._rate * TICK_SECONDS))
            await asyncio.sleep(TICK_SECONDS)

    def _acknowledged(self, delivery: "asyncio.Future[object]") -> None:
        if not delivery.cancelled() and (error := delivery.exception()) is not None:
            self._failures.append(error)
