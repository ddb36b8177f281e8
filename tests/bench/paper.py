"""What a run leaves behind: everything as JSON, and the table for people."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from adapter import __version__
from tests.bench.figure import Figure, Verdict
from tests.bench.sizes import Sizes
from tests.bench.suite import Outcome
from tests.bench.sweeps import Line, Sweep


def machine() -> dict[str, str]:
    """What the numbers depend on; ratios less so."""
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "?")
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    load = f"{os.getloadavg()[0]:.1f}"
    return {
        "cores": str(os.cpu_count()),
        "cpu": model,
        "memory_gb": f"{int(memory) / 1e6:.0f}",
        "python": platform.python_version(),
        "adapter": __version__,
        "load_at_the_end": load,
    }


class Paper:
    """Written anew with every figure and curve that is done."""

    def __init__(self, sizes: Sizes, folder: Path) -> None:
        self._sizes = sizes
        self._folder = folder
        self._outcomes: list[Outcome] = []
        self._curves: dict[str, Any] = {}

    def add(self, outcome: Outcome) -> None:
        """A figure is done."""
        self._outcomes = sorted([*self._outcomes, outcome], key=lambda one: one.figure.number)
        self._write()

    def draw(self, sweep: Sweep, lines: Sequence[Line]) -> None:
        """A curve is done."""
        from tests.bench.plots import draw  # noqa: PLC0415  # matplotlib is not needed for anything else

        self._curves[sweep.name] = {line.contender: line.points for line in lines}
        self._folder.mkdir(parents=True, exist_ok=True)
        draw(sweep, lines, self._folder)
        self._write()

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        data = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "sizes": asdict(self._sizes),
            "figures": {str(one.figure.number): _figure(one) for one in self._outcomes},
            "curves": self._curves,
        }
        (self._folder / "bench.json").write_text(json.dumps(data, indent=1, ensure_ascii=False))
        (self._folder / "table.md").write_text(self.table())

    def table(self) -> str:
        """The figures, then what each contender came to."""
        about = ", ".join(f"{name} {value}" for name, value in machine().items())
        lines = [
            f"{self._sizes.persons:,} persons, {self._sizes.events:,} events. {about}.",
            "",
            "| # | figure | measured against | reach | median | spread | reached |",
            "|---|---|---|---|---|---|---|",
            *(_row(one.figure, verdict) for one in self._outcomes for verdict in one.verdicts),
            "",
            "| # | contender | pieces/s | CPU µs a piece | peak MB |",
            "|---|---|---|---|---|",
            *(row for one in self._outcomes for row in _contenders(one)),
        ]
        return "\n".join(lines) + "\n"


def _figure(one: Outcome) -> dict[str, Any]:
    """Every sample of every round, and what was read off them."""
    return {
        "title": one.figure.title,
        "against": one.figure.against,
        "rounds": [
            {contender.name: msgspec.to_builtins(each[contender.name]) for contender in one.figure.contenders}
            for each in one.rounds
        ],
        "measures": [_measure(verdict) for verdict in one.verdicts],
    }


def _measure(verdict: Verdict) -> dict[str, Any]:
    what, reach = verdict.measure, verdict.measure.reach
    return {
        "what": what.what,
        "unit": what.unit,
        "median": verdict.median,
        "least": verdict.least,
        "most": verdict.most,
        "reach": f"{reach.sign} {reach.value:g}" if reach else None,
        "reached": verdict.reached,
    }


def _row(figure: Figure, verdict: Verdict) -> str:
    what, reach = verdict.measure, verdict.measure.reach
    cells = (
        str(figure.number),
        f"{figure.title}: {what.what}",
        figure.against,
        f"{reach.sign} {reach.value:g} {what.unit}" if reach else "",
        f"{verdict.median:.2f} {what.unit}",
        f"{verdict.least:.2f}–{verdict.most:.2f}",
        {True: "yes", False: "**no**", None: ""}[verdict.reached],
    )
    return f"| {' | '.join(cells)} |"


def _contenders(outcome: Outcome) -> list[str]:
    rows = []
    for contender in outcome.figure.contenders:
        samples = [one[contender.name] for one in outcome.rounds]
        columns = (
            _spread([one.speed for one in samples], 0),
            _spread([one.cpu_us for one in samples], 1),
            _spread([one.peak_mb for one in samples], 0),
        )
        rows.append(f"| {outcome.figure.number} | {contender.name} | {' | '.join(columns)} |")
    return rows


def _spread(values: Sequence[float], digits: int) -> str:
    """The middle value, and the least and the most in brackets."""
    middle, least, most = median(values), min(values), max(values)
    return f"{middle:,.{digits}f} ({least:,.{digits}f}–{most:,.{digits}f})"


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines()
