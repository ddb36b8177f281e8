"""What a library says again and again while a broker is away is said once in a while, with how often it was said.

aiokafka tells of every try, several times a second for each connection. A night without a broker would fill the disk,
and bury what this program has to say about it.
"""

import logging
import time
from collections.abc import Callable
from typing import NamedTuple

EVERY_SECONDS = 30.0
# Whose lines these are; everybody else is heard each time.
LIBRARIES = ("aiokafka", "asyncio", "faust", "mode")


class _Said(NamedTuple):
    at: float
    since: int


class Repeats(logging.Filter):
    """Lets a line through when the same place in the code has not spoken at this level for a while.

    What was held back is told with the next line that comes through, as `repeated`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, int, int], _Said] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] not in LIBRARIES:
            return True
        place, now = (record.pathname, record.lineno, record.levelno), self._clock()
        before = self._said.get(place)
        if before is not None and now - before.at < EVERY_SECONDS:
            self._said[place] = before._replace(since=before.since + 1)
            return False
        self._said[place] = _Said(now, 0)
        if before is not None and before.since:
            record.repeated = before.since
        return True
