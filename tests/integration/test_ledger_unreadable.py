"""A ledger that something else has written to: said with place and remedy, and nothing of what was written."""

import pytest

from adapter.kafka.clients import plain_producer
from adapter.report.closing import read_closings
from adapter.report.ledger import LedgerUnreadableError, read_ledger
from adapter.sandbox.topics import OwnTopics
from adapter.settings.config import Config, Kafka, Topics

pytestmark = pytest.mark.kafka

NUMBER = b"17912099997"


@pytest.mark.parametrize("value", [NUMBER, b'{"kjoring":"x","emisjon":"%s"}' % NUMBER, b'"\xff%s"' % NUMBER])
@pytest.mark.parametrize("key", [b"a run", b"lukking/2018", b"lukking/2018/0"])
async def test_the_error_names_place_and_remedy(
    kafka_bootstrap: str, new_topic: OwnTopics, key: bytes, value: bytes
) -> None:
    config = Config(kafka=Kafka(bootstrap=kafka_bootstrap), topics=Topics(rapport=await new_topic("rapport")))
    producer = plain_producer(config.kafka)
    await producer.start()
    try:
        await producer.send_and_wait(config.topics.rapport, value, key=key)
    finally:
        await producer.stop()
    with pytest.raises(LedgerUnreadableError, match=r"offset 0.*give rapport a new name") as told:
        await (read_closings(config) if key != b"a run" else read_ledger(config.kafka, config.topics.rapport))
    assert NUMBER.decode() not in str(told.value)
