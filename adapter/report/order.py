"""From what a person asks for to the command that asks it of the service: the kind of run, how it goes out, or why not.

In production a report goes only while a window of the round is open. A test goes at any time: nobody counts it.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from adapter.domain.enhet import Enhet
from adapter.domain.identity import looks_like_identity
from adapter.domain.planned_run import Arsak, Emisjon
from adapter.domain.windows import Avslag, Slag, slag_na
from adapter.domain.yearpack import YearPack
from adapter.kafka.clients import plain_producer
from adapter.kafka.offsets import end_offsets
from adapter.report.command import ReportCommand, encode
from adapter.report.ledger import Kjoring, last_sent
from adapter.report.setup import RefusedError, check_emission
from adapter.settings.config import Config


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked, by whom and why."""

    enhet: Enhet
    aar: int
    bestilt_av: str
    grunn: str = ""
    bare_prov: bool = False


def decide(
    order: Order, config: Config, pack: YearPack, runs: dict[str, Kjoring], now: datetime
) -> tuple[Emisjon, Slag | None]:
    """How an order goes out, and as what kind of run. Raises `RefusedError`."""
    if looks_like_identity(order.grunn):
        raise RefusedError("identity-in-text", "Grunnen inneholder et identitetsnummer: skriv den uten.")
    if order.bare_prov:
        return "ingen", None
    emisjon: Emisjon = "produksjon" if config.rapport.send == "production" else "test"
    check_emission(config, emisjon)
    before = last_sent(runs.values(), str(order.enhet), order.aar, emisjon)
    slag = slag_na(now, pack, sendt_for=before is not None)
    if isinstance(slag, Avslag):
        if emisjon == "produksjon":
            raise RefusedError("outside-window", slag.setning)
        return emisjon, None
    if slag == "prove" and emisjon == "produksjon":
        return "test", slag
    return emisjon, slag


async def give(  # the fields of a command
    config: Config,
    order: Order,
    emisjon: Emisjon,
    slag: Slag | None,
    now: datetime,
    *,
    command_id: str = "",
    arsak: Arsak | None = None,
) -> ReportCommand:
    """Put the command on its topic. The barrier is where the bus ends now."""
    barrier = await end_offsets(config.kafka, config.topics.buss)
    command = ReportCommand(
        id=command_id or str(uuid.uuid4()),
        kommunenummer=order.enhet.kommunenummer,
        bydelsnummer=order.enhet.bydelsnummer,
        aar=order.aar,
        tidspunkt=now.replace(microsecond=0),
        bestilt_av=order.bestilt_av,
        barriere={str(partition): offset for partition, offset in barrier.items()},
        emisjon=emisjon,
        slag=slag,
        arsak=arsak,
        grunn=order.grunn,
    )
    producer = plain_producer(config.kafka)
    await producer.start()
    try:
        await producer.send_and_wait(config.topics.kommando, encode(command), key=command.id.encode())
    finally:
        await producer.stop()
    return command
