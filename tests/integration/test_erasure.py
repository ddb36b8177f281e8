"""A person is forgotten: nothing of them in the state, in no later message, and no late event brings them back.

What was sent before stays where it is: it left the house, and the transport topics have a retention of their own.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
import pytest_asyncio

from adapter.domain.enhet import Enhet
from adapter.domain.records import Person
from adapter.domain.tilstand import Tilstand, split_key
from adapter.ingest.event_lines import STRUCTURED
from adapter.report.ledger import Kjoring
from adapter.simulate import SimulatedRecord, simulate
from tests.integration.house import House, Service
from tests.integration.reports import Emitted, carried_out, command_for, emitted
from tests.unit.pair import elements, number_of

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]

TRONDHEIM = Enhet("5001")
KEY, NUMBER = "pas-skal-glemmes", number_of(700)
EXAMPLES = Path(__file__).parents[2] / "topics" / "examples"
OTHERS = list(simulate(12, 2018, 11, [("5001", "")]))
ROWS = {"person": "p-skal-glemmes", "tjeneste": "t-skal-glemmes", "diagnose": "d-skal-glemmes"}
ERASED = Tilstand(slettet=True).encode()


def event(name: str, number: str, **data: Any) -> SimulatedRecord:
    """The shipped example of this type, about our person and with this in its data."""
    tree = json.loads((EXAMPLES / f"no.kommune.iplos.{name}.v1.json").read_text("utf-8"))
    tree["id"], tree["subject"] = f"sletting-{number}", KEY
    tree["data"] |= {"kommunenummer": "5001"} | data
    tree["data"].pop("bydelsnummer", None)
    return SimulatedRecord(KEY.encode(), json.dumps(tree).encode(), STRUCTURED, "accepted")


def registered(kind: str, versjon: int, **innhold: Any) -> SimulatedRecord:
    """A row of our person."""
    name = f"{kind}.registrert"
    example = json.loads((EXAMPLES / f"no.kommune.iplos.{name}.v1.json").read_text("utf-8"))["data"]["innhold"]
    if kind == "person":
        example |= {"kommunenummer": "5001", "fraDato": "2017-02-01"}
        del example["bydelsnummer"]
    content = example | innhold
    return event(name, f"{kind}-{versjon}", registreringsId=ROWS[kind], versjon=versjon, innhold=content)


def life(versjon: int) -> list[SimulatedRecord]:
    """All that is registered about our person."""
    born = f"{1920 + 700 % 70}-{1 + 700 % 12:02}-{1 + 700 % 28:02}"
    return [
        registered("person", versjon, fodselsdato=born, kjonn="K", ident={"nummer": NUMBER, "type": "1"}),
        registered("tjeneste", versjon, vedtakId="vedtak-skal-glemmes"),
        registered("diagnose", versjon),
    ]


ERASURE = event("person.slettet", "slettet")


class Round(NamedTuple):
    """What was seen before and after the erasure, by the same service."""

    house: House
    service: Service
    state_before: bytes
    run_before: Kjoring
    before: Emitted
    run_after: Kjoring
    after: Emitted


async def reported(house: House) -> tuple[Kjoring, Emitted]:
    (run,) = await carried_out(house, await command_for(house, TRONDHEIM))
    assert run.status == "sendt", run.grunn
    return run, await emitted(house, run)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seen(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Round]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPLOS_RAPPORT__EKTE_I_TEST", "true")
        async with House(kafka_bootstrap, tmp_path_factory.mktemp("sletting"), partitions=2) as house:
            service = house.start()
            await house.produce([*OTHERS, *life(1)])
            await service.ready()
            await house.done()
            state_before = (await house.state())[KEY]
            before = await reported(house)
            await house.produce([ERASURE])
            await house.done()
            after = await reported(house)
            yield Round(house, service, state_before, *before, *after)


def pid_of(pair: Emitted) -> str | None:
    """The number our person goes by in the two messages."""
    return next((str(one.get("pid")) for one in elements(pair.ide, "PasientIdent") if one.get("fid") == NUMBER), None)


def traces(state: bytes) -> set[bytes]:
    """What could tell that a state was this person's: row ids, and the identity as it was sealed and printed."""
    lines = Tilstand.decode(state).linjer
    found = {split_key(name)[1].encode() for name in lines}
    for name, line in lines.items():
        if name.startswith("person/"):
            ident = cast("Person", line.record("person")).ident
            assert ident is not None
            found |= {ident.forseglet, ident.avtrykk}
    return found


async def test_before_the_erasure_the_person_is_there(seen: Round) -> None:
    assert len(traces(seen.state_before)) == len(ROWS) + 2
    assert all(trace in seen.state_before for trace in traces(seen.state_before))
    pid = pid_of(seen.before)
    assert pid is not None
    assert pid in {one.get("pePeID") for one in elements(seen.before.ipl, "PERSON")}


async def test_the_last_record_of_the_key_is_a_bare_mark(seen: Round) -> None:
    mine = [one for one in await seen.house.records(seen.house.state_topic) if one.key == KEY.encode()]
    last = mine[-1].value
    assert last == ERASED
    assert len(ERASED) < 8
    assert not [trace for trace in traces(seen.state_before) if trace in last]
    assert [name for name, _ in mine[-1].headers] == []


async def test_the_person_is_in_no_later_message(seen: Round) -> None:
    pid = pid_of(seen.before)
    assert pid is not None
    for body in seen.after:
        assert NUMBER.encode() not in body
        assert f'"{pid}"'.encode() not in body
    assert pid_of(seen.after) is None


async def test_all_others_are_in_the_later_message_as_before(seen: Round) -> None:
    persons = [{one.get("pePeID") for one in elements(pair.ipl, "PERSON")} for pair in (seen.before, seen.after)]
    assert persons[0] - persons[1] == {pid_of(seen.before)}
    assert persons[1] < persons[0]
    idents = [{one.get("fid") for one in elements(pair.ide, "PasientIdent")} for pair in (seen.before, seen.after)]
    assert idents[0] - idents[1] == {NUMBER}
    assert idents[1] < idents[0]


async def test_the_accounts_and_the_ledger_do_not_tell_who_it_was(seen: Round) -> None:
    counts = [run.resultat["personer_i_visningen"] for run in (seen.run_before, seen.run_after)]
    assert counts[0] - counts[1] == 1
    found = await seen.house.records(seen.house.config.topics.rapport)
    words = (NUMBER.encode(), KEY.encode(), *(one.encode() for one in ROWS.values()))
    assert not [one for one in found for word in words if word in (one.value or b"") + (one.key or b"")]
    said = seen.service.log.read_text("utf-8", "replace")
    assert not [word for word in words if word.decode() in said]


async def test_neither_a_late_event_nor_a_newer_one_nor_a_second_erasure_changes_anything(seen: Round) -> None:
    house = seen.house
    written = len(await house.records(house.state_topic))
    outcomes = await seen.service.outcomes()
    await house.produce([*life(1), *life(900), ERASURE])
    await house.done()
    assert (await house.state())[KEY] == ERASED
    assert len(await house.records(house.state_topic)) == written
    now = await seen.service.outcomes()
    assert now.pop("superseded") - outcomes.pop("superseded", 0) == 2 * len(ROWS)
    assert now.pop("duplicate") - outcomes.pop("duplicate", 0) == 1
    assert now == outcomes
    assert await house.letters() == []
    run, pair = await reported(house)
    assert (pid_of(pair), run.resultat) == (None, seen.run_after.resultat)


async def test_a_process_that_starts_anew_has_forgotten_too(seen: Round) -> None:
    house = seen.house
    assert await asyncio.wait_for(seen.service.stopped(20), 30) == 0
    other = await house.start().ready()
    await house.produce(life(901))
    await house.done()
    assert (await house.state())[KEY] == ERASED
    assert await other.outcomes() == {"superseded": len(ROWS)}
