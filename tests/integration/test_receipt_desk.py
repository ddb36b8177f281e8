"""A receipt on its way into the ledger: matched, repeated, unmatched or unreadable, and what the run then is.

The desk is asked directly; the runs it finds are written by the tests.
"""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from adapter.fake_kpr.apprec_writer import write_apprec
from adapter.host.ticks import show_runs
from adapter.kafka.clients import plain_producer
from adapter.message.apprec import Kvitteringsleser
from adapter.ops.metrics import Metrics
from adapter.report.ledger import Kjoring, Sendt, encode
from adapter.report.pair_run import message_id
from adapter.report.receipts import ReceiptDesk
from adapter.shipped import shipped
from tests.integration.house import House
from tests.integration.reports import ledger

pytestmark = [pytest.mark.kafka, pytest.mark.asyncio(loop_scope="module")]

SENT_AT = datetime(2019, 1, 7, 12, 0, tzinfo=UTC)
SOON = SENT_AT + timedelta(hours=1)
DEADLINE = SENT_AT + timedelta(hours=96)
LATE = DEADLINE + timedelta(hours=5)
READER = Kvitteringsleser(shipped("schemas"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Topics and settings; no service runs, so that nobody else takes receipts."""
    async with House(kafka_bootstrap, tmp_path_factory.mktemp("kvittering"), partitions=1) as house:
        yield house


class Case:
    """A run in the ledger, a desk of its own, and metrics that start at zero."""

    def __init__(self, house: House, run: Kjoring) -> None:
        self._house = house
        self.sent = run
        self.metrics = Metrics()
        self._desk = ReceiptDesk(house.config, READER, self.metrics)

    async def take(self, which: int, status: str, *codes: str, when: datetime = SOON) -> str:
        """The register answers message 0 or 1 of the run."""
        sent = self.sent.meldinger[which]
        return await self._desk.take(write_apprec(sent.melding_id, sent.type, SENT_AT, when, status, codes))

    async def take_bytes(self, body: bytes) -> str:
        return await self._desk.take(body)

    async def run(self) -> Kjoring:
        return (await ledger(self._house))[self.sent.kjoring]

    async def stands(self, now: datetime = SOON) -> str:
        return (await self.run()).tilstand(now)

    async def records(self) -> int:
        """How often the ledger was written to."""
        return len(await self._house.records(self._house.config.topics.rapport))

    def counted(self) -> dict[tuple[str, str], float]:
        """The metric `iplos_receipts_total`, by what became of receipts and what they said."""
        return {
            (sample.labels["taken"], sample.labels["status"]): sample.value
            for family in self.metrics.registry.collect()
            for sample in family.samples
            if sample.name == "iplos_receipts_total"
        }


async def begun(house: House, **fields: Any) -> Case:
    """A case with a run that was sent, unless told otherwise."""
    name = str(uuid.uuid4())
    sound: dict[str, Any] = {
        "kjoring": name,
        "kommando": str(uuid.uuid4()),
        "bestilt_av": "en test",
        "enhet": "5001",
        "aar": 2018,
        "emisjon": "test",
        "lopenr": "1",
        "tidspunkt": SENT_AT,
        "status": "sendt",
        "meldinger": [
            Sendt(melding_id=message_id(name, "ipl"), type="KPR_IPL", bytes=1, sha256="", deler=1),
            Sendt(melding_id=message_id(name, "ide"), type="KPR_IDE", bytes=1, sha256="", deler=1),
        ],
    }
    run = Kjoring(**sound | fields)
    producer = plain_producer(house.kafka)
    await producer.start()
    try:
        await producer.send_and_wait(house.config.topics.rapport, encode(run), key=run.kjoring.encode())
    finally:
        await producer.stop()
    return Case(house, run)


async def test_both_messages_receipted_is_a_receipted_run(house: House) -> None:
    case = await begun(house)
    assert await case.take(0, "ok") == "matched"
    assert await case.stands() == "sendt"
    assert await case.take(1, "ok") == "matched"
    assert await case.stands() == "kvittert"
    assert case.counted() == {("matched", "ok"): 2}


async def test_all_else_that_the_ledger_knows_of_the_run_stays(house: House) -> None:
    case = await begun(house, grunn="en grunn", resultat={"funn": {"S3": 2}}, offsets={"0": 7}, erstatter="en annen")
    await case.take(0, "ok-med-feil", "E10")
    run = await case.run()
    assert [one.melding_id for one in run.svar] == [case.sent.meldinger[0].melding_id]
    assert encode(run) != encode(case.sent)
    assert (run.grunn, run.resultat, run.offsets, run.erstatter, run.meldinger) == (
        case.sent.grunn,
        case.sent.resultat,
        case.sent.offsets,
        case.sent.erstatter,
        case.sent.meldinger,
    )


async def test_the_same_receipt_again_is_counted_and_written_once(house: House) -> None:
    case = await begun(house)
    assert await case.take(0, "ok") == "matched"
    written = await case.records()
    assert await case.take(0, "ok") == "repeated"
    assert await case.take(0, "ok") == "repeated"
    assert await case.records() == written
    assert len((await case.run()).svar) == 1
    assert case.counted() == {("matched", "ok"): 1, ("repeated", "ok"): 2}


async def test_a_second_receipt_of_the_same_kind_is_kept_and_changes_nothing(house: House) -> None:
    case = await begun(house)
    await case.take(0, "ok")
    await case.take(1, "ok")
    assert await case.take(0, "ok", when=SOON + timedelta(minutes=1)) == "matched"
    run = await case.run()
    status = run.messages(SOON)[run.meldinger[0].melding_id]
    assert (run.tilstand(SOON), status.doble, status.motstridende) == ("kvittert", 1, False)


async def test_a_receipt_of_nobody_s_message_is_counted_and_writes_nothing(house: House) -> None:
    case = await begun(house)
    written = await case.records()
    stranger = write_apprec(str(uuid.uuid4()), "KPR_IPL", SENT_AT, SOON, "avvist", ["T02"])
    assert await case.take_bytes(stranger) == "unmatched"
    assert await case.records() == written
    assert await case.stands() == "sendt"
    assert case.counted() == {("unmatched", "avvist"): 1}


@pytest.mark.parametrize("status", ["planlagt", "bygget", "nektet", "feilet", "prøvd"])
async def test_a_run_that_was_never_sent_is_answered_by_nobody(house: House, status: str) -> None:
    case = await begun(house, status=status)
    assert await case.take(0, "ok") == "unmatched"
    assert (await case.run()).svar == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"\xff\xfe\x00",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b"<AppRec/>",
        write_apprec("m", "KPR_IPL", SENT_AT, SOON, "ok").replace(b'<Status V="1"', b'<Status V="7"'),
        write_apprec("m", "KPR_IPL", SENT_AT, SOON, "ok")[:-20],
    ],
    ids=["empty", "text", "bytes", "entity", "other-namespace", "status-7", "cut-off"],
)
async def test_what_cannot_be_read_is_counted_and_the_next_receipt_is_taken(house: House, body: bytes) -> None:
    case = await begun(house)
    assert await case.take_bytes(body) == "unreadable"
    assert await case.take(0, "ok") == "matched"
    assert case.counted() == {("unreadable", ""): 1, ("matched", "ok"): 1}


@pytest.mark.parametrize("written_as", ["{%s}", " %s\n", "%s"])
async def test_a_message_id_is_known_in_any_spelling(house: House, written_as: str) -> None:
    case = await begun(house)
    sent = case.sent.meldinger[0]
    body = write_apprec(written_as % sent.melding_id.upper(), sent.type, SENT_AT, SOON, "ok")
    assert await case.take_bytes(body) == "matched"


@pytest.mark.parametrize("which", [0, 1])
async def test_one_rejected_message_is_a_rejected_pair_with_its_codes(house: House, which: int) -> None:
    case = await begun(house)
    await case.take(1 - which, "ok")
    await case.take(which, "avvist", "T02", "E10", "T02")
    run = await case.run()
    assert run.tilstand(SOON) == "avvist"
    states = run.messages(SOON)
    assert states[run.meldinger[which].melding_id].feil == ("E10", "T02")
    assert states[run.meldinger[1 - which].melding_id].feil == ()


async def test_a_rejected_message_does_not_wait_for_the_other(house: House) -> None:
    case = await begun(house)
    await case.take(0, "avvist", "T02")
    assert await case.stands() == "avvist"
    assert await case.stands(LATE) == "avvist"


async def test_ok_with_errors_is_kept_apart_from_ok(house: House) -> None:
    case = await begun(house)
    await case.take(0, "ok")
    await case.take(1, "ok-med-feil", "E31")
    run = await case.run()
    assert run.tilstand(SOON) == "kvittert-med-feil"
    assert run.messages(SOON)[run.meldinger[1].melding_id].feil == ("E31",)


@pytest.mark.parametrize("order", [("ok", "avvist"), ("avvist", "ok")])
async def test_contradicting_receipts_are_a_rejection_that_says_so(house: House, order: tuple[str, str]) -> None:
    case = await begun(house)
    await case.take(1, "ok")
    for minutes, status in enumerate(order):
        codes = ("T02",) if status == "avvist" else ()
        assert await case.take(0, status, *codes, when=SOON + timedelta(minutes=minutes)) == "matched"
    run = await case.run()
    status_of_first = run.messages(SOON)[run.meldinger[0].melding_id]
    assert run.tilstand(SOON) == "avvist"
    assert (status_of_first.motstridende, status_of_first.alarm, status_of_first.feil) == (True, True, ("T02",))


async def test_silence_for_96_hours_is_unanswered_and_a_late_ok_heals_it(house: House) -> None:
    case = await begun(house)
    assert await case.stands(DEADLINE - timedelta(seconds=1)) == "sendt"
    assert await case.stands(DEADLINE) == "ubesvart"
    await case.take(0, "ok", when=LATE)
    assert await case.stands(LATE) == "ubesvart"
    await case.take(1, "ok")
    run = await case.run()
    assert run.tilstand(LATE) == "kvittert"
    assert [one.sen for one in run.messages(LATE).values()] == [True, False]


async def test_two_desks_at_once_lose_no_receipt(house: House) -> None:
    case = await begun(house)
    other = Case(house, case.sent)
    await case.take(0, "ok")
    await other.take(1, "ok")
    await case.take(1, "ok")
    assert await case.stands() == "kvittert"
    assert case.counted() == {("matched", "ok"): 1, ("repeated", "ok"): 1}


def shown(case: Case) -> dict[tuple[str, str], float]:
    """The gauge `iplos_report_run_state`, by unit and state."""
    return {
        (sample.labels["unit"], sample.labels["state"]): sample.value
        for family in case.metrics.registry.collect()
        for sample in family.samples
        if sample.name == "iplos_report_run_state"
    }


async def test_the_gauge_shows_the_state_of_each_unit_s_newest_sent_run(house: House) -> None:
    old = await begun(house, enhet="0301-03")
    newer = await begun(house, enhet="0301-03", tidspunkt=SENT_AT + timedelta(hours=2), lopenr="2")
    refused = await begun(house, enhet="0301-03", tidspunkt=SENT_AT + timedelta(hours=3), status="nektet")
    other = await begun(house, enhet="0301-12")
    await old.take(0, "avvist", "T02")
    await other.take(0, "ok")
    await other.take(1, "ok")
    mine = {one.sent.kjoring for one in (old, newer, refused, other)}

    async def look(now: datetime) -> dict[tuple[str, str], float]:
        show_runs(newer.metrics, {name: run for name, run in (await ledger(house)).items() if name in mine}, now)
        return shown(newer)

    assert await look(SOON) == {("0301-03", "sendt"): 1, ("0301-12", "kvittert"): 1}
    assert await look(LATE) == {("0301-03", "ubesvart"): 1, ("0301-12", "kvittert"): 1}
    await newer.take(0, "ok", when=LATE)
    await newer.take(1, "avvist", "T02", when=LATE)
    assert await look(LATE) == {("0301-03", "avvist"): 1, ("0301-12", "kvittert"): 1}
    show_runs(newer.metrics, {}, LATE)
    assert shown(newer) == {}
