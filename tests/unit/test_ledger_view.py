"""The ledger as the status page sees it: one reader at a time, and nobody waits for a Kafka that does not answer."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiokafka.errors import KafkaConnectionError

from adapter.kafka.offsets import NoSuchTopicError
from adapter.report.ledger import Kjoring
from adapter.report.status.ledger_view import LedgerView
from tests.unit.status_example import NOW, run

ENOUGH = 10.0


class Kafka:
    """A ledger topic that answers when it is let, with what it is given."""

    def __init__(self) -> None:
        self.readers = self.most_readers = self.readings = 0
        self.began, self.answers = asyncio.Event(), asyncio.Event()
        self.trouble: Exception | None = None
        self.runs: dict[str, Kjoring] = {}

    async def read(self) -> dict[str, Kjoring]:
        self.readers += 1
        self.readings += 1
        self.began.set()
        self.most_readers = max(self.most_readers, self.readers)
        try:
            await self.answers.wait()
            if self.trouble is not None:
                raise self.trouble
            return dict(self.runs)
        finally:
            self.readers -= 1


@pytest.fixture
def kafka() -> Kafka:
    return Kafka()


Open = Callable[..., LedgerView]


@pytest.fixture
async def opened(kafka: Kafka) -> AsyncIterator[Open]:
    views: list[LedgerView] = []

    def view(fresh: float = 0.0, moment: float = ENOUGH) -> LedgerView:
        views.append(LedgerView(kafka.read, lambda: NOW, fresh, moment))
        return views[-1]

    yield view
    for one in views:
        await one.stop()
    assert kafka.readers == 0


async def test_who_looks_first_gets_what_is_read_within_a_moment(kafka: Kafka, opened: Open) -> None:
    kafka.runs = {"run": run()}
    kafka.answers.set()
    held = await opened().look()
    assert held.runs == {"run": run()}
    assert (held.lesing.lest, held.lesing.feil) == (NOW, "")


async def test_a_kafka_that_is_silent_keeps_nobody_waiting(kafka: Kafka, opened: Open) -> None:
    view = opened(moment=0.0)
    async with asyncio.timeout(ENOUGH):
        held = [await view.look() for _ in range(20)]
    assert {one.lesing.lest for one in held} == {None}


async def test_twenty_screens_are_one_reader(kafka: Kafka, opened: Open) -> None:
    view = opened(fresh=ENOUGH)
    looks = [asyncio.create_task(view.look()) for _ in range(20)]
    await kafka.began.wait()
    kafka.runs = {"run": run()}
    kafka.answers.set()
    assert all(held.runs for held in await asyncio.gather(*looks))
    await view.look()
    assert (kafka.readings, kafka.most_readers) == (1, 1)


async def test_what_has_grown_old_is_read_anew(kafka: Kafka, opened: Open) -> None:
    view = opened()
    kafka.answers.set()
    assert (await view.look()).runs == {}
    kafka.runs = {"run": run()}
    assert set((await view.look()).runs) == {"run"}


@pytest.mark.parametrize("trouble", [KafkaConnectionError(), OSError(), NoSuchTopicError("iplos.rapport.v1")], ids=repr)
async def test_when_kafka_goes_what_was_read_stays_and_the_trouble_is_named(
    kafka: Kafka, opened: Open, trouble: Exception
) -> None:
    view = opened()
    kafka.runs = {"run": run()}
    kafka.answers.set()
    await view.look()
    kafka.trouble = trouble
    held = await view.look()
    assert set(held.runs) == {"run"}
    assert (held.lesing.lest, held.lesing.feil) == (NOW, type(trouble).__name__)
    kafka.trouble = None
    assert (await view.look()).lesing.feil == ""


async def test_a_reading_under_way_ends_with_the_service(kafka: Kafka, opened: Open) -> None:
    view = opened(moment=0.0)
    await view.look()
    await kafka.began.wait()
    await view.stop()
    assert kafka.readers == 0
