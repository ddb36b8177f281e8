"""Commands with an identity number where it does not belong, straight onto the topic: past every check of the command
line.
"""

import json
import uuid
from typing import Any

from aiokafka import AIOKafkaProducer

from adapter.domain.enhet import Enhet
from adapter.report.command import encode
from tests.integration.reports import carried_out, command_for, ended
from tests.security.canary.events import UNIT
from tests.security.canary.persons import marked
from tests.security.canary.stage import Stage

TRONDHEIM = Enhet(UNIT)

# Field of the command, and how the number is written there.
IN_THE_COMMAND: list[tuple[str, str]] = [
    ("grunn", "{}"),
    ("grunn", "rettet pas{}"),
    ("bestilt_av", "{}"),
    ("kommunenummer", "{}"),
    ("bydelsnummer", "{}"),
    ("id", "{}"),
    ("id", "pas-{}"),
    ("arsak", "{}"),
    ("emisjon", "{}"),
    ("tidspunkt", "{}"),
    ("fnr", "{}"),
    ("{}", "x"),
]


async def play(stage: Stage) -> None:
    """A report that is sent, a dry run, refusals; and commands that are wrong."""
    house = stage.house
    [sent] = await carried_out(house, await command_for(house, TRONDHEIM, grunn="en grunn"))
    assert sent.status == "sendt", sent.grunn
    [dry] = await carried_out(house, await command_for(house, TRONDHEIM, emisjon="ingen"))
    assert dry.status == "prøvd", dry.grunn
    [refused] = await carried_out(house, await command_for(house, TRONDHEIM, emisjon="produksjon"))
    assert refused.status == "nektet"
    async with AIOKafkaProducer(bootstrap_servers=house.kafka.bootstrap) as producer:
        for body in await wrong_commands(stage):
            await producer.send_and_wait(house.config.topics.kommando, body, b"a key")
    # They are carried out one after another: when this one has ended, those before it have too.
    last = await command_for(house, TRONDHEIM, emisjon="ingen")
    await carried_out(house, last)
    await ended(house, last)


async def wrong_commands(stage: Stage) -> list[bytes]:
    sound: dict[str, Any] = json.loads(encode(await command_for(stage.house, TRONDHEIM, emisjon="ingen")))
    bodies = []
    for field, form in IN_THE_COMMAND:
        number = marked(f"command: {field} is {form}").number
        wrong = {**sound, "id": str(uuid.uuid4()), field.format(number): form.format(number)}
        bodies.append(json.dumps(wrong).encode())
    year = {**sound, "id": str(uuid.uuid4()), "aar": int(marked("command: aar").number)}
    partition = {**sound, "id": str(uuid.uuid4()), "barriere": {marked("command: barriere").number: 1}}
    bodies += [json.dumps(one).encode() for one in (year, partition)]
    return [*bodies, marked("command: no JSON").number.encode()]


async def in_production(stage: Stage) -> None:
    """Every person here is synthetic, so all are withheld, each with a finding."""
    [run] = await carried_out(stage.house, await command_for(stage.house, TRONDHEIM, emisjon="produksjon"))
    assert run.status in {"sendt", "nektet"}, run.grunn
