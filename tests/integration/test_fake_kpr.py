"""The stand-in on a real Kafka: what is on the transport topics is answered as it was told to, once."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapter.fake_kpr.behaviour import parse_plans
from adapter.fake_kpr.desk import Desk, Regnskap
from adapter.fake_kpr.service import GARBAGE, FakeKpr, Options
from adapter.kafka.clients import plain_producer
from adapter.kafka.log_reader import Record, read_to_end
from adapter.message.apprec import Kvittering, KvitteringError, Kvitteringsleser
from adapter.sandbox.topics import OwnTopics
from adapter.settings.config import Kafka, Topics
from adapter.shipped import shipped

pytestmark = pytest.mark.kafka

EXAMPLES = Path(__file__).parents[1] / "golden" / "eksempler"
IPL, IDE = ((EXAMPLES / f"sending-{kind}.xml").read_bytes() for kind in ("ipl", "ide"))
IPL_ID, IDE_ID = "0b2f3a54-7d0e-4b8c-9f2c-5f4b1f0c9a01", "0b2f3a54-7d0e-4b8c-9f2c-5f4b1f0c9a02"
OTHER_ID = "0b2f3a54-7d0e-4b8c-9f2c-5f4b1f0c9a09"
OTHER = IPL.replace(IPL_ID.encode(), OTHER_ID.encode())
LESER = Kvitteringsleser(shipped("schemas"))
SOON = 30


class Transport:
    """Topics of one's own, and what is put on them."""

    def __init__(self, access: Kafka, topics: Topics, out: Path) -> None:
        self.access = access
        self.topics = topics
        self.out = out

    async def put(self, body: bytes, melding_id: str, size: int = 1500, **headers: str) -> None:
        """A message in parts, as the adapter emits it."""
        ident = melding_id == IDE_ID
        parts = [body[start : start + size] for start in range(0, len(body), size)]
        common = {
            "melding-id": melding_id,
            "meldingstype": "KPR_IDE" if ident else "KPR_IPL",
            "enhet": "9901-05",
            "aar": "2018",
            "kjoring": "kjoring-1",
            "modus": "test",
            "deler": str(len(parts)),
            "sha256": hashlib.sha256(body).hexdigest(),
            "content-type": "application/xml",
        } | headers
        topic = self.topics.transport_ide if ident else self.topics.transport_ipl
        producer = plain_producer(self.access)
        async with producer:
            for number, part in enumerate(parts, start=1):
                own = {"del": str(number), "sha256-del": hashlib.sha256(part).hexdigest()}
                encoded = [(name, text.encode()) for name, text in (common | own).items()]
                await producer.send_and_wait(topic, part, key=melding_id.encode(), headers=encoded)

    def register(self, behave: Sequence[str] = (), options: Options | None = None) -> FakeKpr:
        return FakeKpr(self.access, self.topics, Desk(self.out, parse_plans(behave)), options)

    async def answered(self, *behave: str, once: int = 1) -> Regnskap:
        """Let the stand-in deal with so many messages."""
        return await asyncio.wait_for(self.register(behave, Options(once=once)).run(), SOON)

    async def records(self) -> list[Record]:
        return [record async for chunk in read_to_end(self.access, self.topics.kvittering) for record in chunk.records]

    async def receipts(self) -> list[Kvittering]:
        return [LESER.read(record.value or b"") for record in await self.records()]


@pytest.fixture
async def transport(kafka_bootstrap: str, new_topic: OwnTopics, tmp_path: Path) -> Transport:
    names = {role: await new_topic(role) for role in ("transport_ipl", "transport_ide", "kvittering")}
    return Transport(Kafka(bootstrap=kafka_bootstrap), Topics(**names), tmp_path)


async def test_a_pair_is_put_together_kept_and_receipted(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.put(IDE, IDE_ID)
    counted = await transport.answered(once=2)
    assert {one.original_id: one.status for one in await transport.receipts()} == {IPL_ID: "ok", IDE_ID: "ok"}
    assert {record.key for record in await transport.records()} == {IPL_ID.encode(), IDE_ID.encode()}
    assert (transport.out / "KPR_IPL" / f"{IPL_ID}.xml").read_bytes() == IPL
    assert (counted.par, counted.par_med_feil, counted.faultless) == (1, 0, True)


async def test_a_pair_that_does_not_fit_is_told_but_not_rejected(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.put(IDE.replace(b'lopenr="7"', b'lopenr="8"'), IDE_ID)
    counted = await transport.answered(once=2)
    assert [one.status for one in await transport.receipts()] == ["ok", "ok"]
    assert (counted.par_med_feil, counted.faultless) == (1, False)


async def test_an_invalid_message_is_rejected(transport: Transport) -> None:
    await transport.put(IPL.replace(b"<iiInnhType>P", b"<iiInnhType>X"), IPL_ID)
    counted = await transport.answered()
    [found] = await transport.receipts()
    assert (found.status, [one.kode for one in found.feil]) == ("avvist", ["T02"])
    assert counted.ugyldige == 1


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("ok", [("ok", ())]),
        ("reject:E21", [("avvist", ("E21",))]),
        ("silent", []),
        ("twice", [("ok", ()), ("ok", ())]),
        ("contradict:T02", [("ok", ()), ("avvist", ("T02",))]),
        ("late:1", [("ok", ())]),
    ],
)
async def test_it_behaves_as_it_is_told(
    transport: Transport, word: str, said: list[tuple[str, tuple[str, ...]]]
) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.answered(word)
    found = [one.svar() for one in await transport.receipts()]
    assert [(one.status, one.feil) for one in found] == said
    assert len({one.id for one in found}) == len(said)
    assert all(one.melding_id == IPL_ID for one in found)


async def test_garbage_is_no_receipt(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.answered("garbage")
    [record] = await transport.records()
    assert (record.key, record.value) == (IPL_ID.encode(), GARBAGE)
    with pytest.raises(KvitteringError):
        LESER.read(GARBAGE)


async def test_a_late_answer_holds_up_nobody_and_comes_after_its_time(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.put(OTHER, OTHER_ID)
    started = time.monotonic()
    await transport.answered("late:2,ok", once=2)
    assert time.monotonic() - started >= 2
    assert [one.original_id for one in await transport.receipts()] == [OTHER_ID, IPL_ID]


async def test_a_type_may_behave_by_itself(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.put(IDE, IDE_ID)
    await transport.answered("ok", "KPR_IDE=reject:E10", once=2)
    said = {one.original_type: one.status for one in await transport.receipts()}
    assert said == {"KPR_IPL": "ok", "KPR_IDE": "avvist"}


async def test_a_copy_is_kept_out_and_receipted_once(transport: Transport) -> None:
    for _ in range(3):
        await transport.put(IPL, IPL_ID)
    await transport.put(OTHER, OTHER_ID)
    counted = await transport.answered(once=2)
    assert [one.original_id for one in await transport.receipts()] == [IPL_ID, OTHER_ID]
    assert (counted.meldinger, counted.kopier) == (2, 2)


async def test_started_again_it_answers_only_what_has_no_receipt(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.put(OTHER, OTHER_ID)
    await transport.answered("ok,silent", once=2)
    assert [one.original_id for one in await transport.receipts()] == [IPL_ID]
    await transport.answered("ok", once=1)
    assert [one.original_id for one in await transport.receipts()] == [IPL_ID, OTHER_ID]


async def test_a_broken_dispatch_is_told_and_the_next_is_answered(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID, sha256="0" * 64)
    await transport.put(OTHER, OTHER_ID)
    counted = await transport.answered()
    assert [one.original_id for one in await transport.receipts()] == [OTHER_ID]
    assert (counted.odelagte, counted.faultless) == (1, False)


async def test_what_was_sent_for_real_is_answered_only_when_it_is_asked_for(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID, modus="produksjon")
    counted = await transport.answered()
    assert (counted.produksjon, await transport.records()) == (1, [])
    await asyncio.wait_for(transport.register((), Options(once=1, production=True)).run(), SOON)
    assert [one.original_id for one in await transport.receipts()] == [IPL_ID]


async def test_it_waits_for_messages_until_it_is_stopped(transport: Transport) -> None:
    register = transport.register()
    running = asyncio.create_task(register.run())
    await transport.put(IPL, IPL_ID)
    deadline = time.monotonic() + SOON
    while not await transport.records():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    register.stop()
    counted = await asyncio.wait_for(running, SOON)
    assert counted.svar == {"ok": 1}


async def test_the_command_answers_and_its_exit_code_tells_of_faults(transport: Transport) -> None:
    await transport.put(IPL, IPL_ID)
    await transport.put(IDE.replace(b'fid="15825041211"', b""), IDE_ID)
    names = {f"IPLOS_TOPICS__{role.upper()}": getattr(transport.topics, role) for role in Topics.__struct_fields__}
    env = {**os.environ, **names, "IPLOS_KAFKA__BOOTSTRAP": transport.access.bootstrap}
    command = [str(Path(sys.executable).with_name("iplos-adapter")), "fake-kpr", "--once", "2", "--json"]
    ended = await asyncio.to_thread(
        subprocess.run, [*command, "--out", str(transport.out)], env=env, capture_output=True, check=False, timeout=60
    )
    assert ended.returncode == 1, ended.stderr
    assert json.loads(ended.stdout)["svar"] == {"ok": 1, "T02": 1}
    assert b"15825041211" not in ended.stdout + ended.stderr
    assert b"03894541279" not in ended.stdout + ended.stderr
