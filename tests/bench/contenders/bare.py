"""The limit: aiokafka's `getmany`, nothing kept and nothing written.

Of the bus, envelope and data are decoded into their types; `variant` state reads the state topic and decodes nothing.
"""

import asyncio

import uvloop
from aiokafka import TopicPartition

from adapter.ingest.cloudevent import read_structured
from adapter.ingest.contract import EVENT_TYPES
from adapter.kafka.clients import lone_consumer
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch

MOST = 5_000


async def read(told: Job) -> Sample:
    """Until so many records have come."""
    of_state = told.variant == "state"
    topics = told.config().topics
    consumer = lone_consumer(told.config().kafka)
    await consumer.start()
    topic = topics.tilstand if of_state else topics.buss
    consumer.assign([TopicPartition(topic, number) for number in range(told.partitions)])
    await consumer.seek_to_beginning()
    done, watch = 0, Stopwatch()
    while done < told.pieces:
        batches = await consumer.getmany(timeout_ms=50, max_records=MOST)
        if not done:
            watch = Stopwatch()
        for records in batches.values():
            if not of_state:
                for record in records:
                    event = read_structured(record.value)
                    EVENT_TYPES[event.type].decoder.decode(event.data)
            done += len(records)
    return watch.sample(done)


if __name__ == "__main__":
    answer(asyncio.Runner(loop_factory=uvloop.new_event_loop).run(read(job())))
