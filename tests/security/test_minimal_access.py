"""The accesses of `topics/topics.toml` are exactly enough.

A whole round passes with them, and each of them is missed when it is gone.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from adapter.fake_kpr.apprec_writer import write_apprec
from adapter.kafka.clients import plain_producer
from adapter.kafka.closed_door import is_denial
from adapter.kafka.doors import look
from adapter.kafka.log_reader import read_to_end
from adapter.kafka.offsets import NoSuchTopicError
from adapter.kafka.topic_admin import TopicAdminError
from adapter.report.ledger import Kjoring, read_ledger
from tests.integration.house import events
from tests.security.access_probes import PROBES, Row
from tests.security.acls import Acls
from tests.security.installation import LIMIT, OTHERS, PLAN, Installation, seen

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]


def rows() -> Iterator[Row]:
    """Every operation of every line of the plan, by who, what and which; in the order of `grants`."""
    for acl in PLAN.acl:
        for operation in acl.operations:
            yield acl.who, acl.role or (acl.resource if acl.resource != "topic" else "styring"), operation


ROWS = list(rows())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tried(installed: Callable[[str], Installation]) -> AsyncIterator[tuple[Installation, Acls]]:
    """An installation with all topics, a record in each, and all accesses of the plan."""
    inst = installed("prove")
    await inst.make(*inst.topics.__struct_fields__)
    await inst.make_leader_topic()
    await inst.fill(*inst.topics.__struct_fields__)
    async with Acls(inst.strong.caretaker) as acls:
        await acls.give(inst.wanted())
        yield inst, acls


async def goes(inst: Installation, who: str, row: Row) -> bool:
    """Whether the call that needs the access goes through; what it was denied by, or finds missing, is no."""
    async with asyncio.timeout(LIMIT):
        try:
            await PROBES[row](inst, who)
        except (TopicAdminError, NoSuchTopicError):
            return False
        except Exception as error:
            if not is_denial(error):
                raise
            return False
    return True


async def comes_to(inst: Installation, row: Row, *, expected: bool) -> None:
    """Until the broker has heard of what was given or taken."""
    deadline = time.monotonic() + LIMIT
    while await goes(inst, row[0], row) is not expected:
        assert time.monotonic() < deadline, f"{row} {'is not enough' if expected else 'is not missed'}"


@pytest.mark.parametrize("number", range(len(ROWS)), ids=["-".join(row) for row in ROWS])
async def test_each_access_is_missed_when_it_is_gone(tried: tuple[Installation, Acls], number: int) -> None:
    inst, acls = tried
    row, grant = ROWS[number], inst.wanted()[number]
    assert row in PROBES, "a new access needs a probe: what of the program breaks without it?"
    await comes_to(inst, row, expected=True)
    await acls.take([grant])
    try:
        await comes_to(inst, row, expected=False)
    finally:
        await acls.give([grant])
    await comes_to(inst, row, expected=True)


async def test_no_probe_is_for_an_access_that_is_not_planned() -> None:
    assert set(PROBES) == set(ROWS)


OWN = [number for number, row in enumerate(ROWS) if row[0] == "adapter"]


@pytest.mark.parametrize("number", OWN, ids=["-".join(ROWS[number]) for number in OWN])
async def test_the_door_tells_of_each_access_the_service_lacks(tried: tuple[Installation, Acls], number: int) -> None:
    inst, acls = tried
    grant = inst.wanted()[number]
    mine = [one for one in inst.wanted() if one.who == "adapter"]
    access = inst.config("adapter").kafka
    await acls.take([grant])
    try:
        told = await seen(lambda: look(access, mine), lambda problem: problem is not None)
    finally:
        await acls.give([grant])
    assert told is not None
    assert told.code == f"{grant.resource.replace('_', '-')}-denied"
    assert told.refused
    assert f"no access {grant.operation} to {grant.resource.replace('_', ' ')} {grant.name}" in told.text
    await seen(lambda: look(access, mine), lambda problem: problem is None)


async def test_a_whole_round_passes_with_the_accesses_of_the_plan(
    installed: Callable[[str], Installation], tmp_path: Path
) -> None:
    """Topics by drift, service by adapter, events by epj, messages and receipts by the transports, gaps, closing."""
    inst = installed("runde")
    await inst.make(*OTHERS)
    async with Acls(inst.strong.caretaker) as acls:
        await acls.give(inst.wanted())
    await seen(lambda: inst.cli("drift", "topics", "apply"), lambda done: done.returncode == 0)
    await inst.did("drift", "topics", "check")
    service = await inst.start(IPLOS_KAFKA__DOR_SEKUNDER="60").ready(within=90)
    await produce(inst, "epj", "buss", [(one.key, one.value, one.headers) for one in events(60)])
    told = json.loads(await inst.did("drift", "report", "--kommune", "5001", "--year", "2018", "--json"))
    run = await newest(inst)
    assert [one["kjoring"] for one in told] == [run.kjoring]

    for who, sent in zip(("transport-ipl", "transport-ide"), run.meldinger, strict=True):
        await inst.did(who, "transport", "fetch", "--type", sent.type, "--out", str(tmp_path / who))
        (file,) = (tmp_path / who).iterdir()
        assert file.stat().st_size == sent.bytes
        receipt = write_apprec(sent.melding_id, sent.type, run.tidspunkt, run.tidspunkt + timedelta(hours=1), "ok")
        await produce(inst, who, "kvittering", [(b"k", receipt, [])])
    now = datetime.now(UTC)
    await seen(lambda: newest(inst), lambda found: found.tilstand(now) == "kvittert")

    assert run.kjoring in await inst.did("drift", "runs", "list", "--json")
    assert run.kjoring in await inst.did("drift", "runs", "show", run.kjoring)
    gaps = await inst.cli("mangelrapport", "gaps", "--kommune", "5001", "--year", "2018", "--format", "json")
    assert gaps.returncode in {0, 1}, gaps.stderr
    assert json.loads(gaps.stdout)["enheter"]
    letters = [one async for one in read_to_end(inst.config("drift").kafka, inst.topics.avvist)]
    assert sum(len(chunk.records) for chunk in letters) > 0
    closed = json.loads(await inst.did("drift", "year", "close", "2018", "--json"))
    assert len(closed["deler"]) == 2
    assert service.said("no access to Kafka") == []
    assert await service.stopped(60) == 0


@pytest.mark.parametrize(("who", "other"), [("transport-ipl", "KPR_IDE"), ("transport-ide", "KPR_IPL")])
async def test_neither_transport_can_fetch_the_others_messages(
    tried: tuple[Installation, Acls], tmp_path: Path, who: str, other: str
) -> None:
    inst, _ = tried
    done = await inst.cli(who, "transport", "fetch", "--type", other, "--out", str(tmp_path))
    assert done.returncode == 4
    assert "Kafka denies access to topic" in done.stderr
    assert not [*tmp_path.iterdir()]  # noqa: ASYNC240  # nothing else runs


async def produce(
    inst: Installation,
    who: str,
    role: str,
    records: Sequence[tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes | None]]]],
) -> None:
    producer = plain_producer(inst.config(who).kafka)
    await producer.start()
    try:
        topic = getattr(inst.topics, role)
        sent = [await producer.send(topic, value, key, headers=list(headers)) for key, value, headers in records]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def newest(inst: Installation) -> Kjoring:
    """The run of a unit, as drift sees the ledger."""
    runs = await read_ledger(inst.config("drift").kafka, inst.topics.rapport)
    return next(run for run in runs.values() if run.meldinger)
