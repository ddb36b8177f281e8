"""A faust agent that folds each event into a Table: the framework's own way to do the same job.

Table in memory with its changelog topic, offsets committed by faust's timer. The clock stops when the last event is
folded, so what faust had not yet committed then counts as done: that is in its favour.
"""

import sys
from typing import Any

import faust

from adapter.domain.fold import changed, fold
from adapter.domain.outcome import NotForUs, Parked
from adapter.domain.tilstand import Tilstand
from adapter.ingest.cloudevent import Delivered
from tests.bench.contenders.job import answer, job
from tests.bench.sample import Stopwatch

told = job()
app = faust.App(
    told.group,
    broker=f"kafka://{told.bootstrap}",
    store="memory://",
    datadir=told.folder,
    key_serializer="raw",
    value_serializer="raw",
    web_enabled=False,
    topic_replication_factor=1,
    topic_partitions=told.partitions,
    consumer_auto_offset_reset="earliest",
)
bus = app.topic(told.topics["buss"])
states = app.Table("tilstand", partitions=told.partitions, key_type=bytes, value_type=bytes, default=bytes)
reader = told.reader()


@app.agent(bus)  # type: ignore[untyped-decorator]  # faust has no types
async def take(stream: Any) -> None:
    """One event after another."""
    done, watch = 0, None
    async for event in stream.events():
        watch = watch or Stopwatch()
        reading = reader.read(Delivered(event.key, event.value))
        if not isinstance(reading.result, NotForUs | Parked):
            tilstand = Tilstand.decode(states[event.key])
            if changed(fold(tilstand, reading.result)):
                states[event.key] = tilstand.encode()
        done += 1
        if done == told.pieces:
            answer(watch.sample(done))


if __name__ == "__main__":
    sys.argv = [sys.argv[0], "worker", "--without-web", "-l", "error"]
    app.main()
