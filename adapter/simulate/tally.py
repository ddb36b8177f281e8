"""What a run put in, so that a demo or a test can hold it against what came out."""

from collections import Counter
from typing import Any

import msgspec


class Planted(msgspec.Struct, frozen=True):
    """One bad registration: which kind, which rule should see it, and where. The record id is empty for a person."""

    mess: str
    rule: str
    person_key: str
    registrerings_id: str


class SimulationTally(msgspec.Struct):
    """Filled while a run is drawn; `records` is complete when the last record has been taken."""

    persons: int = 0
    records: Counter[str] = msgspec.field(default_factory=Counter)
    """Records by expected outcome."""
    mess: Counter[str] = msgspec.field(default_factory=Counter)
    """How often each kind of mess was put in, by its name in the table."""
    planted: list[Planted] = msgspec.field(default_factory=list)
    """Every bad registration."""

    def by_rule(self) -> Counter[str]:
        """Bad registrations by the rule that should see them."""
        return Counter(planted.rule for planted in self.planted)

    def summary(self) -> dict[str, Any]:
        """The tally as plain data, counters sorted by name."""
        return {
            "persons": self.persons,
            "records": dict(sorted(self.records.items())),
            "mess": dict(sorted(self.mess.items())),
            "planted": [msgspec.to_builtins(planted) for planted in self.planted],
        }
