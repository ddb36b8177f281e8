"""Wrong keys, and rubbish on topics that are ours alone: what cannot be read holds a number, and errors quote.

Played last, when the topics have been looked at: they hold the numbers in clear now.
"""

import json
from collections.abc import Iterable

import msgspec
from aiokafka import AIOKafkaProducer

from adapter.domain.enhet import Enhet
from adapter.domain.tilstand import Linje, Tilstand
from adapter.sealing import new_key_file
from tests.integration.reports import command_for, give
from tests.security.canary.events import UNIT
from tests.security.canary.persons import marked
from tests.security.canary.stage import Stage

TRONDHEIM = Enhet(UNIT)
ASKED = ("--kommune", UNIT, "--year", "2018")


async def wrong_keys(stage: Stage) -> None:
    """A key file of somebody else under the same id, and what is no key file at all."""
    keys = stage.given / "other-keys.toml"
    keys.write_text(new_key_file("n1"))
    assert await stage.service_ends(IPLOS_NOKKELFIL=str(keys)) != 0
    for text in ("{}", 'pseudonym = "{}"\n[[nokler]]\nid = "{}"\nhemmelighet = "{}"\n'):
        keys.write_text(text.replace("{}", marked(f"key file {len(text)}").number))
        assert await stage.service_ends(IPLOS_NOKKELFIL=str(keys)) == 2


async def in_the_ledger(stage: Stage) -> None:
    """The service starts on a ledger that cannot be read, and is asked for a report."""
    number = marked("ledger").number
    run = {"kjoring": number, "kommando": number, "enhet": number, "aar": 2018, "emisjon": number, "status": number}
    await _write(stage, stage.house.config.topics.rapport, [json.dumps(run).encode(), number.encode()], b"a run")
    service = stage.start()
    await service.listening()
    await give(stage.house, await command_for(stage.house, TRONDHEIM, emisjon="ingen"))
    assert await service.ended(within=120) != 0
    assert all(await stage.run(("runs", "list"), ("report", "--dry-run", *ASKED), ("gaps", *ASKED)))


async def in_the_state(stage: Stage) -> None:
    """States that are none; the last one only when somebody looks inside."""
    for value in states():
        await _write(stage, stage.house.state_topic, [value], b"somebody")
        assert await stage.service_ends() != 0
        assert all(await stage.run(("gaps", *ASKED)))


def states() -> Iterable[bytes]:
    """What a person's state is not."""
    number = marked("state").number
    yield number.encode()
    yield msgspec.msgpack.encode([2, False, {f"person/{number}": [number, False, number, "", {"fnr": number}]}])
    inside = msgspec.Raw(msgspec.msgpack.encode({"kommunenummer": number, "kjonn": number}))
    yield Tilstand({"person/x": Linje(1, False, UNIT, "", inside)}).encode()


async def _write(stage: Stage, topic: str, values: Iterable[bytes], key: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=stage.house.kafka.bootstrap) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, key, partition=0)
