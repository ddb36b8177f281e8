"""The ledger at the command line, against a service that runs: from `runs list` to `year close`.

Two runs of one unit; between them one person with one service is registered, so that what changed can be written down.
The tests stand in the order of a year: the last one closes it.
"""

import asyncio
import getpass
import json
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer

from adapter.ingest.event_lines import STRUCTURED
from adapter.report.closing import read_closings
from adapter.report.ledger import ENDED
from adapter.simulate import SimulatedRecord, simulate
from tests.integration.house import SERVICE, House
from tests.integration.reports import dispatches, ledger
from tests.unit.pair import number_of

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

RECORDS = list(simulate(40, 2018, 5, [("5001", "")], mess=True))
EXAMPLES = Path(__file__).parents[2] / "topics" / "examples"
WORDS = {"COLUMNS": "220", "NO_COLOR": "1"}


class Said(NamedTuple):
    """What a command printed."""

    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Year(NamedTuple):
    """A house, and its two runs as the command line told of them."""

    house: House
    first: dict[str, Any]
    second: dict[str, Any]

    @property
    def short(self) -> tuple[str, str]:
        return self.first["kjoring"][:8], self.second["kjoring"][:8]


async def cli(house: House, *words: str, code: int = 0, **environ: str) -> Said:
    """A command as one types it. It ends with this code, and never with a traceback."""
    asked = await asyncio.create_subprocess_exec(
        SERVICE[0],
        *words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **WORDS, "IPLOS_CONFIG": str(house.file), **environ},
    )
    said = Said(*(stream.decode() for stream in await asked.communicate()))
    assert "Traceback" not in said.out + said.err
    assert asked.returncode == code, said
    return said


def served(name: str, serial: int, **service: str) -> list[SimulatedRecord]:
    """A person and a service as the shipped examples have them. Nothing is wrong but that no score was registered."""
    found = []
    for kind in ("person", "tjeneste"):
        tree = json.loads((EXAMPLES / f"no.kommune.iplos.{kind}.registrert.v1.json").read_text("utf-8"))
        tree["subject"] = name
        tree["data"]["kommunenummer"] = "5001"
        del tree["data"]["bydelsnummer"]
        content = tree["data"]["innhold"]
        if kind == "person":
            del content["bydelsnummer"]
            born = f"{1920 + serial % 70}-{1 + serial % 12:02}-{1 + serial % 28:02}"
            content |= {"kommunenummer": "5001", "fodselsdato": born, "kjonn": "K"}
            content["ident"] = {"nummer": number_of(serial), "type": "1"}
        else:
            content |= service
        found.append(SimulatedRecord(name.encode(), json.dumps(tree).encode(), STRUCTURED, "accepted"))
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def year(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Year]:
    settings = {"kalender": {"pa": False, "takt_sekunder": 0.5}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPLOS_RAPPORT__EKTE_I_TEST", "true")
        folder = tmp_path_factory.mktemp("hovedbok")
        async with House(kafka_bootstrap, folder, partitions=2, settings=settings) as house:
            service = house.start()
            await house.produce([*RECORDS, *served("pas-ble-ferdig", 500, tilDato="2018-06-30")])
            await service.ready()
            words = ["--kommune", "5001", "--year", "2018", "--reason", "første gang", "--json"]
            [first] = (await cli(house, "report", *words)).data
            await house.produce(served("pas-kom-til", 700))
            words = ["--run", first["kjoring"][:8], "--reason", "én kom til", "--json"]
            [second] = (await cli(house, "resend", *words)).data
            yield Year(house, first, second)


async def test_a_resend_has_new_ids_and_the_next_number_and_names_what_it_replaces(year: Year) -> None:
    first, second = year.first, year.second
    assert (first["status"], first["lopenr"], first.get("erstatter", "")) == ("sendt", "1", "")
    assert (second["status"], second["lopenr"], second["erstatter"]) == ("sendt", "2", first["kjoring"])
    assert (first["grunn"], second["grunn"]) == ("første gang", "én kom til")
    assert {run["bestilt_av"] for run in (first, second)} == {getpass.getuser()}
    ids = [{one["melding_id"] for one in run["meldinger"]} for run in (first, second)]
    assert ids[0].isdisjoint(ids[1])
    assert {one.melding_id for one in await dispatches(year.house)} == ids[0] | ids[1]


async def test_a_resend_of_nothing_is_a_usage_error_and_gives_no_command(year: Year) -> None:
    starts, numbers = ("zzzz", ""), (0, 2)
    asked = (cli(year.house, "resend", "--run", start, "--reason", "x", code=2) for start in starts)
    for start, number, said in zip(starts, numbers, await asyncio.gather(*asked), strict=True):
        assert said == ("", f"{number} runs have an id that begins with {start!r}; see `iplos-adapter runs list`\n")
    assert len(await year.house.records(year.house.config.topics.kommando)) == 2


async def test_the_list_has_every_run_the_oldest_first(year: Year) -> None:
    table, narrow, found = await asyncio.gather(
        cli(year.house, "runs", "list"),
        cli(year.house, "runs", "list", COLUMNS="80"),
        cli(year.house, "runs", "list", "--json"),
    )
    assert [(run["kjoring"], run["tilstand"]) for run in found.data] == [
        (run["kjoring"], "sendt") for run in (year.first, year.second)
    ]
    rows = [line for line in table.lines if "5001" in line]
    assert [[one in row for one in year.short] for row in rows] == [[True, False], [True, True]]
    assert all("test" in row and "sendt" in row for row in rows)
    # What one copies is whole, also in a terminal of the ordinary width.
    assert all(one in narrow.out for one in year.short)


async def test_a_run_is_shown_as_the_ledger_has_it(year: Year) -> None:
    said = await cli(year.house, "runs", "show", year.short[1])
    assert said.data == {**year.second, "tilstand": "sendt"}


async def test_a_run_is_explained_in_sentences(year: Year) -> None:
    said = await cli(year.house, "runs", "explain", year.short[1])
    text = " ".join(said.out.split())
    counts = year.second["resultat"]
    for sentence in (
        "om rapport for 5001, 2018 (løpenummer 2).",
        "Grunn: én kom til",
        f"Den erstatter kjøring {year.first['kjoring']}.",
        f"{counts['personer_sendt']} personer og {sum(counts['rader_sendt'].values())} rader er med",
        "Den er sendt, og venter på kvittering.",
    ):
        assert sentence in text
    for one in year.second["meldinger"]:
        assert f"{one['type']} {one['melding_id']}: {one['bytes']} byte, SHA-256 {one['sha256']}, sendt" in text
    assert said.lines[0].startswith(f"{getpass.getuser()} ba ")


async def test_the_difference_of_two_runs_is_the_person_who_came(year: Year) -> None:
    table, found = await asyncio.gather(
        cli(year.house, "runs", "diff", *year.short), cli(year.house, "runs", "diff", *year.short, "--json")
    )
    change = {row["what"]: row["after"] - row["before"] for row in found.data}
    assert change.pop("sjekker") > 0
    assert change == {
        "personer_i_visningen": 1,
        "personer_sendt": 1,
        "rader_i_visningen tjeneste": 1,
        "rader_sendt tjeneste": 1,
        "tjenestemottakere 15": 1,
        # A made-up person in a test, without any score.
        "funn F1": 1,
        "funn T1": 1,
        "funn_etter_alvor warn": 2,
    }
    assert [line for line in table.lines if "personer_sendt" in line and "+1" in line]
    assert "5001 2018: run 1 to 2" in table.out


async def test_no_run_or_several_is_a_usage_error_that_says_how_many(year: Year) -> None:
    whole = await ledger(year.house)
    assert len(whole) == 4
    asked: list[tuple[str, ...]] = [
        ("show", ""),
        ("explain", "zzzz"),
        ("diff", "zzzz", year.short[0]),
    ]
    numbers = [len(whole), 0, 0]
    answers = await asyncio.gather(*(cli(year.house, "runs", *words, code=2) for words in asked))
    for (_, start, *_), number, said in zip(asked, numbers, answers, strict=True):
        assert said.out == ""
        assert said.err == f"{number} runs have an id that begins with {start!r}; see `iplos-adapter runs list`\n"


async def test_the_calendar_of_a_round_that_is_over(year: Year) -> None:
    table, found = await asyncio.gather(cli(year.house, "calendar"), cli(year.house, "calendar", "--json"))
    plan, following = found.data["plan"], found.data["next"]
    assert following is None
    assert {line["aar"] for line in plan} == {2018}
    assert {(line["slag"], line["stilling"]) for line in plan} >= {("ordinaer", "forbi"), ("rettelse", "forbi")}
    assert {line["stilling"] for line in plan} == {"forbi"}
    assert "kalender.pa is false: nothing begins by itself." in table.err
    assert table.lines[-1] == "Next: nothing by itself"
    assert "2. januar 2019 kl. 06.00" in table.out


async def test_the_gaps_of_the_service_are_those_of_the_last_run(year: Year) -> None:
    said = await cli(year.house, "gaps", "--kommune", "5001", "--year", "2018", "--format", "json", code=1)
    [unit] = said.data["enheter"]
    counts = year.second["resultat"]
    names = ("personer_i_visningen", "personer_sendt", "personer_holdt")
    assert [unit["personer"], unit["personer_kan_sendes"], unit["personer_holdes_tilbake"]] == [
        counts[name] for name in names
    ]
    for column, count in (
        ("i_visningen", "rader_i_visningen"),
        ("kan_sendes", "rader_sendt"),
        ("holdes_tilbake", "rader_holdt"),
    ):
        assert {row["radtype"]: row[column] for row in unit["rader"] if row[column]} == counts[count]
    assert "pas-" not in said.out


async def test_runs_that_the_ledger_lost_come_back_and_are_listed(year: Year) -> None:
    house, runs = year.house, (year.first, year.second)
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for run in runs:
            await producer.send_and_wait(house.config.topics.rapport, None, run["kjoring"].encode())
    rebuilt = (await cli(house, "runs", "rebuild", "--json")).data
    listed = (await cli(house, "runs", "list", "--json")).data
    lost = ("kjoring", "kommando", "enhet", "aar", "emisjon", "lopenr", "status", "tidspunkt", "meldinger")
    for found in (rebuilt, listed):
        assert [[run[name] for name in lost] for run in sorted(found, key=lambda run: run["lopenr"])] == [
            [run[name] for name in lost] for run in runs
        ]
        assert all(run["gjenopprettet"] for run in found)


async def test_a_year_that_cannot_be_closed_is_refused_in_a_sentence(year: Year) -> None:
    years = ("2020", "1999")
    answers = await asyncio.gather(*(cli(year.house, "year", "close", one, code=4) for one in years))
    for one, said in zip(years, answers, strict=True):
        assert said.out == ""
        assert one in said.err
        assert said.err.rstrip().endswith((".", ")"))
    assert await read_closings(year.house.config) == {}


async def test_closing_prints_the_proof_and_closing_again_removes_nothing_more(year: Year) -> None:
    before = await year.house.state()
    table = await cli(year.house, "year", "close", "2018", "--timeout", "60")
    after = await year.house.state()
    done = (await read_closings(year.house.config))[2018]
    assert done.bestilt.bestilt_av == getpass.getuser()
    parts = [done.deler[number] for number in (0, 1)]
    assert sum(part.personer_for for part in parts) == len(before)
    assert sum(part.personer_fjernet for part in parts) == len(before) - len(after)
    assert before.keys() - after.keys() >= {"pas-ble-ferdig"}
    assert "pas-kom-til" in after
    assert "2018 closed" in table.out
    for part in parts:
        [row] = [line for line in table.lines if part.sha256_etter[:16] in line]
        cells = [cell.strip() for cell in row.strip("│ ").split("│")]
        assert cells[:-1] == [
            str(number)
            for number in (
                part.partisjon,
                part.personer_for,
                part.personer_fjernet,
                part.personer_beskaret,
                part.rader_fjernet,
            )
        ]
    again = (await cli(year.house, "year", "close", "2018", "--timeout", "60", "--json")).data
    assert again["bestilt"]["id"] != done.bestilt.id
    assert len(again["deler"]) == 2
    for part in again["deler"].values():
        assert (part["personer_fjernet"], part["personer_beskaret"], part["rader_fjernet"]) == (0, 0, 0)
        assert part["sha256_for"] == part["sha256_etter"] == done.deler[part["partisjon"]].sha256_etter
    assert await year.house.state() == after
    assert {run.status for run in (await ledger(year.house)).values()} <= ENDED
