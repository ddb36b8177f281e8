"""Receipts that quote identity numbers wherever a register can write text, and some that are no receipts."""

import uuid
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from adapter.fake_kpr.apprec_writer import Feillinje, Original, Virksomhet, write
from adapter.report.ledger import Sendt
from tests.integration.house import wait_until
from tests.integration.reports import ledger
from tests.security.canary.persons import marked
from tests.security.canary.stage import Stage

WHEN = datetime(2019, 1, 7, 13, 0, tzinfo=UTC)


def quoting(message: Sendt, name: str) -> bytes:
    """A rejection that repeats the number in every text it has."""
    number = marked(f"receipt: {name}").number
    spelled = {"plain": number, "grouped": f"{number[:6]} {number[6:]}", "glued": f"pas{number}"}[name]
    errors = (
        Feillinje("E10", f"Ugyldig fødselsnummer {spelled} i linje 4"),
        Feillinje(spelled, spelled),
        Feillinje("T99", f"fid='{spelled}'"),
    )
    who = Virksomhet(f"Registeret {spelled}", spelled, spelled)
    original = Original(message.melding_id, message.type, WHEN.isoformat(), who, who)
    return write(original, spelled, WHEN, "2", errors)


def stranger(name: str, twist: tuple[str, str] = ("", "")) -> bytes:
    """A receipt of no message of ours; `twist` breaks it."""
    number = marked(f"receipt: {name}").number
    nobody = Virksomhet(number)
    original = Original(number, number, WHEN.isoformat(), nobody, nobody)
    body = write(original, str(uuid.uuid4()), WHEN, "1", ()).decode()
    return body.replace(twist[0], twist[1].format(number)).encode() if twist[0] else body.encode()


# What breaks a receipt of nobody's message.
UNREADABLE: dict[str, tuple[str, str]] = {
    "unknown element": ("<Status ", "<fnr{0}/><Status "),
    "unknown status": ('Status V="1"', 'Status V="{0}"'),
    "no time": (WHEN.isoformat(), "{0}"),
    "document type": ("<AppRec", '<!DOCTYPE x [<!ENTITY a "{0}">]><AppRec'),
    "another root": ("AppRec", "Pasient{0}"),
    "cut off": ("</AppRec>", "<{0}"),
    "no XML": ("<?xml", "{0}"),
}


async def play(stage: Stage) -> None:
    """Both messages of a sent run are answered, badly; then come the strangers."""
    house = stage.house
    [run] = [one for one in (await ledger(house)).values() if one.status == "sendt"]
    answers = [quoting(run.meldinger[0], "plain"), quoting(run.meldinger[1], "grouped")]
    answers += [quoting(run.meldinger[0], "glued"), stranger("of nobody's message")]
    answers += [stranger(name, twist) for name, twist in UNREADABLE.items()]
    headers = [("fnr", marked("receipt: header").number.encode())]
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for body in answers:
            await producer.send_and_wait(house.config.topics.kvittering, body, headers=headers)
    [service] = [one for one in stage.services if one.running]

    async def all_taken() -> bool:
        """The unreadable ones are the last. One that came twice is counted twice."""
        counted = await service.samples("iplos_receipts_total")
        return sum(value for labels, value in counted if labels["taken"] == "unreadable") >= len(UNREADABLE)

    await wait_until(all_taken, 120, "all receipts are taken")
    assert (await ledger(house))[run.kjoring].tilstand(WHEN) == "avvist"
