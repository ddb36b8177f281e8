"""What the demo shows at the end: the events, the messages, the promises. Fits in 80 columns."""

from datetime import UTC, datetime

from rich import box
from rich.table import Table
from rich.text import Text

from adapter.demo.evidence import Evidence
from adapter.demo.scenario import as_the_simulator_sees
from adapter.demo.verdict import Verdict
from adapter.domain.outcome import OUTCOME_NAMES
from adapter.report.ledger import Kjoring

# What the simulator calls accepted; which of the four it is depends on what came before.
_ACCEPTED = ("applied", "annulled", "duplicate", "superseded")


def events_table(evidence: Evidence) -> Table:
    """Events by outcome, as three parties count them."""
    parties = (evidence.counted, evidence.offline, evidence.expected)
    table = _table("Events in")
    table.add_column("outcome", footer="all outcomes")
    for name, counts in zip(("service", "pure path", "simulator"), parties, strict=True):
        table.add_column(name, justify="right", footer=f"{sum(counts.values()):,}")
    table.add_column("codes", footer=f"sent: {evidence.sent:,}", max_width=34)
    for outcome in OUTCOME_NAMES:
        cells = [f"{sum(_of(outcome, counts).values()):,}" for counts in parties]
        if outcome in _ACCEPTED:
            cells[2] = ""
        codes = (f"{code}:{number}" for code, number in _of(outcome, evidence.counted).items() if code)
        table.add_row(outcome, *cells, Text(", ".join(codes), style="dim"))
        if outcome == _ACCEPTED[-1]:
            accepted = (as_the_simulator_sees(counts)["accepted"] for counts in parties)
            table.add_row("these four", *(f"{number:,}" for number in accepted), "accepted", style="dim")
    return table


def messages_table(runs: list[Kjoring]) -> Table:
    """What went out and what was kept back: a unit a row, and their sum. Seconds are from the command to the commit."""
    rows = [_numbers(run) for run in runs]
    sums = [sum(column) for column in zip(*rows, strict=True)] or [0] * 7
    table = _table("Messages out")
    table.caption, table.caption_justify = "A person who has been in two districts is counted in both.", "left"
    table.add_column("unit", footer="all")
    names = ("persons", "services", "refusals", "all rows", "withheld\npersons", "withheld\nrows", "kB")
    for name, number in zip(names, sums, strict=True):
        table.add_column(name, justify="right", footer=f"{number:,}")
    table.add_column("s", justify="right")
    for run, row in zip(runs, rows, strict=True):
        taken = ((run.ferdig or datetime.now(UTC)) - run.tidspunkt).total_seconds()
        table.add_row(run.enhet, *(f"{number:,}" for number in row), f"{taken:.1f}")
    return table


def verdicts_table(verdicts: list[Verdict]) -> Table:
    """Each promise, and what is off; only the first lines of a long list."""
    table = _table("Promises")
    table.show_header = table.show_footer = False
    table.add_column()
    table.add_column()
    for promise, off in verdicts:
        shown = [*off[:5], f"… and {len(off) - 5} more"] if len(off) > 5 else off
        text = Text(promise).append("".join(f"\n  {line}" for line in shown), style="red")
        table.add_row("[red]✗" if off else "[green]✓", text)
    return table


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_footer=True,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )


def _of(outcome: str, counts: dict[str, int]) -> dict[str, int]:
    """The counts of one outcome, by code."""
    split = ((*name.partition(":")[::2], number) for name, number in counts.items())
    return {code: number for name, code, number in split if name == outcome}


def _numbers(run: Kjoring) -> tuple[int, ...]:
    said = run.resultat
    return (
        said["personer_sendt"],
        said["rader_sendt"].get("tjeneste", 0),
        said["avslag_sendt"],
        sum(said["rader_sendt"].values()),
        said["personer_holdt"],
        sum(said["rader_holdt"].values()),
        round(sum(sent.bytes for sent in run.meldinger) / 1000),
    )
