"""The state taken out into a file, while the service runs or not.

The group's offsets are asked for first and the state is read afterwards, so the state holds all before the offsets and
perhaps more. Whoever goes on from there meets some events again, which a join does not mind.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from adapter import __version__
from adapter.custody.refusal import CustodyRefusedError
from adapter.custody.snapshot import Del, Hode, Rad, fingerprint, new_salt, write_snapshot
from adapter.kafka.log_reader import Progress
from adapter.kafka.offsets import partitions_of
from adapter.report.spool import Place, Spool
from adapter.sealing import Sealer
from adapter.settings.config import Config
from adapter.state_topic import StateTopic


async def take_out(config: Config, sealer: Sealer, file: BinaryIO, now: datetime, progress: Progress) -> Hode:
    """Write a snapshot. Raises `CustodyRefusedError`, `StateUnreadableError` and what Kafka raises."""
    topic = StateTopic(config.kafka, config.topics.tilstand, config.topics.buss, config.kafka.gruppe)
    with Spool() as spool:
        held = Held(spool)
        deler = await held.read(topic, progress)
        hode = Hode(
            versjon=1,
            program=__version__,
            tatt=now,
            tilstand=topic.name,
            buss=topic.bus,
            deler=deler,
            sha256=fingerprint(held.rows()),
            nokkel_id=sealer.active_id,
            salt=new_salt(),
        )
        write_snapshot(file, hode, held.rows(), sealer)
    return hode


class Held:
    """Every person's newest state in a spool; memory holds where each is."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._places: dict[tuple[int, str], Place] = {}

    async def read(self, topic: StateTopic, progress: Progress) -> list[Del]:
        """Read the topic to its end; for each partition where it stands, seen whole."""
        numbers = await partitions_of(topic.access, topic.name)
        before = await topic.committed(numbers)
        async for page in topic.read(numbers):
            for one in page.persons:
                if one.state is None:
                    self._places.pop((one.partition, one.key), None)
                else:
                    self._places[one.partition, one.key] = self._spool.append(one.state)
            progress(page.done, page.total)
        persons = Counter(number for number, _ in self._places)
        if lacking := await topic.lacking(persons, before):
            raise CustodyRefusedError(
                f"{topic.name} is not whole, and is not taken out: "
                + "; ".join(
                    f"partition {one.partition} holds {one.persons} persons of {one.vouched}" for one in lacking
                )
            )
        return [Del(max(before[number].offset, 0), persons[number]) for number in numbers]

    def rows(self) -> Iterator[Rad]:
        """In the order of partitions and keys, whatever the order on the topic."""
        for number, key in sorted(self._places):
            yield Rad(number, key, self._spool.read(self._places[number, key]))
