"""The gap report of a running service: read from its topics, the same as from the state itself."""

import msgspec
import pytest

from adapter.domain.outcome import Parked
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.dead_letter import seal_letter
from adapter.ingest.reading import Reading
from adapter.kafka.clients import plain_producer
from adapter.letters.letter import Origin
from adapter.report.gaps.live import read_and_collect
from adapter.report.gaps.mangelrapport import Stopp
from adapter.report.ledger import Kjoring, encode
from adapter.sandbox.topics import OwnTopics
from adapter.sealing import Sealer
from adapter.settings.config import Config, Kafka, Topics
from tests.sound import BERGEN
from tests.unit.gaps_example import FIVE, grunnlag, report
from tests.unit.test_gaps import MOMENT

pytestmark = pytest.mark.kafka

SERVICE = "no.kommune.iplos.tjeneste.registrert.v1"


async def test_the_topics_give_the_report_of_the_state(kafka_bootstrap: str, new_topic: OwnTopics) -> None:
    topics = Topics(
        tilstand=await new_topic("tilstand", partitions=3),
        avvist=await new_topic("avvist"),
        rapport=await new_topic("rapport"),
    )
    config = Config(kafka=Kafka(bootstrap=kafka_bootstrap), topics=topics)
    run = Kjoring(
        kjoring="k",
        kommando="c",
        bestilt_av="x",
        enhet=str(BERGEN),
        aar=2017,
        emisjon="produksjon",
        lopenr="1",
        tidspunkt=MOMENT,
        status="sendt",
        resultat={"tjenestemottakere": {"15": 4}, "orgnumre": 1, "personer_sendt": 4},
    )
    parked = Parked("not-json")
    producer = plain_producer(config.kafka)
    await producer.start()
    try:
        for key, value in FIVE.items():
            await producer.send_and_wait(topics.tilstand, value, key=key.encode())
        for part, headers in seal_letter(
            Origin("bus", 0, 0, 1_515_000_000_000),
            Delivered(b"k", b"{"),
            Reading(SERVICE, "k", parked),
            parked,
            Sealer({"test": bytes(32)}, bytes(32)),
        ):
            await producer.send_and_wait(topics.avvist, part, headers=headers)
        await producer.send_and_wait(topics.rapport, encode(run), key=b"k")
    finally:
        await producer.stop()

    told: list[tuple[int, int]] = []
    rapport = await read_and_collect(config, grunnlag(), BERGEN, lambda done, total: told.append((done, total)))

    assert told[-1] == (5, 5)
    assert rapport.i_dora == [
        Stopp(
            enhet="",
            hendelsestype=SERVICE,
            kode="not-json",
            felt="",
            antall=1,
            forste="2018-01-03T17:20Z",
            siste="2018-01-03T17:20Z",
        )
    ]
    offline = report(FIVE, sendt={"k": run}, i_dora=tuple(rapport.i_dora))
    assert offline.enheter[0].fjor_kilde == "meldingen"
    assert msgspec.structs.replace(rapport, kilde="hendelsesfil") == offline
