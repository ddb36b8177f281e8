"""Everything the demo gathered from the outside, before anybody judges it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from adapter.demo.fetched import Fetched
from adapter.report.ledger import Kjoring


@dataclass(frozen=True, slots=True)
class Evidence:
    """What went in, what three parties say became of it, and what came out."""

    sent: int
    """Events put on the bus."""
    expected: Counter[str]
    """By the simulator: accepted, parked:<code>, not-for-us:<reason>."""
    planted: Counter[str]
    """By the simulator: bad registrations, by the rule that should see them."""
    offline: dict[str, int]
    """By the pure path without Kafka, by outcome and code."""
    counted: dict[str, int]
    """By the service's own metrics, by outcome and code."""
    dead_letters: int
    """Events in the dead-letter topic."""
    runs: list[Kjoring]
    """The ledger's records of the runs, one a unit."""
    files: list[Fetched]
    """The dispatches as they were fetched."""
    faults: dict[Path, list[str]]
    """What the second validator says, by file; every file is there."""
    answered: dict[str, str] = field(default_factory=dict)
    """How each run stands after the stand-in register has answered, by run."""
    identities: frozenset[bytes] = frozenset()
    """Every identity number that was on the bus."""
    written: dict[str, bytes] = field(default_factory=dict)
    """What else was left behind (log, metrics, ledger), by name."""
    stopped: tuple[int, float] = (0, 0.0)
    """How the service ended when asked to: exit code, seconds."""
