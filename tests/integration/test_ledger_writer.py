"""Who was fenced in the ledger is told so, as often as it tries: what Kafka does not allow is tried again, what looks
like a fault of the program is not.
"""

import asyncio
from pathlib import Path

import pytest
from aiokafka.errors import ProducerFenced

from adapter.domain.enhet import Enhet
from adapter.kafka.clients import transactional_producer
from adapter.ops.metrics import Metrics
from adapter.report.ledger import Kjoring
from adapter.report.ledger_writer import LedgerWriter
from adapter.report.runner import Runner
from adapter.report.spool import Spool
from adapter.sealing import Keyring
from tests.integration.house import House
from tests.integration.reports import MOMENT, command_for, ledger

pytestmark = pytest.mark.kafka


def run_of(enhet: Enhet) -> Kjoring:
    return Kjoring(
        kjoring="k-1",
        kommando="k-1",
        bestilt_av="en test",
        enhet=str(enhet),
        aar=2018,
        emisjon="test",
        lopenr="1",
        tidspunkt=MOMENT,
        status="planlagt",
    )


async def test_a_former_writer_hears_that_it_was_fenced_each_time_it_writes(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    async with House(kafka_bootstrap, tmp_path) as house:
        run = run_of(Enhet("5001"))
        former, newer = LedgerWriter(house.config, Metrics()), LedgerWriter(house.config, Metrics())
        async with former, newer:
            await newer.tell(run, "planlagt", "leser")
            for _ in range(3):
                with pytest.raises(ProducerFenced):
                    await asyncio.wait_for(former.tell(run, "feilet", ""), 30)
        assert (await ledger(house))["k-1"].steg == "leser"


async def test_who_is_fenced_while_it_reads_the_state_stops_reading(kafka_bootstrap: str, tmp_path: Path) -> None:
    async with House(kafka_bootstrap, tmp_path) as house:
        enhet = Enhet("5001")
        runner = Runner(house.config, Keyring(house.keys), Metrics())
        command = await command_for(house, enhet)
        # An open transaction on the state: reading waits for its end.
        open_end = transactional_producer(house.kafka, f"{house.group}.open")
        async with open_end, LedgerWriter(house.config, Metrics()) as former:
            await open_end.begin_transaction()
            await open_end.send_and_wait(house.state_topic, b"{}", key=b"p-1", partition=0)
            async with LedgerWriter(house.config, Metrics()):
                before = asyncio.all_tasks()
                with Spool() as spool, pytest.raises(ProducerFenced):
                    await runner._read(command, run_of(enhet), former, spool)
                names = {str(task.get_coro()) for task in asyncio.all_tasks() - before}
                assert not [name for name in names if "read_population" in name or "Fetcher" in name]
            await open_end.abort_transaction()
