"""Rebuild the ledger from the transport topics: what was really emitted, when the ledger was lost.

What a message and its headers tell comes back: unit, year, run, mode, ids, hashes, running number, time. Who asked,
counts and findings do not; a rebuilt record says that it was rebuilt.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from adapter.domain.planned_run import Emisjon
from adapter.kafka.clients import plain_producer
from adapter.kafka.log_reader import Progress, Record, read_to_end, untold
from adapter.report.ledger import Kjoring, Sendt, encode, read_ledger
from adapter.settings.config import Config

REBUILT_BY = "gjenopprettet fra transportemnene"

# Both stand near the beginning of a message, in the first part whatever its size.
_GEN_DATE = re.compile(rb"<GenDate>([^<]+)</GenDate>")
_LOPENR = re.compile(rb"<iiLopenr>([^<]+)</iiLopenr>")


async def rebuild(config: Config, progress: Progress = untold) -> list[Kjoring]:
    """Write a record for every emitted run that the ledger lacks; returns them."""
    access, topics = config.kafka, config.topics
    known = await read_ledger(access, topics.rapport, progress)
    firsts: list[Record] = []
    for topic in (topics.transport_ipl, topics.transport_ide):
        async for chunk in read_to_end(access, topic):
            progress(chunk.done, chunk.total)
            firsts += (
                one._replace(value=(one.value or b"")[:20_000]) for one in chunk.records if _headers(one)["del"] == "1"
            )
    lost = [run for run in _runs(firsts) if run.kjoring not in known]
    producer = plain_producer(access)
    await producer.start()
    try:
        for run in lost:
            await producer.send_and_wait(topics.rapport, encode(run), key=run.kjoring.encode())
    finally:
        await producer.stop()
    return lost


def _runs(firsts: Iterable[Record]) -> Iterable[Kjoring]:
    """A run for each pair of first parts."""
    by_run: dict[str, list[Record]] = defaultdict(list)
    for record in firsts:
        by_run[_headers(record)["kjoring"]].append(record)
    for kjoring, parts in by_run.items():
        headers = _headers(parts[0])
        emisjon: Emisjon = "produksjon" if headers["modus"] == "produksjon" else "test"
        yield Kjoring(
            kjoring=kjoring,
            kommando=headers.get("kommando", kjoring),
            bestilt_av=REBUILT_BY,
            enhet=headers["enhet"],
            aar=int(headers["aar"]),
            emisjon=emisjon,
            lopenr=next((found for part in parts if (found := _text(_LOPENR, part))), ""),
            tidspunkt=datetime.fromisoformat(_text(_GEN_DATE, parts[0])),
            status="sendt",
            gjenopprettet=True,
            meldinger=[_sent(part) for part in parts],
        )


def _sent(part: Record) -> Sendt:
    headers = _headers(part)
    return Sendt(
        melding_id=headers["melding-id"],
        type=headers["meldingstype"],
        bytes=int(headers["bytes"]),
        sha256=headers["sha256"],
        deler=int(headers["deler"]),
    )


def _text(pattern: re.Pattern[bytes], part: Record) -> str:
    found = pattern.search(part.value or b"")
    return found[1].decode() if found else ""


def _headers(record: Record) -> dict[str, str]:
    return {name: (value or b"").decode() for name, value in record.headers}
