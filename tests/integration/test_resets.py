"""A broker that resets a connection costs the connection, and nothing else."""

import asyncio

import pytest
import uvloop
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from adapter.kafka.resets import bear_resets

pytestmark = pytest.mark.kafka


async def write_to_a_reset_connection(bootstrap: str) -> None:
    host, _, port = bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    connection = await create_conn(host, int(port))
    connection._writer.transport.abort()
    await asyncio.sleep(0)  # one turn of the loop: the transport knows, and the client has not heard of it
    connection.send(MetadataRequest([]))


def test_a_write_to_a_connection_that_was_reset_finds_a_broken_connection(kafka_bootstrap: str) -> None:
    bear_resets()
    bear_resets()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, pytest.raises(KafkaConnectionError):
        runner.run(write_to_a_reset_connection(kafka_bootstrap))
