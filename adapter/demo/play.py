"""The story, in order: a year of events into a running service, the January command, and what came out of it."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from adapter.config import Config, load
from adapter.demo.cluster import a_cluster, create_topics, dead_letters, publish, remove_topics
from adapter.demo.configuration import write_configuration
from adapter.demo.evidence import Evidence
from adapter.demo.fetched import read_fetched
from adapter.demo.privacy_checks import identities_in
from adapter.demo.scenario import KOMMUNER, YEAR, Scenario, draw, fold_offline
from adapter.demo.second_opinion import second_opinion
from adapter.demo.service import Service, command, events_by_outcome
from adapter.demo.steps import Steps
from adapter.report.ledger import Kjoring
from adapter.sandbox.ports import free_ports
from adapter.sealing import Sealer


def play(persons: int, out: Path, steps: Steps) -> Evidence:
    """Everything up to the verdict. Leaves in `out` what an installation would leave."""
    with steps("Drawing the year") as step:
        scenario = draw(persons)
        step.note = f"{persons:,} persons, {len(scenario.records):,} events, {scenario.size / 1e6:.1f} MB"
    with ExitStack() as stack:
        with steps("Starting Kafka") as step:
            cluster = stack.enter_context(a_cluster())
            step.note = cluster.bootstrap
        (port,) = free_ports(1)
        path = write_configuration(out, cluster.bootstrap, cluster.prefix, port)
        config = load(path, {})
        stack.callback(remove_topics, config, cluster.prefix)
        with steps("Creating topics") as step:
            step.note = f"{create_topics(config)} as planned in topics/topics.toml"
        with steps("Starting the service") as step:
            service = stack.enter_context(Service(path, port, out / "service.log"))
            service.wait_until_ready()
            step.note = f"iplos-adapter run, ready on port {port}"
        ...
    with steps("Second opinion") as step:
        files = read_fetched(out / "xml")
