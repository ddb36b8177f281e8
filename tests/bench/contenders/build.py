"""Ours: from every person's encoded state to both messages, validated and hashed, unit by unit, without a broker."""

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from adapter.domain.enhet import Enhet
from adapter.packs import load_places
from adapter.report.build import Bestilling, PairBuilder
from adapter.report.population import Population
from adapter.report.setup import make_oppsett, make_overgang
from adapter.sealing import Sealer
from adapter.settings.config import Config
from tests.bench.contenders.job import Job, answer, job
from tests.bench.sample import Sample, Stopwatch

YEAR = 2018


class Hashed:
    """A sink that does what the service does with the bytes as they come, but keep them."""

    def __init__(self) -> None:
        self.sha = hashlib.sha256()

    def write(self, block: bytes, /) -> None:
        self.sha.update(block)


class Kept:
    """A sink that keeps the message."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    def write(self, block: bytes, /) -> None:
        self.blocks.append(block)


def read_states(told: Job) -> dict[str, bytes]:
    return msgspec.msgpack.decode(Path(told.file).read_bytes(), type=dict[str, bytes])


def population_of(config: Config, states: dict[str, bytes]) -> Population:
    return Population.of(states, make_overgang(config, load_places(), YEAR))


def pairs(told: Job, population: Population) -> Iterator[PairBuilder]:
    """A builder for each unit that registered anything."""
    config, sealer = told.config(), Sealer.load(Path(told.keys))
    for unit in population.units():
        yield PairBuilder(_order(unit), make_oppsett(config, sealer, unit, YEAR), population)


def _order(unit: Enhet) -> Bestilling:
    ids = "b3a6c1a0-0000-4000-8000-000000000001", "b3a6c1a0-0000-4000-8000-000000000002"
    return Bestilling(unit, "1", datetime(YEAR + 1, 1, 2, tzinfo=UTC), *ids, modus="test")


def build(told: Job) -> Sample:
    """Everybody; persons sent are what is counted."""
    states, config = read_states(told), told.config()
    # Schemas and tables are read once in a process's life.
    make_oppsett(config, Sealer.load(Path(told.keys)), Enhet(told.kommune), YEAR)
    watch, begun = Stopwatch(), time.process_time()
    population = population_of(config, states)
    arranged = time.process_time() - begun
    sent = 0
    for builder in pairs(told, population):
        for _ in builder.run(Hashed(), Hashed()):
            pass
        if builder.resultat.stoppet_av:
            raise RuntimeError(f"the message was stopped: {builder.resultat.stoppet_av[0]}")
        sent += builder.resultat.personer_sendt
    return watch.sample(sent, {"index": arranged})


if __name__ == "__main__":
    answer(build(job()))
