"""A made-up year of care in a municipality, as events on the bus. See README.md."""

from adapter.simulate.envelope import SimulatedRecord
from adapter.simulate.stream import simulate
from adapter.simulate.tally import Planted, SimulationTally

__all__ = ["Planted", "SimulatedRecord", "SimulationTally", "simulate"]
