"""The gauges of the round, from the ledger: set by whoever leads, and forgotten by whoever no longer does.

Only the leader looks at the ledger by itself. A process that led once would else go on showing what was true then, and
an alert would fire, or stay silent, on that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from adapter.domain.round_view import Runde
from adapter.domain.rules import RULES
from adapter.ops.metrics import Metrics
from adapter.report.ledger import Kjoring

# Of persons' findings there is a gauge that follows the events (`iplos_findings_open`); these are seen in a build only.
MESSAGE_RULES = frozenset(rule.id for rule in RULES if rule.message_checks)


class Remark(NamedTuple):
    """Which finding of which unit; the labels of the gauges."""

    unit: str
    year: str
    rule: str


def show_round(metrics: Metrics, rounds: Iterable[Runde], runs: Iterable[Kjoring]) -> None:
    """Set the gauges to these rounds, and to nothing else."""
    forget_round(metrics)
    newest = _newest_built(runs)
    for runde in rounds:
        year = str(runde.aar)
        metrics.round_deadline.labels(year).set(runde.frist.timestamp())
        metrics.round_emission.labels(year, runde.emisjon).set(1)
        for one in runde.enheter:
            unit = str(one.enhet)
            metrics.round_unit_state.labels(unit, year, one.tilstand).set(1)
            metrics.round_ordinary_runs.labels(unit, year).set(one.ordinare)
            if one.svarfrist is not None:
                metrics.round_answer_due.labels(unit, year).set(one.svarfrist.timestamp())
            if (run := newest.get((unit, runde.aar))) is not None:
                for remark, number in message_findings(run).items():
                    metrics.round_message_findings.labels(*remark).set(number)
                for remark, number in blocking_findings(run).items():
                    metrics.round_blocking_findings.labels(*remark).set(number)


def forget_round(metrics: Metrics) -> None:
    """Show nothing: another process knows how the round stands."""
    for gauge in (
        metrics.round_deadline,
        metrics.round_emission,
        metrics.round_unit_state,
        metrics.round_ordinary_runs,
        metrics.round_answer_due,
        metrics.round_message_findings,
        metrics.round_blocking_findings,
        metrics.run_states,
    ):
        gauge.clear()


def message_findings(run: Kjoring) -> Mapping[Remark, int]:
    """What was found about the message itself."""
    found = run.resultat.get("funn", {})
    return {
        Remark(run.enhet, str(run.aar), rule): number
        for rule, number in found.items()
        if rule in MESSAGE_RULES and number
    }


def blocking_findings(run: Kjoring) -> Mapping[Remark, int]:
    """What stopped the message; each reason begins with its rule (`adapter.report.resultat`)."""
    return Counter(
        Remark(run.enhet, str(run.aar), reason.partition(":")[0]) for reason in run.resultat.get("stoppet_av", ())
    )


def _newest_built(runs: Iterable[Kjoring]) -> Mapping[tuple[str, int], Kjoring]:
    """Each unit's and year's newest run that was built to its end, sent or not."""
    newest: dict[tuple[str, int], Kjoring] = {}
    for run in sorted((run for run in runs if run.resultat), key=lambda run: run.tidspunkt):
        newest[run.enhet, run.aar] = run
    return newest
