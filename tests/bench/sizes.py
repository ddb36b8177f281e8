"""How much is measured: as the figures are defined, and smaller for a first look."""

from dataclasses import dataclass, replace
from typing import Self

# A slow contender is given the first of so many parts of the events.
SLOW_ONE_IN = 10


@dataclass(frozen=True, slots=True)
class Sizes:
    """Persons, events and rounds."""

    rounds: int
    persons: int
    events: int
    restored: int
    built: int
    report_small: int
    report_large: int
    city: int
    districts: int
    nation_persons: int
    nation_events: int
    idle_seconds: int

    def with_rounds(self, rounds: int) -> Self:
        return replace(self, rounds=rounds)


FULL = Sizes(
    rounds=5,
    persons=50_000,
    events=500_000,
    restored=400_000,
    built=10_000,
    report_small=10_000,
    report_large=100_000,
    city=50_000,
    districts=15,
    nation_persons=428_000,
    nation_events=12_000_000,
    idle_seconds=60,
)

# Everything works and the ratios point the right way; figures 5, 7 and 9 say little at this size.
QUICK = Sizes(
    rounds=2,
    persons=1_000,
    events=15_000,
    restored=4_000,
    built=500,
    report_small=300,
    report_large=3_000,
    city=600,
    districts=15,
    nation_persons=2_000,
    nation_events=30_000,
    idle_seconds=10,
)

# For `tests.bench.smoke`: two minutes in all.
SMOKE = replace(
    QUICK, rounds=2, persons=800, events=15_000, restored=2_000, built=400, report_small=200, report_large=2_000
)
