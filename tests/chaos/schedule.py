"""From a seed to what goes wrong, in which order. Pure: the same seed and number give the same plan, everywhere.

A plan is a set of lanes. Within a lane one thing ends before the next begins, so that no two of them undo each other
(a broker is never killed while another is down: three copies bear the loss of one). The lanes run side by side, so
that a worker is killed while a broker is away and its network is cut. How long a thing lasts is the machine's to say:
a lane has pauses, not times of day, and its order does not depend on the machine.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from tests.chaos.faults import (
    CutNetwork,
    DelayNetwork,
    DropNetwork,
    Event,
    Fault,
    FillDisk,
    KillBroker,
    KillWorker,
    OrderReport,
    RebalanceStorm,
    RestartController,
    SleepWorker,
    StopWorker,
)

WORKERS = 3
BROKERS = 3
UNITS = 3
# Of so many faults one report is ordered.
FAULTS_A_REPORT = 20


class Step(NamedTuple):
    """Something happens so many seconds after what came before it in its lane has ended."""

    pause: float
    event: Event


Schedule: TypeAlias = Mapping[str, tuple[Step, ...]]


# How often a kind comes, in a hundred faults, and what it is to hit. A broker takes the longest to come back.
_KINDS: tuple[tuple[int, Callable[[random.Random], Fault]], ...] = (
    (18, lambda rng: KillWorker(_worker(rng))),
    (14, lambda rng: SleepWorker(_worker(rng))),
    (8, lambda rng: StopWorker(_worker(rng))),
    (11, lambda rng: CutNetwork(_worker(rng), _seconds(rng, 0.5, 8))),
    (10, lambda rng: DropNetwork(_worker(rng), _seconds(rng, 1, 12))),
    (9, lambda rng: DelayNetwork(_worker(rng), _seconds(rng, 2, 8), rng.choice((0.05, 0.2, 0.6)))),
    (12, lambda rng: KillBroker(rng.randrange(BROKERS), _seconds(rng, 0, 6))),
    (5, lambda _: RestartController()),
    (4, lambda _: FillDisk()),
    (9, lambda rng: RebalanceStorm(rng.randint(1, 3))),
)
# Seconds between two things of a lane, least and most.
_PAUSES = {"worker": (1.0, 6.0), "network": (1.0, 4.0), "brokers": (0.5, 3.0), "group": (2.0, 12.0), "reports": (2, 15)}


def plan(seed: int, faults: int) -> Schedule:
    """So many faults, of every kind at least one, and the reports between them."""
    if faults < len(_KINDS):
        raise ValueError(f"{faults} faults cannot hold each of the {len(_KINDS)} kinds: ask for at least so many")
    rng = random.Random(f"chaos:{seed}:{faults}")
    counts = _apportion(faults)
    drawn: list[Event] = [draw(rng) for (_, draw), count in zip(_KINDS, counts, strict=True) for _ in range(count)]
    rng.shuffle(drawn)
    drawn += [OrderReport(rng.randrange(UNITS)) for _ in range(max(1, faults // FAULTS_A_REPORT))]
    lanes: dict[str, list[Step]] = {}
    for event in drawn:
        lane = lane_of(event)
        lanes.setdefault(lane, []).append(Step(_seconds(rng, *_PAUSES[lane.partition(" ")[0]]), event))
    return {lane: tuple(lanes[lane]) for lane in sorted(lanes)}


def lane_of(event: Event) -> str:
    """What must not happen twice at once shares a lane."""
    match event:
        case KillWorker(worker) | SleepWorker(worker) | StopWorker(worker):
            return f"worker {worker}"
        case CutNetwork() | DropNetwork() | DelayNetwork():
            return "network"
        case KillBroker() | RestartController() | FillDisk():
            return "brokers"
        case RebalanceStorm():
            return "group"
        case OrderReport():
            return "reports"


def events(schedule: Schedule) -> Iterable[Event]:
    """Everything in the plan, lane by lane."""
    return (step.event for steps in schedule.values() for step in steps)


def written(schedule: Schedule) -> str:
    """The plan as one reads it: a line for each thing that happens."""
    return "".join(
        f"{lane:9} +{step.pause:4.1f} s  {step.event}\n" for lane, steps in schedule.items() for step in steps
    )


def _apportion(faults: int) -> list[int]:
    """One of each kind, and the rest by their shares; what is left over goes to the largest remainders."""
    spare = faults - len(_KINDS)
    exact = [spare * share / 100 for share, _ in _KINDS]
    counts = [int(one) for one in exact]
    by_remainder = sorted(range(len(_KINDS)), key=lambda at: (counts[at] - exact[at], at))
    for at in by_remainder[: spare - sum(counts)]:
        counts[at] += 1
    return [1 + one for one in counts]


def _worker(rng: random.Random) -> int:
    return rng.randrange(WORKERS)


def _seconds(rng: random.Random, least: float, most: float) -> float:
    return round(rng.uniform(least, most), 1)
