"""The limit: aiokafka's `getmany` and the decoding of envelope and data into types. Nothing is kept, nothing written."""

import asyncio

import uvloop
from aiokafka import TopicPartition

from adapter.config import Kafka
from adapter.ingest.cloudevent import read_structured
from adapter.ingest.contract import EVENT_TYPES
from adapter.kafka.clients import lone_consumer
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch


async def read(told: Job) -> Sample:
    consumer = lone_consumer(Kafka(bootstrap=told.bootstrap))
    await consumer.start()
    consumer.assign([TopicPartition(told.topic, number) for number in range(told.partitions)])
    await consumer.seek_to_beginning()
    done, watch = 0, None
    while done < told.events:
        batches = await consumer.getmany(timeout_ms=50, max_records=2_000)
        watch = watch or Stopwatch.start()
        for records in batches.values():
            for record in records:
                event = read_structured(record.value)
                EVENT_TYPES[event.type].decoder.decode(event.data)
            done += len(records)
    assert watch is not None
    return watch.sample(done)


if __name__ == "__main__":
    answer(uvloop.run(read(job())))
