"""`python -m tests.bench.capacity`: the tables of deploy/CAPACITY.md anew, from what was measured.

It reads bench-out/bench.json and writes what stands between the two marks in the file; the words around are by hand.
"""

import argparse
import json
import math
from pathlib import Path
from typing import NamedTuple

from tests.bench.costs import HERE, Costs, read_costs
from tests.bench.nation import BUSY_SECONDS, EVENTS_A_YEAR, LAYOUTS, PERSONS, Loss, fate, memory_mb

TARGET = Path(__file__).parents[2] / "deploy" / "CAPACITY.md"
BEGIN, END = "<!-- measured: python -m tests.bench.capacity -->\n", "<!-- end of what was measured -->\n"
# A process is not given more than this, and must be able to take over from one that is lost.
MOST_MB = 4_096
_NEEDS = (
    "| persons | processes | memory each | events/s, office hours | the year again | restore | state on disk "
    "| January, one command | its memory |"
)
# For a loss: until ready, events that waited, and how long they then take.
_FATES = (
    "| partitions | processes | fullest partition | memory | all start | memory with one lost | one is lost "
    "| if partitions were kept |"
)


class Need(NamedTuple):
    """What so many persons need. Each process is a core."""

    persons: int
    processes: int
    memory_mb: float
    busy_events: float
    year_again_minutes: float
    restore_seconds: float
    disk_gb: float
    january_minutes: float
    january_mb: float


def need(persons: int, costs: Costs) -> Need:
    """The formula of deploy/CAPACITY.md. Two processes at least: one may stop while the other goes on."""
    room = (MOST_MB - costs.base_mb) * 2**20 / costs.person_memory_bytes
    processes = max(2, math.ceil(persons / room) + 1)
    events = persons * EVENTS_A_YEAR
    share = persons / processes
    return Need(
        persons=persons,
        processes=processes,
        memory_mb=memory_mb(persons / (processes - 1), costs),
        busy_events=events / BUSY_SECONDS,
        year_again_minutes=events / processes / costs.events_a_second / 60,
        restore_seconds=share / costs.restored_a_second,
        disk_gb=persons * costs.person_bytes / 1e9,
        january_minutes=(persons / costs.read_a_second + persons / costs.built_a_second) / 60,
        january_mb=costs.report_mb + persons * max(costs.report_memory_bytes, 0) / 2**20,
    )


def tables(file: Path) -> str:
    """The costs, the worked examples and the nation, as Markdown."""
    costs, about = read_costs(file), json.loads(file.read_text())
    machine = ", ".join(f"{name} {value}" for name, value in about["machine"].items())
    lines = [
        f"\nMeasured {about['made'][:10]} on: {machine}.\n",
        "| cost | |",
        "|---|---|",
        f"| events a second and process | {costs.events_a_second:,.0f} ({costs.event_cpu_us:.0f} µs CPU each) |",
        f"| persons restored a second and process | {costs.restored_a_second:,.0f} |",
        f"| a service with nobody in its state | {costs.base_mb:.0f} MB |",
        f"| a person in the state, on the topic | {costs.person_bytes:,.0f} B |",
        f"| a person in the state, in memory | {costs.person_memory_bytes:,.0f} B |",
        f"| persons read a second for a report | {costs.read_a_second:,.0f} |",
        f"| persons built, validated and sent a second | {costs.built_a_second:,.0f} ({costs.message_bytes:,.0f} B) |",
        f"| a report's memory | {costs.report_mb:.0f} MB and {costs.report_memory_bytes:,.0f} B a person |",
        "",
        _NEEDS,
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(need(persons, costs)) for persons in (7_000, 50_000, 400_000, PERSONS)),
        "",
        f"{PERSONS:,} persons, simulated (`tests/bench/nation.py`):",
        "",
        _FATES,
        "|---|---|---|---|---|---|---|---|",
    ]
    for layout in LAYOUTS:
        one = fate(layout, costs)
        lines.append(
            f"| {layout.partitions} | {layout.processes} | {one.skew:.3f} of the mean | {one.memory_mb:,.0f} MB "
            f"| {one.start_seconds:,.0f} s | {one.memory_after_mb:,.0f} MB "
            f"| {_loss(one.dealt_anew)} | {_loss(one.kept)} |"
        )
    return "\n".join(lines) + "\n\n"


def _loss(one: Loss) -> str:
    return f"{one.ready_seconds:,.0f} s, {one.lag:,} events, {one.caught_up_seconds:,.1f} s"


def _row(one: Need) -> str:
    return (
        f"| {one.persons:,} | {one.processes} | {one.memory_mb:,.0f} MB | {one.busy_events:,.1f} "
        f"| {one.year_again_minutes:,.1f} min | {one.restore_seconds:,.1f} s | {one.disk_gb:,.2f} GB "
        f"| {one.january_minutes:,.1f} min | {one.january_mb:,.0f} MB |"
    )


def main() -> None:
    """Rewrite the measured part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity", description="The tables of CAPACITY.md.")
    parser.add_argument("--from", dest="file", type=Path, default=HERE, help="what a run of the bench left behind")
    made = tables(parser.parse_args().file)
    before, _, rest = TARGET.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    TARGET.write_text(f"{before}{BEGIN}{made}{END}{after}")


if __name__ == "__main__":
    main()
