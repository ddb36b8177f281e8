"""Closing a year, as the ledger has it: the order, and the proof of each partition that carried it out.

The order is a record on the ledger topic. Every process looks for orders its partitions have no proof for, so a
closing goes on after a restart or a rebalance, and doing it again removes nothing more.
"""

from datetime import datetime

import msgspec

from adapter.domain.closing import LukketDel, LukkingBestilt, Proof
from adapter.domain.windows import norsk_dato, vindu
from adapter.domain.yearpack import YearPack
from adapter.kafka.clients import plain_producer
from adapter.kafka.log_reader import read_to_end
from adapter.report.ledger import CLOSING, Kjoring, LedgerUnreadableError
from adapter.report.setup import RefusedError
from adapter.settings.config import Config


class Lukking(msgspec.Struct, frozen=True):
    """One year's closing: what was ordered, and what is done, by partition."""

    bestilt: LukkingBestilt
    deler: dict[int, LukketDel]

    def is_done(self, partisjon: int) -> bool:
        """Whether this partition has carried out this order (and not only an earlier one)."""
        return partisjon in self.deler and self.deler[partisjon].bestilling == self.bestilt.id


async def read_closings(config: Config) -> dict[int, Lukking]:
    """Every ordered closing by year. Raises `LedgerUnreadableError`."""
    ordered: dict[int, LukkingBestilt] = {}
    done: dict[int, dict[int, LukketDel]] = {}
    async for chunk in read_to_end(config.kafka, config.topics.rapport):
        for record in chunk.records:
            key = record.key or b""
            if not key.startswith(CLOSING.encode()) or not record.value:
                continue
            try:
                if key.count(b"/") == 1:
                    order = msgspec.json.decode(record.value, type=LukkingBestilt)
                    ordered[order.aar] = order
                else:
                    part = msgspec.json.decode(record.value, type=LukketDel)
                    done.setdefault(part.aar, {})[part.partisjon] = part
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise LedgerUnreadableError(record, error) from None
    return {aar: Lukking(order, done.get(aar, {})) for aar, order in sorted(ordered.items())}


def check_closing(pack: YearPack, runs: dict[str, Kjoring], now: datetime) -> None:
    """Refuse to close a year whose corrections are still possible, or of which a run is under way."""
    last = pack.frister.rettelser_til
    if last is None:
        raise RefusedError("outside-window", f"{pack.aar} kan ikke lukkes: siste dag for rettelser er ikke kjent.")
    window = vindu(pack.frister, "rettelse")
    if window is None or now < window.til:
        raise RefusedError(
            "outside-window", f"{pack.aar} kan ikke lukkes ennå: rettelser kan sendes til og med {norsk_dato(last)}."
        )
    busy = [run.kjoring for run in runs.values() if run.aar == pack.aar and run.tilstand(now) == "under-arbeid"]
    if busy:
        raise RefusedError(
            "outside-window", f"{pack.aar} kan ikke lukkes: kjøring {busy[0]} er under arbeid. Vent til den er ferdig."
        )


async def order_closing(config: Config, order: LukkingBestilt) -> None:
    """Put the order on the ledger. Ordering again changes nothing but who and when."""
    producer = plain_producer(config.kafka)
    await producer.start()
    try:
        key = f"{CLOSING}{order.aar}".encode()
        await producer.send_and_wait(config.topics.rapport, msgspec.json.encode(order), key=key)
    finally:
        await producer.stop()


def proof_to(config: Config) -> Proof:
    """How a partition records that it is done."""
    return Proof(
        config.topics.rapport,
        lambda part: (f"{CLOSING}{part.aar}/{part.partisjon}".encode(), msgspec.json.encode(part)),
    )
