"""The limit: aiokafka's `getmany`, nothing kept and nothing written.

Of the bus, envelope and data are decoded into their types; of the state topic (`variant` state) nothing is decoded.
"""

import asyncio

from aiokafka import TopicPartition

from adapter.host import loop
from adapter.host.garbage import spare_what_stays
from adapter.ingest.cloudevent import read_structured
from adapter.ingest.contract import EVENT_TYPES
from adapter.kafka.clients import lone_consumer
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch

MOST = 5_000


async def read(told: Job) -> Sample:
    """Until so many records have come. Of the bus the clock starts with the first batch, as it does for the others."""
    of_state, topics = told.variant == "state", told.config().topics
    consumer = lone_consumer(told.config().kafka)
    await consumer.start()
    topic = topics.tilstand if of_state else topics.buss
    consumer.assign([TopicPartition(topic, number) for number in range(told.partitions)])
    await consumer.seek_to_beginning()
    watch, done, before = Stopwatch(), 0, 0
    while done < told.pieces:
        for records in (await consumer.getmany(timeout_ms=50, max_records=MOST)).values():
            if not of_state:
                for record in records:
                    event = read_structured(record.value)
                    EVENT_TYPES[event.type].decoder.decode(event.data)
                if not done:
                    watch, before = Stopwatch(), len(records)
            done += len(records)
    return watch.sample(done - before)


if __name__ == "__main__":
    loop.install()
    spare_what_stays()
    answer(asyncio.run(read(job())))
