"""`python -m tests.bench`: the figures of README.md beside this file; what came of them lies in bench-out/."""

import argparse
import asyncio
import time
from pathlib import Path

from tests.bench.figures import FIGURES
from tests.bench.paper import Paper
from tests.bench.sizes import FULL, QUICK, Sizes
from tests.bench.suite import run
from tests.bench.sweeps import SWEEPS, swept


async def measure(numbers: list[int], sizes: Sizes, paper: Paper, *, curves: bool) -> None:
    """The figures, then the curves. What is done is on paper at once: a run of hours may be broken off."""
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:7.0f} s  {line}", flush=True)  # noqa: T201

    await run([FIGURES[one] for one in numbers], sizes, say, paper.add)
    for sweep in SWEEPS if curves else ():
        paper.draw(sweep, await swept(sweep, sizes, say))


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="The figures, side by side.")
    parser.add_argument("--only", default="", help="numbers of figures, with commas between them; no curves then")
    parser.add_argument("--curves", action="store_true", help="the curves too, or with --only 0 nothing but them")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not what it says")
    parser.add_argument("--rounds", type=int, help="how many, besides the one that warms up")
    parser.add_argument("--out", type=Path, default=Path("bench-out"))
    asked = parser.parse_args()
    numbers = [int(one) for one in asked.only.split(",") if one] or [*FIGURES]
    if unknown := set(numbers) - {0, *FIGURES}:
        parser.error(f"no such figure: {', '.join(map(str, sorted(unknown)))}")
    sizes = QUICK if asked.quick else FULL
    if asked.rounds:
        sizes = sizes.with_rounds(asked.rounds)
    paper = Paper(sizes, asked.out)
    asyncio.run(measure([one for one in numbers if one], sizes, paper, curves=asked.curves or not asked.only))
    print(f"\n{paper.table()}")  # noqa: T201


if __name__ == "__main__":
    main()
