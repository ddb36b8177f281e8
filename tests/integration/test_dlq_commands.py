"""`iplos-adapter dlq` and `audit` as one types them, against a Kafka."""

import getpass
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapter import __version__
from adapter.domain.outcome import Parked
from adapter.ingest.cloudevent import Delivered
from adapter.kafka.offsets import end_offsets
from adapter.letters.letter import Origin
from tests.integration.dead_letters import lying, park, parts_of
from tests.integration.house import House, events
from tests.integration.test_ledger_commands import cli

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]

NUMBER = "13813299997"
WHY = ("--reason", "melding fra EPJ")


@pytest.fixture
async def house(kafka_bootstrap: str, tmp_path: Path) -> AsyncIterator[House]:
    async with House(kafka_bootstrap, tmp_path, partitions=1) as one:
        yield one


async def three_letters(house: House) -> None:
    """Two of Trondheim, one of which has an identity number where none should be; one of nobody."""
    for n, (value, parked) in enumerate(
        [
            (f'{{"data":{{"kommunenummer":"5001","registreringsId":"{NUMBER}"}}}}', Parked("identity-in-clear")),
            ('{"data":{"kommunenummer":"5001"}}', Parked("missing-field", "versjon")),
            ("{", Parked("not-json")),
        ]
    ):
        origin = Origin(house.bus, 0, n, 1_515_000_000_000)
        await park(house, parts_of(origin, Delivered(b"pas-1", value.encode()), parked, house.sealer))


async def test_what_an_older_version_parked_is_replayed_with_one_command(house: House) -> None:
    records = [one for one in events(5) if one.expected == "accepted"]
    for n, one in enumerate(records):
        origin = Origin(house.bus, 0, n, 1_515_000_000_000)
        await park(house, parts_of(origin, one.delivered, Parked("out-of-bounds"), house.sealer, version="0.0.9"))
    await park(house, parts_of(Origin(house.bus, 0, 999, 1), records[0].delivered, Parked("not-json"), house.sealer))
    await house.start().ready()
    said = await cli(house, "dlq", "replay", "--older-version", "--really", "--json")
    assert (said.data["total"], said.data["replayed"]) == (len(records), len(records))
    await house.done()
    assert await house.state() == house.model(records).states
    (left,) = await lying(house)
    assert left.head.version == __version__


async def test_letters_are_counted_and_listed_without_what_they_hold(house: House) -> None:
    assert "0 letters" in (await cli(house, "dlq", "list")).out
    assert (await cli(house, "dlq", "list", "--json")).data == {
        "letters": [],
        "counts": [],
        "total": 0,
        "dealt_with": {},
    }
    await three_letters(house)
    listed = (await cli(house, "dlq", "list", "--json", code=1)).data
    assert [(one["origin"], one["code"], one["field"], one["unit"]) for one in listed["letters"]] == [
        (f"{house.bus}/0/0", "identity-in-clear", "", "5001"),
        (f"{house.bus}/0/1", "missing-field", "versjon", "5001"),
        (f"{house.bus}/0/2", "not-json", "", ""),
    ]
    assert {(one["code"], one["unit"], one["letters"]) for one in listed["counts"]} == {
        ("identity-in-clear", "5001", 1),
        ("missing-field", "5001", 1),
        ("not-json", "", 1),
    }
    said = await cli(house, "dlq", "list", "--kommune", "5001", "--limit", "1", code=1, COLUMNS="60")
    assert "2 letters, 1 printed one by one" in said.out
    # What one copies is whole, in a narrow terminal too.
    assert any(line.startswith(f"{house.bus}/0/0  ") for line in said.lines)
    assert NUMBER not in json.dumps(listed) + said.out


async def test_what_a_letter_holds_is_shown_on_demand_masked_and_audited(house: House) -> None:
    await three_letters(house)
    first = ("dlq", "show", "--origin", f"{house.bus}/0/0")
    heads = await cli(house, *first)
    assert "registreringsId" not in heads.out
    assert (await cli(house, "audit", "list", "--json")).data == []

    masked = await cli(house, *first, "--payload", *WHY)
    assert '"registreringsId":"***9997"' in masked.out
    assert NUMBER not in masked.out
    whole = await cli(house, *first, "--payload", "--unmasked", "--json", *WHY)
    assert NUMBER in whole.data["letters"][0]["value"]
    entries = (await cli(house, "audit", "list", "--json")).data
    assert [(one["handling"], one["gjelder"], one["hvem"], one["grunn"]) for one in entries] == [
        ("dlq-show", [f"{house.bus}/0/0"], getpass.getuser(), WHY[1]),
        ("dlq-show-unmasked", [f"{house.bus}/0/0"], getpass.getuser(), WHY[1]),
    ]
    assert "dlq-show-unmasked" in (await cli(house, "audit", "list")).out
    assert "no such letter" in (await cli(house, "dlq", "show", "--origin", f"{house.bus}/0/7", code=1)).err


async def test_a_replay_tells_what_would_become_of_each_and_does_nothing_until_told(house: House) -> None:
    await three_letters(house)
    before = await end_offsets(house.kafka, house.bus)
    told = (await cli(house, "dlq", "replay", "--json", code=1)).data
    assert (told["total"], told["would_be_replayed"]) == (3, 0)
    assert {(one["code"], one["verdict"]) for one in told["letters"]} == {
        ("identity-in-clear", "parked-again"),
        ("missing-field", "parked-again"),
        ("not-json", "parked-again"),
    }
    assert "3 of 3 letters would be replayed" in (await cli(house, "dlq", "replay", "--also-broken")).out
    assert "1 of 1 letters would be discarded" in (await cli(house, "dlq", "discard", "--code", "not-json")).out
    assert (await end_offsets(house.kafka, house.bus), await house.marks()) == (before, [])
    assert (await cli(house, "audit", "list", "--json")).data == []
    done = await cli(house, "dlq", "discard", "--code", "not-json", "--really", "--reason", "testfil")
    assert "1 of 1 letters discarded" in done.out
    assert "2 letters, 2 printed one by one; discarded: 1" in (await cli(house, "dlq", "list", code=1)).out


@pytest.mark.parametrize(
    "command",
    [
        ("show", "--payload", *WHY),
        ("show", "--payload", "--unmasked", "--json", *WHY),
        ("replay", "--also-broken", "--really"),
        ("discard", "--code", "identity-in-clear", "--really", *WHY),
    ],
    ids=" ".join,
)
async def test_what_cannot_be_written_in_the_audit_is_neither_shown_nor_done(
    kafka_bootstrap: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    async with House(kafka_bootstrap, tmp_path, partitions=1, without=["revisjon"]) as house:
        await three_letters(house)
        said = await cli(house, "dlq", *command, code=3)
        assert (said.out, "revisjon is not there: run `iplos-adapter topics apply`" in said.err) == ("", True)
        assert (await house.records(house.bus), await house.marks()) == ([], [])
