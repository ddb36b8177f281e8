"""The report over Kafka, by a real process of the service: state from the bus, both messages in one transaction."""

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from msgspec.structs import replace

from adapter import __version__
from adapter.domain.enhet import Enhet
from adapter.kafka.offsets import end_offsets
from adapter.report.ledger import Kjoring
from adapter.simulate import SimulatedRecord, simulate
from tests.contract.both_validators import both, verdicts
from tests.integration.house import House, events, wait_until
from tests.integration.reports import (
    MOMENT,
    built_offline,
    carried_out,
    command_for,
    dispatches,
    emitted,
    ended,
    give,
    ledger,
)

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

TRONDHEIM, OSLO, BYDEL_3, BYDEL_12 = Enhet("5001"), Enhet("0301"), Enhet("0301", "03"), Enhet("0301", "12")
RECORDS: list[SimulatedRecord] = events(150)
PART = 10_240


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house in which the service runs and the events are on the bus."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPLOS_RAPPORT__DELSTORRELSE", str(PART))
        async with House(kafka_bootstrap, tmp_path_factory.mktemp("rapport")) as house:
            service = house.start()
            await house.produce(RECORDS)
            await service.ready()
            yield house


async def counts(house: House) -> int:
    return len(await dispatches(house))


async def reported(house: House, enhet: Enhet = TRONDHEIM) -> Kjoring:
    (run,) = await carried_out(house, await command_for(house, enhet))
    assert run.status == "sendt", run.grunn
    return run


async def test_the_messages_are_what_the_same_events_give_without_kafka_to_the_last_byte(house: House) -> None:
    run = await reported(house)
    pair = await emitted(house, run)
    assert pair == built_offline(house, RECORDS, run)
    assert verdicts("2018/xsd/sending-ide", pair.ide) == both(verdict=True)
    assert pair.ipl.count(b"<PERSON ") == pair.ide.count(b"<PasientIdent ") == run.resultat["personer_sendt"] > 30


async def test_the_ledger_tells_what_was_asked_what_was_covered_and_what_was_sent(house: House) -> None:
    command = await command_for(house, TRONDHEIM, grunn="en grunn")
    (run,) = await carried_out(house, command)
    pair = await emitted(house, run)
    assert (run.status, run.steg, run.enhet, run.aar, run.modus) == ("sendt", "", "5001", 2018, "test")
    assert (run.kommando, run.bestilt_av, run.grunn, run.tidspunkt) == (command.id, "en test", "en grunn", MOMENT)
    assert run.offsets == {str(one): end for one, end in (await end_offsets(house.kafka, house.bus)).items()}
    assert (run.programversjon, run.pakkeversjon) == (__version__, "1")
    assert run.ferdig is not None
    assert run.ferdig <= datetime.now(UTC)
    for sent, kind, body in zip(run.meldinger, ("KPR_IPL", "KPR_IDE"), pair, strict=True):
        assert (sent.type, sent.bytes) == (kind, len(body))
        assert sent.sha256 == hashlib.sha256(body).hexdigest()
        assert sent.deler == -(-len(body) // PART)
    result = run.resultat
    assert result["personer_i_visningen"] == result["personer_sendt"] + result["personer_holdt"]
    assert result["stoppet_av"] == []


async def test_a_message_goes_in_parts_no_larger_than_asked_for_under_one_key(house: House) -> None:
    run = await reported(house)
    sizes: dict[str, list[int]] = {}
    for topic in (house.config.topics.transport_ipl, house.config.topics.transport_ide):
        for record in await house.records(topic):
            headers = {name: value.decode() for name, value in record.headers}
            if headers["kjoring"] == run.kjoring:
                assert record.key == headers["melding-id"].encode()
                sizes.setdefault(headers["meldingstype"], []).append(len(record.value or b""))
                assert int(headers["del"]) == len(sizes[headers["meldingstype"]])
    for sent in run.meldinger:
        *full, last = sizes[sent.type]
        assert set(full) <= {PART}
        assert 0 < last <= PART
        assert (len(full) + 1, sum(full) + last) == (sent.deler, sent.bytes)
    assert len(sizes["KPR_IPL"]) > 5


async def test_no_record_of_one_topic_holds_what_belongs_on_the_other(house: House) -> None:
    await reported(house)
    care = await house.records(house.config.topics.transport_ipl)
    identities = await house.records(house.config.topics.transport_ide)
    assert care
    assert identities
    assert not [one for one in care if b"PasientIdent" in (one.value or b"")]
    assert not [one for one in identities if b"TJENESTE" in (one.value or b"")]


async def test_a_municipality_of_districts_gets_a_pair_for_each(house: House) -> None:
    runs = await carried_out(house, await command_for(house, OSLO))
    assert [run.enhet for run in runs] == [str(BYDEL_3), str(BYDEL_12)]
    for run in runs:
        assert await emitted(house, run) == built_offline(house, RECORDS, run)
    assert len({run.lopenr for run in runs}) == 2


async def test_one_district_can_be_asked_for(house: House) -> None:
    run = await reported(house, BYDEL_12)
    assert run.enhet == "0301-12"
    assert b"<iiBydelsnr>12<" in (await emitted(house, run)).ipl


async def test_every_report_has_the_next_running_number_in_both_messages(house: House) -> None:
    first, second = await reported(house), await reported(house)
    assert int(second.lopenr) == int(first.lopenr) + 1
    pair = await emitted(house, second)
    assert f"<iiLopenr>{second.lopenr}<".encode() in pair.ipl
    assert f'lopenr="{second.lopenr}"'.encode() in pair.ide
    assert second.erstatter == first.kjoring


async def test_a_dry_run_counts_everything_and_emits_nothing(house: House) -> None:
    real = await reported(house)
    before = await counts(house)
    (dry,) = await carried_out(house, await command_for(house, TRONDHEIM, emisjon="ingen"))
    assert await counts(house) == before
    assert dry.status == "prøvd"
    assert dry.resultat == real.resultat
    assert [sent.bytes > 0 for sent in dry.meldinger] == [True, True]


async def test_a_command_that_comes_twice_gives_one_pair(house: House) -> None:
    before = await counts(house)
    command, other = await command_for(house, TRONDHEIM), await command_for(house, TRONDHEIM)
    await give(house, command, command, other, command)
    whole, _ = await ended(house, command), await ended(house, other)
    # Commands are carried out one after another: when a later one has ended, the repetitions before it are through.
    last = await command_for(house, TRONDHEIM, emisjon="ingen")
    await carried_out(house, last)
    assert await counts(house) == before + 4
    assert len(whole.kjoringer) == 1
    await emitted(house, (await ledger(house))[whole.kjoringer[0]])


@pytest.mark.parametrize(
    ("enhet", "aar", "why"),
    [
        (Enhet("9999"), 2018, "fantes ikke"),
        (Enhet("abcd"), 2018, "fantes ikke"),
        (Enhet("1201"), 2018, "[[kommuner]]"),
        (Enhet("4601"), 2018, "fantes ikke"),
        (Enhet("0301", "77"), 2018, "Bydel 77"),
        (TRONDHEIM, 2019, "meldingsformat"),
        (TRONDHEIM, 1999, "no year pack"),
        (Enhet("0301", "05"), 2018, "Ingen personer"),
    ],
)
async def test_what_cannot_be_reported_is_refused_with_a_reason_and_emits_nothing(
    house: House, enhet: Enhet, aar: int, why: str
) -> None:
    before = await counts(house)
    (refused,) = await carried_out(house, await command_for(house, enhet, aar))
    assert refused.status == "nektet"
    assert why in refused.grunn
    assert await counts(house) == before


async def test_production_is_refused_where_it_is_not_switched_on(house: House) -> None:
    before = await counts(house)
    (refused,) = await carried_out(house, await command_for(house, TRONDHEIM, emisjon="produksjon"))
    assert refused.status == "nektet"
    assert await counts(house) == before


async def test_a_command_that_cannot_be_read_stops_nothing(house: House) -> None:
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for broken in (b"", b"{", b'{"type":"report"}', b"\xff"):
            await producer.send_and_wait(house.config.topics.kommando, broken)
    await reported(house)


async def test_the_command_line_asks_follows_and_fetches_what_was_emitted(house: House, tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("iplos-adapter"))
    asked = house.start(
        program, "report", "--kommune", "5001", "--year", "2018", "--out", str(tmp_path), "--reason", "så"
    )
    assert await asked.ended(within=60) == 0, asked.log.read_text()
    (told,) = json.loads((tmp_path / "report.json").read_text("utf-8"))
    run = (await ledger(house))[told["kjoring"]]
    pair = await emitted(house, run)
    assert written_to(tmp_path) == {"KPR_IPL": pair.ipl, "KPR_IDE": pair.ide}


def written_to(folder: Path) -> dict[str, bytes]:
    """The messages in the folder by kind. Nobody but their owner can read them."""
    files = list(folder.glob("*.xml"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    return {path.name[:7]: path.read_bytes() for path in files}


async def test_what_was_on_the_bus_when_the_command_was_given_is_in_the_report(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    """The command comes before the service has read a single event."""
    records = list(simulate(60, 2018, 11, [("5001", "")], mess=True))
    async with House(kafka_bootstrap, tmp_path) as house:
        await house.produce(records)
        command = await command_for(house, TRONDHEIM)
        await give(house, command)
        await house.start().ready()
        whole = await ended(house, command)
        run = (await ledger(house))[whole.kjoringer[0]]
        assert await emitted(house, run) == built_offline(house, records, run)


async def test_a_service_killed_in_the_middle_of_a_report_is_followed_by_one_that_sends_one_pair(
    kafka_bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPLOS_RAPPORT__DELSTORRELSE", "1024")
    records = list(simulate(400, 2018, 13, [("5001", "")], mess=True))
    async with House(kafka_bootstrap, tmp_path) as house:
        first = house.start()
        await house.produce(records)
        await first.ready()
        await house.done()
        command = await command_for(house, TRONDHEIM)
        await give(house, command)

        async def at_work() -> bool:
            return any(run.kommando == command.id != run.kjoring for run in (await ledger(house)).values())

        await wait_until(at_work, 30, "the run is under way")
        await first.killed()
        assert len(await dispatches(house)) in (0, 2)
        await house.start().ready()
        whole = await ended(house, command)
        run = (await ledger(house))[whole.kjoringer[0]]
        assert await emitted(house, run) == built_offline(house, records, run)
        assert len(await dispatches(house)) == 2


async def test_a_command_in_the_middle_of_which_the_service_is_told_to_stop_is_carried_out_by_the_next(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    """It waits for events that are not on the bus yet, so it is in the middle for as long as the test wants."""
    first, later = events(60), list(simulate(60, 2018, 19, [("5001", "")], mess=True))
    async with House(kafka_bootstrap, tmp_path) as house:
        service = house.start()
        await house.produce(first)
        command = await command_for(house, TRONDHEIM)
        ahead = {partition: offset + 1 for partition, offset in command.barriere.items()}
        command = replace(command, barriere=ahead)
        await service.ready()
        await give(house, command)

        async def waits() -> bool:
            known = (await ledger(house)).get(command.id)
            return known is not None and known.steg == "venter"

        await wait_until(waits, 30, "the command waits")
        assert await service.stopped(20) == 0
        assert (await ledger(house))[command.id].status == "planlagt"
        await house.produce(later)
        await house.start().ready()
        whole = await ended(house, command)
        assert whole.status == "fordelt", whole.grunn
        run = (await ledger(house))[whole.kjoringer[0]]
        assert await emitted(house, run) == built_offline(house, [*first, *later], run)


async def test_persons_whose_events_came_on_several_partitions_are_whole_in_the_report(
    kafka_bootstrap: str, tmp_path: Path
) -> None:
    records = list(simulate(60, 2018, 23, [("5001", "")], mess=True))
    async with House(kafka_bootstrap, tmp_path) as house:
        service = await house.start().ready()
        await house.produce(records, carelessly=True)
        (run,) = await carried_out(house, await command_for(house, TRONDHEIM))
        assert run.status == "sendt", run.grunn
        assert await emitted(house, run) == built_offline(house, records, run)
        assert service.said("persons have their state in more than one partition: it was joined")


async def test_two_services_share_the_bus_and_one_of_them_reports(kafka_bootstrap: str, tmp_path: Path) -> None:
    records = list(simulate(60, 2018, 17, [("5001", "")], mess=True))
    async with House(kafka_bootstrap, tmp_path) as house:
        one, other = house.start(), house.start()
        await asyncio.gather(one.ready(), other.ready())
        await house.produce(records)
        (run,) = await carried_out(house, await command_for(house, TRONDHEIM))
        assert await emitted(house, run) == built_offline(house, records, run)
