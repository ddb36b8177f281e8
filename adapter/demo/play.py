"""The story, in order: a year of events into a running service, the January command, and what came out of it."""

import shutil
from contextlib import ExitStack
from pathlib import Path

import msgspec

from adapter.demo.cluster import a_cluster, dead_letters, publish, remove_topics
from adapter.demo.configuration import write_configuration
from adapter.demo.evidence import Evidence
from adapter.demo.fetched import read_fetched
from adapter.demo.privacy_checks import identities_in
from adapter.demo.receipts import wait_for_receipts
from adapter.demo.scenario import KOMMUNER, YEAR, Scenario, draw, fold_offline
from adapter.demo.second_opinion import second_opinion
from adapter.demo.service import Service, command, events_by_outcome
from adapter.demo.steps import Steps
from adapter.report.ledger import Kjoring
from adapter.sandbox.ports import free_ports
from adapter.sealing import Sealer
from adapter.settings.config import Config, load

LEFT_BEHIND = ("service.log", "metrics.txt", *(f"{kommune}/report.json" for kommune in KOMMUNER))


def play(persons: int, out: Path, steps: Steps) -> Evidence:
    """Everything up to the verdict; what the run leaves behind is in `out`."""
    _make_room(out)
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
            # --all: here also those that the bus and the transport own in real life.
            applied = msgspec.json.decode(command(path, "topics", "apply", "--all", "--json"))
            step.note = f"{len(applied['done'])}, as topics/topics.toml plans them"
        with steps("Starting the service") as step:
            service = stack.enter_context(Service(path, port, out / "service.log"))
            service.wait_until_ready()
            step.note = f"iplos-adapter run, ready on port {port}"
        return _in_january(scenario, config, path, service, steps)


def _in_january(scenario: Scenario, config: Config, path: Path, service: Service, steps: Steps) -> Evidence:
    """The service is up: the events, the commands, the dispatches, and the end of the service."""
    out = path.parent
    with steps("Publishing the events") as step:
        publish(config, scenario.records)
        step.note = config.topics.buss
    with steps("The pure path") as step:
        offline = fold_offline(scenario, config, Sealer.load(Path(config.nokkelfil)))
        step.note = "the same events, without Kafka"
    runs = [run for kommune in KOMMUNER for run in _report(kommune, path, steps)]
    with steps("Fetching the dispatches") as step:
        command(path, "transport", "fetch", "--out", str(out / "xml"))
        files = read_fetched(out / "xml")
        step.note = f"{len(files)} files, {sum(file.bytes for file in files) / 1e6:.1f} MB"
    with steps("The register answers") as step:
        sent = sum(run.status == "sendt" for run in runs)
        command(path, "fake-kpr", "--out", str(out / "kpr"), "--once", str(2 * sent), "--json")
        answered = wait_for_receipts(path, sent)
        step.note = "a stand-in; AppRec 1.1 for every message"
    with steps("Stopping the service") as step:
        metrics = service.metrics()
        (out / "metrics.txt").write_text(metrics, "utf-8")
        letters = dead_letters(config)
        stopped = service.stop()
        step.note = f"exit code {stopped[0]}"
    with steps("Second opinion") as step:
        faults = second_opinion([(file.path, file.kind) for file in files if file.kind])
        step.note = "xmlschema; the gate was libxml2"
    return Evidence(
        sent=len(scenario.records),
        expected=scenario.tally.records,
        planted=scenario.tally.by_rule(),
        offline=offline.etter_utfall(),
        counted=events_by_outcome(metrics),
        dead_letters=letters,
        runs=runs,
        files=files,
        faults=faults,
        answered=answered,
        identities=identities_in(field for one in scenario.records for field in (one.key or b"", one.value)),
        written={name: (out / name).read_bytes() for name in LEFT_BEHIND},
        stopped=stopped,
    )


def _report(kommune: str, path: Path, steps: Steps) -> list[Kjoring]:
    """The January command of one municipality; its answer is kept as report.json."""
    with steps(f"Report of {kommune}") as step:
        answer = command(path, "report", "--kommune", kommune, "--year", str(YEAR), "--json")
        (path.parent / kommune / "report.json").write_text(answer, "utf-8")
        runs = msgspec.json.decode(answer, type=list[Kjoring])
        step.note = ", ".join(f"{run.enhet}: {run.status}" for run in runs)
        return runs


def _make_room(out: Path) -> None:
    """The folders of a run, without the messages of an earlier one."""
    for folder in (out, out / "xml", *(out / kommune for kommune in KOMMUNER)):
        folder.mkdir(parents=True, exist_ok=True)
    for name in LEFT_BEHIND:
        (out / name).unlink(missing_ok=True)
    for old in (out / "xml").glob("*.xml"):
        old.unlink()
    shutil.rmtree(out / "kpr", ignore_errors=True)
