"""Ten million persons, simulated: how even partitions are, what a process holds, and what a lost process costs.

No broker: persons are dealt out to partitions as their keys would be, partitions to processes as the group does it,
and what each then has to do takes the time that was measured. `python -m tests.bench.capacity` prints it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.costs import Costs

PERSONS = 10_000_000
EVENTS_A_YEAR = 28
# Registrations are made in office hours of working days: 250 days of eight hours.
BUSY_SECONDS = 250 * 8 * 3600
SESSION_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Layout:
    """So many partitions, shared by so many processes, a core each."""

    partitions: int
    processes: int


@dataclass(frozen=True, slots=True)
class Loss:
    """What it is to lose one process at the busiest hour: seconds until all is ready, and what waited then."""

    ready_seconds: float
    lag: int
    caught_up_seconds: float


@dataclass(frozen=True, slots=True)
class Fate:
    """What a layout comes to; the memory is the fullest process's, before and after the loss.

    `dealt_anew` is how the group deals partitions out today, in turn (round robin): nearly all change hands. `kept` is
    what it would be if each process kept what it has and only the lost ones were dealt out.
    """

    layout: Layout
    skew: float
    memory_mb: float
    start_seconds: float
    memory_after_mb: float
    dealt_anew: Loss
    kept: Loss


def dealt(persons: int, partitions: int, rng: random.Random) -> list[int]:
    """Persons in each partition. Each key falls anywhere: a binomial share of what is left, by its normal limit."""
    shares, left = [], persons
    for still in range(partitions, 1, -1):
        chance = 1 / still
        share = round(rng.gauss(left * chance, (left * chance * (1 - chance)) ** 0.5))
        shares.append(min(max(share, 0), left))
        left -= shares[-1]
    return [*shares, left]


def in_turn(partitions: Sequence[int], processes: int) -> list[set[int]]:
    """One partition to each process, and from the first again."""
    return [set(partitions[number::processes]) for number in range(processes)]


def fate(layout: Layout, costs: Costs, persons: int = PERSONS, seed: int = 1) -> Fate:
    """Start them all, then lose one at the busiest hour.

    A partition that changes hands is read by its new owner, all of an owner's in one process: one core. Its events wait
    from the loss until then, and are then folded at full speed beside the new ones.
    """
    shares = dealt(persons, layout.partitions, random.Random(seed))
    numbers = range(layout.partitions)
    had = in_turn(numbers, layout.processes)
    lost, left = sorted(had[0]), had[1:]
    anew = in_turn(numbers, layout.processes - 1)
    kept = [old | more for old, more in zip(left, in_turn(lost, layout.processes - 1), strict=True)]
    fullest = _fullest(shares, had)

    def loss(gets: Sequence[set[int]]) -> Loss:
        moved = _fullest(shares, [new - old for old, new in zip(left, gets, strict=True)])
        reading = moved / costs.restored_a_second
        arriving = persons * EVENTS_A_YEAR / BUSY_SECONDS
        lag = arriving * (SESSION_SECONDS + reading)
        spare = costs.events_a_second * (layout.processes - 1) - arriving
        return Loss(SESSION_SECONDS + reading, round(lag), lag / spare if spare > 0 else float("inf"))

    return Fate(
        layout=layout,
        skew=max(shares) / (persons / layout.partitions),
        memory_mb=memory_mb(fullest, costs),
        start_seconds=fullest / costs.restored_a_second,
        memory_after_mb=memory_mb(_fullest(shares, anew), costs),
        dealt_anew=loss(anew),
        kept=loss(kept),
    )


def _fullest(shares: Sequence[int], owners: Sequence[set[int]]) -> int:
    """Persons of the owner who has most."""
    return max(sum(shares[one] for one in mine) for mine in owners)


def memory_mb(persons: float, costs: Costs) -> float:
    """Of a process that has so many persons."""
    return costs.base_mb + persons * costs.person_memory_bytes / 2**20


LAYOUTS = tuple(Layout(partitions, processes) for partitions in (24, 96, 192) for processes in (4, 8, 16))
