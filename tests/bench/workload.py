"""A topic full of events for the ingest figures: a simulated year of so many persons, each event made a kilobyte large.

The simulator's events are some 450 bytes; a journal system writes more around them. What is added is an extension
attribute of the envelope, which the standard allows and every reader has to pass over.
"""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice

from adapter.kafka.clients import Access, plain_producer
from adapter.simulate import SimulatedRecord, simulate

EVENT_BYTES = 1000
AT_ONCE = 5_000
_ATTRIBUTE = b',"tracestate":"'


def padded(value: bytes, size: int = EVENT_BYTES) -> bytes:
    """The same event, with an extension attribute that makes it `size` bytes; longer ones stay as they are."""
    missing = size - len(value) - len(_ATTRIBUTE) - 1
    return value if missing <= 0 else b'%s%s%s"}' % (value[:-1], _ATTRIBUTE, b"x" * missing)


def a_year(persons: int, events: int | None = None) -> Iterator[SimulatedRecord]:
    """The first so many events of the year, in the order the bus delivers them; all of them when not told."""
    records = islice(simulate(persons, 2018, 1, [("5001", "")]), events)
    return (one._replace(value=padded(one.value)) for one in records)


async def publish(access: Access, topic: str, records: Iterable[SimulatedRecord]) -> int:
    """Send them all; returns how many there were."""
    producer, sent = plain_producer(access), 0
    await producer.start()
    try:
        waiting = iter(records)
        while batch := [*islice(waiting, AT_ONCE)]:
            await asyncio.gather(
                *[await producer.send(topic, one.value, one.key, headers=[*one.headers]) for one in batch]
            )
            sent += len(batch)
    finally:
        await producer.stop()
    return sent
