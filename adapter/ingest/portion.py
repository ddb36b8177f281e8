"""How many events of a partition go into one transaction. Pure.

A batch that runs out of its transaction's time would do so again, for ever: letters of many megabytes, a broker that
takes little. So half of what was tried is tried next, down to a single event. The way back is by doubling, after some
batches in a row that each took less than a quarter of their time: twice as much then takes less than half. One quick
batch says little, since a broker that holds its clients back lets them be quick for a moment after each rest.
"""

from typing import NamedTuple, Self

# Of the time a transaction has.
QUICK = 0.25
# From one event to two thousand that is less than a hundred batches: seconds.
IN_A_ROW = 8


class Portion(NamedTuple):
    """The next batch's most events, what they may come back to, and how many batches have been quick meanwhile."""

    size: int
    full: int
    quick: int = 0

    def after_timeout(self, tried: int) -> Self:
        """A batch of so many events was given up."""
        return self._replace(size=max(min(tried, self.size) // 2, 1), quick=0)

    def after_commit(self, share: float) -> Self:
        """A batch was committed, in this share of the time it had."""
        if self.size == self.full:
            return self
        quick = self.quick + 1 if share < QUICK else 0
        if quick < IN_A_ROW:
            return self._replace(quick=quick)
        return self._replace(size=min(self.size * 2, self.full), quick=0)
