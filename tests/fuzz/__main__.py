"""`python -m tests.fuzz TARGET [--runs N] [PATH ...]`: one target under atheris; with paths, only those inputs.

An exception, or an input that takes longer than the limit, ends the run with an exit code and leaves the input in
`test-artifacts/fuzz/`.
"""

import argparse
import atexit
import importlib
import os
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import atheris

from tests.fuzz.target import Target, damaged

# Seconds for one input. Each takes well under a millisecond; a shared machine may be slow.
LIMIT = 5
LONGEST_INPUT = 8_192
FOUND = Path("test-artifacts") / "fuzz"


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=("events", "receipts"))
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with atheris.instrument_imports(include=["adapter"], enable_loader_override=False):
        target: Target = importlib.import_module(f"tests.fuzz.{asked.target}").TARGET
    if asked.paths:
        for path in asked.paths:
            print(f"{path}: {target.outcome(path.read_bytes())}")  # noqa: T201
        return
    counts: Counter[str] = Counter()

    def one(data: bytes) -> None:
        counts[target.outcome(data)] += 1

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        """Mostly variations that keep the form; damage anywhere and libFuzzer's own ways now and then.

        One in four begins at a seed again: what covers nothing new of ours is dropped, the other AppRec version too.
        """
        random = Random(seed)
        if random.randrange(4) == 0:
            data = random.choice(target.seeds)
        match random.randrange(8):
            case 0:
                return bytes(atheris.Mutate(data, longest))
            case 1:
                return damaged(data, random)[:longest]
            case _:
                return target.vary(data, random)[:longest]

    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{asked.target}-"))
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number:04}").write_bytes(seed)
    FOUND.mkdir(parents=True, exist_ok=True)
    log = FOUND / f"{asked.target}.log"
    # libFuzzer tells of every new path; that goes to a file. What went wrong it tells on both.
    with log.open("wb") as out:
        os.dup2(out.fileno(), sys.stderr.fileno())
    atexit.register(tell, asked.target, counts, time.monotonic(), log)
    options = [
        *(f"-atheris_runs={asked.runs}", f"-seed={asked.seed}", f"-timeout={LIMIT}", f"-max_len={LONGEST_INPUT}"),
        *(f"-artifact_prefix={FOUND}/{asked.target}-", "-rss_limit_mb=2048", "-mutate_depth=2", str(corpus)),
    ]
    atheris.Setup([sys.argv[0], *options], one, custom_mutator=mutate)
    atheris.Fuzz()


def tell(target: str, counts: Counter[str], begun: float, log: Path) -> None:
    """What the inputs came to, the most frequent first."""
    took = time.monotonic() - begun
    paths = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", log.read_text(errors="replace"))
    print(f"\n{target}: {counts.total():,} inputs, {counts.total() / took:,.0f} a second; log in {log}")  # noqa: T201
    print("coverage: {} edges, {} features, {} inputs kept".format(*(paths or ["???"])[-1]))  # noqa: T201
    for name, number in counts.most_common():
        print(f"{number:>12,}  {name}")  # noqa: T201


main()
