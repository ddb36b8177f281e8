"""What every contender is told, and how it answers: one JSON argument in, one JSON line out."""

import os
import sys
from typing import NoReturn

import msgspec

from tests.bench.sample import Sample


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Read this many events of this topic. `name` is new for each run: groups, topics and folders begin with it."""

    bootstrap: str
    topic: str
    partitions: int
    events: int
    name: str
    folder: str
    tilstand: str = ""
    avvist: str = ""
    variant: str = ""


def job() -> Job:
    """The job of this process."""
    return msgspec.json.decode(sys.argv[1], type=Job)


def answer(sample: Sample) -> NoReturn:
    """Tell what it came to, and end at once: whatever a library still wants to tidy up is not measured."""
    # Straight to the file: a framework may have put something of its own in the place of sys.stdout, and one that
    # supervises its own tasks would catch an ordinary exit and go on.
    os.write(1, b"\n%s\n" % msgspec.json.encode(sample))
    os._exit(0)
