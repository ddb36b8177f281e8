"""`python -m tests.bench.smoke`: a few ratios at a small size, each with a bound that only a cliff goes past.

A bound is about twice what is usual at these sizes. CPU time and memory only: neighbours on the machine disturb them
little. It ends with 1 when a ratio is past its bound.
"""

import asyncio
import sys
import time

from tests.bench.figure import Reach, at_most
from tests.bench.figures import FIGURES
from tests.bench.sizes import SMOKE
from tests.bench.suite import Outcome, run

# Figure and measure, and where the cliff begins. Usual, on two cores: BOUNDS_USUAL
BOUNDS: dict[tuple[int, str], Reach] = {
    (1, "CPU an event"): at_most(7),
    (10, "CPU an event"): at_most(1.6),
    (6, "CPU a person"): at_most(9),
    (7, "memory"): at_most(1.6),
}


def main() -> int:
    """Measure, and say what is past its bound."""
    begun, past = time.monotonic(), 0

    def done(outcome: Outcome) -> None:
        nonlocal past
        for verdict in outcome.verdicts:
            bound = BOUNDS.get((outcome.figure.number, verdict.measure.what))
            if bound is None:
                continue
            holds = bound.holds(verdict.median)
            past += not holds
            print(  # noqa: T201
                f"{time.monotonic() - begun:4.0f} s  {'ok  ' if holds else 'PAST'}  {outcome.figure.title}: "
                f"{verdict.measure.what} {verdict.median:.2f} ({bound.sign} {bound.value:g}), "
                f"beside {outcome.figure.against}",
                flush=True,
            )

    figures = [FIGURES[number] for number in sorted({number for number, _ in BOUNDS})]
    asyncio.run(run(figures, SMOKE, lambda _: None, done))
    return 1 if past else 0


if __name__ == "__main__":
    sys.exit(main())
