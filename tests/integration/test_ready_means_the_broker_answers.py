"""A service with nothing to do says by itself that the broker is gone: nobody's event fails first to tell it."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from adapter.sandbox import KafkaSandbox
from adapter.sandbox.broker import Broker
from tests.integration.house import House, Service, wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]

LONG = 90


class Absence(NamedTuple):
    """How a broker goes, and how it comes back."""

    goes: Callable[[Broker], None]
    comes_back: Callable[[Broker], None]


def told(number: signal.Signals) -> Callable[[Broker], None]:
    def tell(broker: Broker) -> None:
        assert broker.pid
        os.kill(broker.pid, number)

    return tell


ABSENCES = {
    "killed": Absence(Broker.kill, Broker.start),
    # Connections stand and new ones are accepted; only there is no answer.
    "silent": Absence(told(signal.SIGSTOP), told(signal.SIGCONT)),
}


@pytest.mark.parametrize("how", ABSENCES)
async def test_an_idle_service_is_not_ready_without_a_broker_and_is_again_with_it(tmp_path: Path, how: str) -> None:
    with KafkaSandbox.start() as kafka:
        (broker,) = kafka.brokers
        async with House(kafka.bootstrap, tmp_path) as house:
            service = await house.start().ready(LONG)
            ABSENCES[how].goes(broker)
            try:
                await says(service, 503)
                assert "no Kafka answers" in (await service.get("/health/ready"))[1]
                assert (await service.get("/health/live"))[0] == 200
            finally:
                ABSENCES[how].comes_back(broker)
            await says(service, 200)
            assert service.running


async def says(service: Service, status: int) -> None:
    async def so() -> bool:
        return (await service.get("/health/ready"))[0] == status

    await wait_until(so, LONG, f"the service answers {status} when asked whether it is ready")
