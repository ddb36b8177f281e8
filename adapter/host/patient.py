"""faust's clients, made patient: when an access is taken from them, they wait until that is given back.

As they come, the first refusal takes the whole service down, and the service would begin anew only to be refused again.
The doorkeeper tells what is missing, so nothing is said here. A password that was changed they learn of like ours.
"""

import asyncio
from typing import Any

from aiokafka.errors import KafkaError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Producer, Transport

from adapter.kafka.clients import after_denial
from adapter.kafka.closed_door import is_denial
from adapter.kafka.passwords import follow_password

RETRY_SECONDS = 1.0


class _Thread(AIOKafkaConsumerThread):  # type: ignore[misc]  # faust has no types
    def _create_consumer(self, *args: Any, **settings: Any) -> Any:
        consumer = super()._create_consumer(*args, **settings)
        follow_password(consumer._client, self.app.sikkerhet)  # noqa: SLF001  # there is no other way to reach it
        return consumer

    async def _fetch_records(self, *args: Any, **settings: Any) -> Any:
        try:
            return await super()._fetch_records(*args, **settings)
        except KafkaError as error:
            if not is_denial(error):
                raise
            after_denial(self._ensure_consumer(), error)
            await asyncio.sleep(RETRY_SECONDS)
            return {}

    async def crash(self, reason: BaseException) -> None:
        """An offset that could not be committed is committed with a later one; until then a command may come twice."""
        if not is_denial(reason):
            await super().crash(reason)


class _Consumer(Consumer):  # type: ignore[misc]
    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


class _Producer(Producer):  # type: ignore[misc]
    def _new_producer(self, *args: Any, **settings: Any) -> Any:
        producer = super()._new_producer(*args, **settings)
        follow_password(producer.client, self.app.sikkerhet)
        return producer


class PatientTransport(Transport):  # type: ignore[misc]
    """Kafka as faust's app is to use it."""

    Consumer = _Consumer
    Producer = _Producer
