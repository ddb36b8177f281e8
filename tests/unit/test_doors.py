"""Looking at Kafka's doors: what goes wrong on the way is never taken for an open door."""

import pytest
from aiokafka.errors import KafkaError, KafkaTimeoutError, NodeNotReadyError, StaleMetadata

from adapter.kafka import doors
from adapter.kafka.doors import look
from adapter.kafka.problem import Problem
from adapter.settings.config import Kafka

WHERE = Kafka(bootstrap="megler:9092")


@pytest.mark.parametrize(
    "error", [NodeNotReadyError(), StaleMetadata(), KafkaTimeoutError(), KafkaError("x"), TimeoutError(), OSError("x")]
)
async def test_an_error_that_says_nothing_of_the_door_is_no_open_door(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def knock(_: object) -> None:
        raise error

    monkeypatch.setattr(doors, "knock", knock)
    problem = await look(WHERE, ())
    assert isinstance(problem, Problem)
    assert problem.code == "unreachable"
    assert problem.text.startswith("megler:9092: no Kafka answers (")
