"""Access that is taken while the service runs: told once, shown while it lasts, and the work goes on afterwards."""

import json
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from adapter.kafka.clients import plain_producer
from adapter.kafka.offsets import committed_offsets, end_offsets
from adapter.kafka.topic_acl import Grant
from tests.integration.house import Service, events
from tests.security.acls import Acls
from tests.security.installation import Installation, seen

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]


class Running:
    """A service at work, and what its user may do."""

    def __init__(self, inst: Installation, acls: Acls, service: Service) -> None:
        self.inst, self.acls, self.service = inst, acls, service
        self._seed = 0

    def taken(self, what: str) -> list[Grant]:
        mine = [one for one in self.inst.wanted() if one.who == "adapter"]
        return mine if what == "all" else [one for one in mine if what in {one.resource, f"{self._role(one)}:read"}]

    def _role(self, one: Grant) -> str:
        return one.name.rpartition(".")[2] if one.operation == "read" else ""

    async def produce(self) -> None:
        """Events of other persons each time."""
        self._seed += 1
        producer = plain_producer(self.inst.config("epj").kafka)
        await producer.start()
        try:
            for one in events(5, self._seed):
                await producer.send_and_wait(self.inst.topics.buss, one.value, one.key, headers=list(one.headers))
        finally:
            await producer.stop()

    async def behind(self) -> int:
        """Events on the bus that are not in the state."""
        access, topics = self.inst.caretaking.kafka, self.inst.topics
        ends = await end_offsets(access, topics.buss)
        done = await committed_offsets(access, self.inst.group, topics.buss, sorted(ends))
        return sum(ends[one] - done[one] for one in ends)

    async def problems(self) -> list[str]:
        return [labels["problem"] for labels, _ in await self.service.samples("iplos_kafka_access_problem")]

    def told(self, event: str) -> int:
        return len(self.service.said(event))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(installed: Callable[[str], Installation]) -> AsyncIterator[Running]:
    inst = installed("mistet")
    await inst.make(*inst.topics.__struct_fields__)
    async with Acls(inst.strong.caretaker) as acls:
        await acls.give(inst.wanted())
        service = await inst.start(IPLOS_KAFKA__DOR_SEKUNDER="60").ready(within=120)
        yield Running(inst, acls, service)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("buss:read", "topic-denied"),
        ("kommando:read", "topic-denied"),
        ("group", "group-denied"),
        ("transactional_id", "transactional-id-denied"),
        ("all", "topic-denied"),
    ],
)
async def test_what_is_taken_is_told_once_and_the_work_goes_on_when_it_is_back(
    running: Running, what: str, code: str
) -> None:
    lost, back = running.told("no access to Kafka"), running.told("access to Kafka is back")
    grants = running.taken(what)
    await running.acls.take(grants)
    try:
        await running.produce()
        assert await seen(running.problems, lambda found: found != []) == [code]
        status, why = await running.service.get("/health/ready")
        assert status == 503
        assert "user adapter has no access" in why
        assert (await running.service.get("/health/live"))[0] == 200
    finally:
        await running.acls.give(grants)
    await seen(running.problems, lambda found: found == [])
    await seen(running.behind, lambda number: number == 0)
    await running.service.ready(within=120)
    assert running.told("no access to Kafka") == lost + 1
    assert running.told("access to Kafka is back") == back + 1
    assert running.service.running


async def test_commands_are_carried_out_after_all_that(running: Running) -> None:
    """The host's own consumer has come back too, and not only the one of the bus."""
    told = await running.inst.did("drift", "report", "--kommune", "5001", "--year", "2018", "--dry-run", "--json")
    assert [one["status"] for one in json.loads(told)] == ["prøvd"]
    assert await running.service.stopped(60) == 0
