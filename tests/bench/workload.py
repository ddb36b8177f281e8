"""What the figures are measured over: a simulated year of so many persons, as events or as the states they end in.

The simulator's events are some 450 bytes; a journal system writes more around them. What is added is an extension
attribute of the envelope, which the standard allows and every reader has to pass over, hexadecimal digits so that
compression does not do away with it.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from adapter.ingest.batch import Folded
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.offline import fold_all
from adapter.ingest.partition import Partition, TopicNames
from adapter.ingest.reading import Reader
from adapter.kafka.clients import Access, plain_producer
from adapter.simulate import SimulatedRecord, simulate

EVENT_BYTES = 1_000
YEAR = 2018
# Records handed to the producer at a time.
AT_ONCE = 5_000
# Persons simulated at a time: the states of these are in memory. Numbers of persons are given once within a piece.
PIECE = 50_000
_ATTRIBUTE = b',"tracestate":"'

Unit = tuple[str, str]


def padded(value: bytes, size: int = EVENT_BYTES) -> bytes:
    """The same event, with an extension attribute that makes it `size` bytes; longer ones stay as they are."""
    missing = size - len(value) - len(_ATTRIBUTE) - 1
    if missing <= 0:
        return value
    filling = hashlib.shake_128(value).hexdigest(missing // 2 + 1)[:missing]
    return b'%s%s%s"}' % (value[:-1], _ATTRIBUTE, filling.encode())


def a_year(persons: int, events: int, units: Sequence[Unit]) -> Iterator[SimulatedRecord]:
    """The first so many events of the year, in the order the bus delivers them."""
    records = islice(simulate(persons, YEAR, 1, units), events)
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


def states(persons: int, units: Sequence[Unit], reader: Reader) -> Iterator[dict[str, bytes]]:
    """The states of so many persons at the end of the year, a piece at a time, each with a seed of its own."""
    for piece, start in enumerate(range(0, persons, PIECE)):
        events = simulate(min(PIECE, persons - start), YEAR, 1_000 + piece, units)
        yield fold_all((Delivered(one.key, one.value, one.headers) for one in events), reader).states


async def write_states(
    access: Access, group: str, names: TopicNames, reader: Reader, pieces: Iterable[Mapping[str, bytes]], number: int
) -> int:
    """Write them as ingest would have: in transactions, vouched for, spread over so many partitions. How many."""
    partitions = [Partition(access, group, names, one, reader) for one in range(number)]
    for partition in partitions:
        await partition.open(lambda _done, _total: None)
    written = 0
    for piece in pieces:
        shares: list[dict[str, bytes]] = [{} for _ in partitions]
        for place, (key, state) in enumerate(piece.items()):
            shares[place % number][key] = state
        for partition, share in zip(partitions, shares, strict=True):
            await partition.commit(Folded(states=share), (), partition.next_offset)
        written += len(piece)
        await asyncio.sleep(0)
    for partition in partitions:
        await partition.close()
    return written
