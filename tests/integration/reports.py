"""What tests of the report share: giving commands, waiting for their end, reading what was emitted, and the pair that
the same events give without Kafka.
"""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from adapter.domain.enhet import Enhet
from adapter.kafka.offsets import end_offsets
from adapter.report.build import Bestilling, PairBuilder
from adapter.report.command import ReportCommand, encode
from adapter.report.ledger import ENDED, Kjoring, read_ledger
from adapter.report.pair_run import message_id
from adapter.report.population import Population
from adapter.report.setup import make_oppsett
from adapter.report.transport import Assembler, Dispatch
from adapter.simulate import SimulatedRecord
from tests.integration.house import House, wait_until

MOMENT = datetime(2019, 1, 7, 12, 0, tzinfo=UTC)


class Emitted(NamedTuple):
    """The bodies of one run's two messages."""

    ipl: bytes
    ide: bytes


async def command_for(house: House, enhet: Enhet, aar: int = 2018, **fields: Any) -> ReportCommand:
    """A command whose barrier is the end of the bus now."""
    barrier = await end_offsets(house.kafka, house.bus)
    asked: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "kommunenummer": enhet.kommunenummer,
        "bydelsnummer": enhet.bydelsnummer,
        "aar": aar,
        "tidspunkt": MOMENT,
        "bestilt_av": "en test",
        "barriere": {str(partition): offset for partition, offset in barrier.items()},
    }
    return ReportCommand(**asked | fields)


async def give(house: House, *commands: ReportCommand) -> None:
    """Put commands on their topic, in this order."""
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for command in commands:
            await producer.send_and_wait(house.config.topics.kommando, encode(command), command.id.encode())


async def ledger(house: House) -> dict[str, Kjoring]:
    return await read_ledger(house.kafka, house.config.topics.rapport)


async def ended(house: House, command: ReportCommand, within: float = 60) -> Kjoring:
    """The command's own record, when nothing more happens to it."""
    found: list[Kjoring] = []

    async def so() -> bool:
        record = (await ledger(house)).get(command.id)
        if record is not None and record.status in ENDED:
            found.append(record)
        return bool(found)

    await wait_until(so, within, f"command {command.id} ends")
    return found[0]


async def carried_out(house: House, command: ReportCommand) -> list[Kjoring]:
    """Give a command and wait; the records of its runs, or its own if it came to none."""
    await give(house, command)
    whole = await ended(house, command)
    runs = await ledger(house)
    return [runs[name] for name in whole.kjoringer] or [whole]


async def parts_on_topics(house: House) -> list[tuple[str, int]]:
    """Where every part on the transport topics stands, to a reader of committed records."""
    topics = house.config.topics
    return [
        (one.topic, one.offset)
        for name in (topics.transport_ipl, topics.transport_ide)
        for one in await house.records(name)
    ]


async def dispatches(house: House) -> list[Dispatch]:
    """Every message on both transport topics as a reader of committed records puts them together; none is partial."""
    found: list[Dispatch] = []
    for topic in (house.config.topics.transport_ipl, house.config.topics.transport_ide):
        assembler = Assembler()
        found += [one for record in await house.records(topic) if (one := assembler.add(record)) is not None]
        assert assembler.incomplete() == []
    return found


async def emitted(house: House, run: Kjoring) -> Emitted:
    """The run's pair. Exactly one of each kind is there, under the ids the plan gave them."""
    mine = {one.type: one for one in await dispatches(house) if one.kjoring == run.kjoring}
    every = [one for one in await dispatches(house) if one.kjoring == run.kjoring]
    assert len(every) == len(mine) == 2
    assert mine["KPR_IPL"].melding_id == message_id(run.kjoring, "ipl")
    assert mine["KPR_IDE"].melding_id == message_id(run.kjoring, "ide")
    return Emitted(mine["KPR_IPL"].body, mine["KPR_IDE"].body)


def built_offline(house: House, records: Sequence[SimulatedRecord], run: Kjoring) -> Emitted:
    """The pair the same events give in memory, with the ids, the number and the moment of the run."""
    return built_from(house, house.model(records).states, run)


def built_from(house: House, states: Mapping[str, bytes], run: Kjoring) -> Emitted:
    """The pair these states give, with the ids, the number and the moment of the run."""
    kommunenummer, _, bydelsnummer = run.enhet.partition("-")
    enhet = Enhet(kommunenummer, bydelsnummer)
    oppsett = make_oppsett(house.config, house.sealer, enhet, run.aar)
    population = Population.of(states, oppsett.overgang)
    ids = message_id(run.kjoring, "ipl"), message_id(run.kjoring, "ide")
    bestilling = Bestilling(
        enhet, run.lopenr, run.tidspunkt, *ids, run.modus, ekte_i_test=house.config.rapport.ekte_i_test
    )
    ipl, ide = BytesIO(), BytesIO()
    for _ in PairBuilder(bestilling, oppsett, population).run(ipl, ide):
        pass
    return Emitted(ipl.getvalue(), ide.getvalue())


async def hanging(house: House, topic: str) -> int:
    """Offsets behind the last committed one: what a transaction that nobody ended has written."""
    consumer = AIOKafkaConsumer(bootstrap_servers=house.kafka.bootstrap, isolation_level="read_uncommitted")
    await consumer.start()
    try:
        written = await consumer.end_offsets([TopicPartition(topic, 0)])
    finally:
        await consumer.stop()
    return int(written[TopicPartition(topic, 0)] - (await end_offsets(house.kafka, topic))[0])


async def ingested(house: House, records: Sequence[SimulatedRecord]) -> None:
    """Produce, and let a service of its own bring all of it into the state."""
    service = house.start()
    await house.produce(records)
    await service.ready()
    await house.done()
    assert await asyncio.wait_for(service.stopped(20), 30) == 0
