"""What every contender is told, and how it answers: one JSON argument in, one JSON line out."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import msgspec

from adapter.ingest.reading import Reader
from adapter.packs import load_places
from adapter.report.setup import our_numbers
from adapter.sealing import Sealer
from adapter.settings.config import Config, Kafka
from adapter.settings.example import example_of
from tests.bench.sample import Sample


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One run. `group` is the consumer group and the prefix of transactional ids; `folder` is this run's own.

    `topics` are names by role, as in `[topics]`; `pieces` is how much work there is: events, or persons. `file` holds
    encoded states by person key (msgpack), for work that needs no broker.
    """

    bootstrap: str
    group: str
    folder: str
    keys: str
    topics: dict[str, str] = {}
    partitions: int = 4
    pieces: int = 0
    variant: str = ""
    file: str = ""
    kommune: str = "5001"
    sesjon_ms: int = Kafka().sesjon_ms

    def config(self) -> Config:
        """The example's settings, defaults where it has none, for a municipality of the bench on its broker."""
        example = example_of(self.kommune)
        return msgspec.structs.replace(
            example,
            kafka=Kafka(bootstrap=self.bootstrap, gruppe=self.group, sesjon_ms=self.sesjon_ms),
            topics=msgspec.structs.replace(example.topics, **self.topics),
            nokkelfil=self.keys,
            rapport=msgspec.structs.replace(example.rapport, ekte_i_test=True),
        )

    def reader(self) -> Reader:
        """What reads this municipality's events."""
        return Reader(Sealer.load(Path(self.keys)), our_numbers(self.config(), load_places()))


def job() -> Job:
    """The job of this process."""
    return msgspec.json.decode(sys.argv[1], type=Job)


def answer(sample: Sample) -> NoReturn:
    """Tell what it came to, and end at once: whatever a library still wants to tidy up is not measured."""
    # Straight to the file: a framework may have put something of its own in the place of sys.stdout, and one that
    # supervises its own tasks would catch an ordinary exit and go on.
    os.write(1, b"\n%s\n" % msgspec.json.encode(sample))
    os._exit(0)
