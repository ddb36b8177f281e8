"""What may go wrong, as values. A closed union: whoever adds a kind must say who does it, or nothing type-checks."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class KillWorker:
    """kill -9 of a worker; whoever watches over it starts another in its place."""

    worker: int


@dataclass(frozen=True, slots=True)
class SleepWorker:
    """SIGSTOP until the others have taken its partitions, then SIGCONT: it wakes up and believes they are its own."""

    worker: int


@dataclass(frozen=True, slots=True)
class StopWorker:
    """SIGTERM, as in every rolling upgrade."""

    worker: int


@dataclass(frozen=True, slots=True)
class CutNetwork:
    """Every connection between a worker and the brokers is reset, and new ones are too."""

    worker: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DropNetwork:
    """Nothing comes through between a worker and the brokers, and nobody is told."""

    worker: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DelayNetwork:
    """Everything between a worker and the brokers comes late."""

    worker: int
    seconds: float
    late: float


@dataclass(frozen=True, slots=True)
class KillBroker:
    """kill -9 of a broker, which is started again after a while."""

    broker: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RestartController:
    """SIGTERM of the broker that is the active controller, and another start."""


@dataclass(frozen=True, slots=True)
class FillDisk:
    """The disk of one broker is full; when the broker has given up there is room again, and it is started."""


@dataclass(frozen=True, slots=True)
class RebalanceStorm:
    """Guests join the consumer group and leave it as soon as they were given partitions."""

    guests: int


@dataclass(frozen=True, slots=True)
class OrderReport:
    """Not a fault: a report is ordered in the middle of them, of one of the units."""

    unit: int


Fault: TypeAlias = (
    KillWorker
    | SleepWorker
    | StopWorker
    | CutNetwork
    | DropNetwork
    | DelayNetwork
    | KillBroker
    | RestartController
    | FillDisk
    | RebalanceStorm
)
Event: TypeAlias = Fault | OrderReport
