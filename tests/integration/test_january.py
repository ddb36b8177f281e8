"""The whole round of 2018 on real Kafka with a moved clock: test run, ordinary run, rejection, mended registrations,
repeat, receipt, correction in March, the year closed.

Two processes of the service run all the time; one is killed and another takes its place on the way.
"""

import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from msgspec.structs import replace

from adapter.domain.closing import LukketDel, LukkingBestilt
from adapter.domain.enhet import Enhet
from adapter.domain.tilstand import Tilstand
from adapter.domain.windows import moment
from adapter.fake_kpr.apprec_writer import Feillinje, Original, Status, Virksomhet, write
from adapter.report.closing import check_closing, order_closing, read_closings
from adapter.report.ledger import Kjoring, read_ledger
from adapter.report.order import Order, decide, give
from adapter.report.rebuild import rebuild
from adapter.report.setup import RefusedError, check_year_and_unit
from adapter.report.transport import Assembler, Dispatch
from adapter.simulate import SimulatedRecord, simulate
from tests.integration.house import House, wait_until

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

UNIT = Enhet("5001")
PROGRAM = (sys.executable, "-m", "tests.integration.clocked_service")
SETTINGS: dict[str, dict[str, object]] = {
    "kalender": {"pa": True, "takt_sekunder": 0.5, "prove_ukedager": [1], "gjentak_minutter": 60, "sjekk_minutter": 60},
    "rapport": {"aar": 2018, "ekte_i_test": True},
}
OCTOBER = moment(date(2018, 10, 1))
NOVEMBER = moment(date(2018, 11, 5)) + timedelta(hours=7)  # a Monday
JANUARY = moment(date(2019, 1, 2)) + timedelta(hours=7)
MARCH = moment(date(2019, 3, 12)) + timedelta(hours=9)
APRIL = moment(date(2019, 4, 1))


class Clock:
    """Set by the test, read by every process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def set(self, now: datetime) -> datetime:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(now.isoformat(), "utf-8")
        fresh.replace(self._path)
        return now


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(tmp_path / "clock")
    clock.set(OCTOBER)
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return clock


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path, settings=SETTINGS) as house:
        yield house


async def runs(house: House) -> list[Kjoring]:
    """The unit's runs that were sent, in the order of their numbers."""
    ledger = await read_ledger(house.kafka, house.config.topics.rapport)
    sent = [run for run in ledger.values() if run.enhet == str(UNIT) and run.status == "sendt"]
    return sorted(sent, key=lambda run: int(run.lopenr))


async def sent(house: House, number: int) -> Kjoring:
    """Wait until the unit has so many sent runs, and no more; the last of them."""

    async def there() -> bool:
        return len(await runs(house)) >= number

    await wait_until(there, 60, f"{number} runs are sent")
    found = await runs(house)
    assert len(found) == number
    return found[-1]


async def answer(house: House, run: Kjoring, now: datetime, status: Status, *errors: str) -> None:
    """The register answers both messages of a run."""
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for sent in run.meldinger:
            here, there = Virksomhet("Eksempel", "1", "123456785"), Virksomhet("KPR", "2", "123456785")
            original = Original(sent.melding_id, sent.type, run.tidspunkt.isoformat(), here, there)
            body = write(original, f"svar-{sent.melding_id}", now, status, tuple(Feillinje(one) for one in errors))
            await producer.send_and_wait(house.config.topics.kvittering, body, sent.melding_id.encode())


async def ordered(house: House, why: str, now: datetime) -> str | None:
    """A person orders a report, as `iplos-adapter resend` does; the kind of run it is."""
    order = Order(UNIT, 2018, "et menneske", why)
    pack, _ = check_year_and_unit(house.config, UNIT, 2018)
    ledger = await read_ledger(house.kafka, house.config.topics.rapport)
    emisjon, slag = decide(order, house.config, pack, ledger, now)
    await give(house.config, order, emisjon, slag, now)
    return slag


async def stands(house: House, run: Kjoring, now: datetime, state: str) -> None:
    """Wait until the ledger has the run in this state."""

    async def so() -> bool:
        ledger = await read_ledger(house.kafka, house.config.topics.rapport)
        return ledger[run.kjoring].tilstand(now) == state

    await wait_until(so, 30, f"run {run.lopenr} is {state}")


async def dispatches(house: House) -> list[Dispatch]:
    """Every message on both transport topics, put together."""
    found = []
    for topic in (house.config.topics.transport_ipl, house.config.topics.transport_ide):
        assembler = Assembler()
        found += [one for record in await house.records(topic) if (one := assembler.add(record)) is not None]
        assert assembler.incomplete() == []
    return found


async def test_the_whole_january(house: House, clock: Clock) -> None:
    mess, clean = (list(simulate(60, 2018, 3, [(UNIT.kommunenummer, "")], mess=messy)) for messy in (True, False))
    pack, _ = check_year_and_unit(house.config, UNIT, 2018)
    one, other = house.start(*PROGRAM), house.start(*PROGRAM)
    await one.ready()
    await other.ready()
    await house.produce(mess)
    await house.done()
    assert await runs(house) == []

    now = clock.set(NOVEMBER)
    test = await sent(house, 1)
    assert (test.slag, test.emisjon, test.bestilt_av) == ("prove", "test", "kalenderen")

    now = clock.set(JANUARY)
    ordinary = await sent(house, 2)
    assert (ordinary.slag, ordinary.lopenr, ordinary.erstatter) == ("ordinaer", "2", test.kjoring)

    await one.killed()
    await answer(house, ordinary, now, "2", "T02")
    await stands(house, ordinary, now, "avvist")
    now = clock.set(JANUARY + timedelta(hours=2))
    repeat = await sent(house, 3)
    assert (repeat.slag, repeat.arsak, repeat.erstatter) == ("gjentak", "avvist", ordinary.kjoring)
    assert {sent.melding_id for sent in repeat.meldinger}.isdisjoint(sent.melding_id for sent in ordinary.meldinger)

    await house.start(*PROGRAM).ready()
    await answer(house, repeat, now, "1")
    await stands(house, repeat, now, "kvittert")

    # The care office registers every row anew, one version up: what was wrong in it is mended.
    await house.produce(raised(clean))
    await house.done()
    now = clock.set(JANUARY + timedelta(hours=4))
    better = await sent(house, 4)
    assert (better.slag, better.arsak, better.erstatter) == ("gjentak", "rettet", repeat.kjoring)
    fewer = Counter(repeat.resultat["funn"]) - Counter(better.resultat["funn"])
    assert sum(fewer.values()) > 0
    await answer(house, better, now, "1")
    await stands(house, better, now, "kvittert")

    now = clock.set(MARCH)
    assert await ordered(house, "rettet i mars", now) == "rettelse"
    correction = await sent(house, 5)
    assert (correction.slag, correction.erstatter, correction.bestilt_av) == (
        "rettelse",
        better.kjoring,
        "et menneske",
    )

    ledger = await read_ledger(house.kafka, house.config.topics.rapport)
    with pytest.raises(RefusedError, match="rettelser kan sendes"):
        check_closing(pack, ledger, now)
    now = clock.set(APRIL)
    check_closing(pack, ledger, now)
    await the_year_is_closed(house, now)

    await a_lost_ledger_comes_back(house)
    found = await dispatches(house)
    assert Counter(one.kjoring for one in found) == {run.kjoring: 2 for run in await runs(house)}
    assert len({one.melding_id for one in found}) == 10
    assert [run.lopenr for run in await runs(house)] == ["1", "2", "3", "4", "5"]


def raised(records: Sequence[SimulatedRecord]) -> list[SimulatedRecord]:
    """The same registrations, each one a thousand versions newer."""
    newer = []
    for record in records:
        event = json.loads(record.value)
        event["id"] += "-ny"
        if "versjon" in event["data"]:
            event["data"]["versjon"] += 1000
        newer.append(record._replace(value=json.dumps(event).encode()))
    return newer


async def closed(house: House, order: str, now: datetime) -> list[LukketDel]:
    """Order that the year be closed and wait for every partition's proof."""
    await order_closing(house.config, LukkingBestilt(id=order, aar=2018, bestilt_av="et menneske", tidspunkt=now))

    async def done() -> bool:
        closing = (await read_closings(house.config))[2018]
        return all(closing.is_done(number) for number in range(4))

    await wait_until(done, 30, "every partition has closed the year")
    return list((await read_closings(house.config))[2018].deler.values())


async def the_year_is_closed(house: House, now: datetime) -> None:
    """Who has nothing in an open year is gone from the compacted topic; the proof adds up; again changes nothing."""
    before = await house.state()
    proofs = await closed(house, "første", now)
    after = await house.state()
    assert sum(part.personer_for for part in proofs) == len(before)
    assert sum(part.personer_fjernet for part in proofs) == len(before) - len(after) > 0
    rows = [len(Tilstand.decode(state).linjer) for state in before.values()]
    left = [len(Tilstand.decode(state).linjer) for state in after.values()]
    assert sum(part.rader_fjernet for part in proofs) == sum(rows) - sum(left)
    again = await closed(house, "igjen", now)
    assert [(part.personer_fjernet, part.rader_fjernet) for part in again] == [(0, 0)] * 4
    assert await house.state() == after


async def a_lost_ledger_comes_back(house: House) -> None:
    """From the transport topics alone: the same runs with the same numbers and hashes, marked as rebuilt."""
    topics = replace(house.config.topics, rapport=await house.another_topic("gjenopprettet"))
    elsewhere = replace(house.config, topics=topics)
    rebuilt = {run.kjoring: run for run in await rebuild(elsewhere)}
    assert all(run.gjenopprettet for run in rebuilt.values())
    for run in await runs(house):
        again = rebuilt[run.kjoring]
        assert (again.kommando, again.enhet, again.aar, again.lopenr, again.emisjon, again.tidspunkt) == (
            run.kommando,
            run.enhet,
            run.aar,
            run.lopenr,
            run.emisjon,
            run.tidspunkt,
        )
        assert again.meldinger == run.meldinger
    assert await rebuild(elsewhere) == []
