"""faust's consumer, made patient: when an access is taken from it, it waits until that is given back.

As it comes, it takes the whole service down at the first refusal, and the service would begin anew only to be refused
again. The doorkeeper tells what is missing, so nothing is said here.
"""

import asyncio
from typing import Any

from aiokafka.errors import KafkaError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport

from adapter.kafka.clients import after_denial
from adapter.kafka.closed_door import is_denial

RETRY_SECONDS = 1.0


class _Thread(AIOKafkaConsumerThread):  # type: ignore[misc]  # faust has no types
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


class PatientTransport(Transport):  # type: ignore[misc]
    """Kafka as faust's app is to use it."""

    Consumer = _Consumer
