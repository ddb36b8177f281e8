"""What is played: whose events, and what two parties who know nothing of Kafka say must become of them.

The simulator knows what it put in; the offline path folds the same events in memory, by the same pure code as the
service. The service must agree with both.
"""

from collections import Counter
from typing import NamedTuple

from adapter.ingest.offline import Hendelser, fold_all
from adapter.ingest.reading import Reader
from adapter.packs import load_places
from adapter.report.setup import our_numbers
from adapter.sealing import Sealer
from adapter.settings.config import Config
from adapter.simulate import SimulatedRecord, SimulationTally, simulate

YEAR = 2018
SEED = 7
# A municipality without districts, and two districts of one that has them.
UNITS = (("5001", ""), ("0301", "03"), ("0301", "12"))
KOMMUNER = ("5001", "0301")


class Scenario(NamedTuple):
    """The events in delivery order, and what the simulator meant by them."""

    records: list[SimulatedRecord]
    tally: SimulationTally

    @property
    def size(self) -> int:
        """Bytes of all values."""
        return sum(len(record.value) for record in self.records)


def draw(persons: int) -> Scenario:
    """The year, with everything in it that can go wrong. The same number of persons gives the same bytes."""
    tally = SimulationTally()
    return Scenario(list(simulate(persons, YEAR, SEED, UNITS, mess=True, tally=tally)), tally)


def fold_offline(scenario: Scenario, config: Config, sealer: Sealer) -> Hendelser:
    """The same events through the same pure code, with no Kafka between."""
    reader = Reader(sealer, our_numbers(config, load_places()), config.ingest.maks_hendelse)
    return fold_all((record.delivered for record in scenario.records), reader)


def as_the_simulator_sees(outcomes: dict[str, int]) -> Counter[str]:
    """Outcomes of a reader in the simulator's words: it says what is accepted, not what is new."""
    seen: Counter[str] = Counter()
    for outcome, number in outcomes.items():
        name, _, code = outcome.partition(":")
        seen[outcome if code and name in ("parked", "not-for-us") else "accepted"] += number
    return seen
