"""The status page of real processes on a real Kafka: from the first moment, through a January, never of a person."""

import json
import os
import re
import signal
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapter.sandbox import KafkaSandbox
from adapter.simulate import SimulatedRecord, simulate
from tests.integration.house import House, Service, wait_until
from tests.integration.test_january import JANUARY, OCTOBER, PROGRAM, SETTINGS, UNIT, Clock, answer, sent

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]


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


async def told(service: Service) -> dict[str, Any]:
    """The facts of the page."""
    code, text = await service.get("/status.json")
    assert code == 200
    found: dict[str, Any] = json.loads(text)
    return found


def unit_of(status: dict[str, Any]) -> dict[str, Any]:
    """The line of our unit."""
    [found] = [one for one in status["enheter"] if one["enhet"] == str(UNIT)]
    assert isinstance(found, dict)
    return found


def of_persons(records: Iterable[SimulatedRecord]) -> set[str]:
    """Person keys, identity numbers and row ids: all that the events tell of a single person by name."""
    found = set()
    for record in records:
        text = record.value.decode(errors="replace")
        found |= {key for key in ((record.key or b"").decode(errors="replace").strip(),) if len(key) > 5}
        found |= {*re.findall(r"(?<!\d)\d{11}(?!\d)", text), *re.findall(r'"registreringsId": ?"([^"]{6,})"', text)}
    return found


async def test_the_page_follows_a_january_and_tells_of_no_single_person(house: House, clock: Clock) -> None:
    records = list(simulate(60, 2018, 3, [(UNIT.kommunenummer, "")], mess=True))
    one, other = house.start(*PROGRAM), house.start(*PROGRAM)
    await one.listening()
    # Before it is ready, before the ledger was read: it answers, and says which.
    code, page = await one.get("/")
    assert code == 200
    assert "Klar" in page or "Ikke klar ennå" in page

    await one.ready()
    await other.ready()
    await house.produce(records)
    await house.done()
    now = clock.set(JANUARY)
    ordinary = await sent(house, 1)

    async def shown() -> bool:
        line = unit_of(await told(one))
        return line["sendt"] is not None and line["sendt"]["tilstand"] == "sendt"

    await wait_until(shown, 30, "the page shows the run that was sent")
    status = await told(one)
    line = unit_of(status)
    assert line["navn"] == "Trondheim"
    assert line["tellinger"]["personer"]["i_ar"] == ordinary.resultat["personer_sendt"] > 5
    assert line["tellinger"]["tjenester"]["i_ar"] == ordinary.resultat["rader_sendt"]["tjeneste"]
    assert line["tellinger"]["funn"]["withhold"] == ordinary.resultat["funn_etter_alvor"]["withhold"]
    assert status["klarhet"]["stilling"] == "klar"
    assert [window["stilling"] for window in status["kalender"]["vinduer"]] == ["lukket", "apent", "apent", "kommer"]
    assert [
        (one["stilling"], one["tilstand"])
        for one in status["kalender"]["oppslag"]
        if (one["slag"], one["enhet"]) == ("ordinaer", str(UNIT))
    ] == [("gjort", "sendt")]

    await answer(house, ordinary, now, "2", "T02")

    async def rejected() -> bool:
        return any("avvist. Feilkoder: T02." in task["tekst"] for task in (await told(one))["oppgaver"])

    await wait_until(rejected, 30, "the page tells of the rejection")

    now = clock.set(JANUARY + timedelta(hours=2))
    repeat = await sent(house, 2)
    await answer(house, repeat, now, "1")

    async def receipted() -> bool:
        return bool(unit_of(await told(one))["sendt"]["tilstand"] == "kvittert")

    await wait_until(receipted, 30, "the page shows the receipt")

    # The ledger is whole on both; what is read is each process's own, and together it is all.
    mine, theirs = await told(one), await told(other)
    assert unit_of(mine)["sendt"] == unit_of(theirs)["sendt"]
    assert [run["kjoring"] for run in mine["kjoringer"]] == [run["kjoring"] for run in theirs["kjoringer"]]
    parts = [each["innlesing"] for each in (mine, theirs)]
    assert {each["partisjoner_i_alt"] for each in parts} == {4}
    assert sum(each["partisjoner"] for each in parts) == 4
    assert sum(sum(each["utfall"].values()) for each in parts) == len(records)
    assert sum(sum(each["stoppet"].values()) for each in parts) == sum(
        record.expected.startswith("parked") for record in records
    )

    names = of_persons(records)
    assert len(names) > 500
    for service in (one, other):
        for path in ("/", "/status.json"):
            _, text = await service.get(path)
            assert len(text) > 3_000
            assert {name for name in names if name in text} == set()
    for service in (one, other):
        await service.get("/")
        assert await service.stopped() == 0
        assert "never retrieved" not in service.log.read_text()


async def test_the_page_answers_while_kafka_hangs_and_says_so(tmp_path: Path, clock: Clock) -> None:
    """A broker that takes connections and answers nothing is worse than one that is gone."""
    with KafkaSandbox.start() as kafka:
        async with House(kafka.bootstrap, tmp_path, settings=SETTINGS) as house:
            service = await house.start(*PROGRAM).ready()
            await house.produce(simulate(20, 2018, 3, [(UNIT.kommunenummer, "")]))
            await house.done()
            clock.set(JANUARY)
            await sent(house, 1)

            async def shown() -> bool:
                return unit_of(await told(service))["sendt"] is not None

            await wait_until(shown, 30, "the page shows the run that was sent")
            [broker] = kafka.brokers
            assert broker.pid is not None
            os.kill(broker.pid, signal.SIGSTOP)
            try:

                async def troubled() -> bool:
                    return bool((await told(service))["regnskap"]["feil"])

                await wait_until(troubled, 90, "the page says that the ledger cannot be read")
                status = await told(service)
                page = (await service.get("/"))[1]
            finally:
                os.kill(broker.pid, signal.SIGCONT)
            [task] = [one for one in status["oppgaver"] if "kan ikke leses" in one["tekst"]]
            assert "Kontroller at Kafka svarer" in task["rad"]
            assert task["tekst"] in page
            assert unit_of(status)["sendt"] is not None

            async def mended() -> bool:
                return not (await told(service))["regnskap"]["feil"]

            await wait_until(mended, 90, "the page has read the ledger again")
