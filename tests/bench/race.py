"""Contenders in turn, round after round, so that whatever the machine does meanwhile it does to all of them."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from tests.bench.contenders.job import Job
from tests.bench.sample import Sample

PATIENCE_SECONDS = 3_600.0


class ContenderError(RuntimeError):
    """A contender did not come through; the text ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A module of `tests.bench.contenders`, and what it is told besides the job all share.

    A slow one is given a part of the events only: the first so many of each that the others get.
    """

    name: str
    module: str
    variant: str = ""
    one_in: int = 1
    course: str = ""


Start: TypeAlias = Callable[[Contender, str], Awaitable[Job]]
"""Prepares what a run needs, in a folder of its own, and says what the contender is told."""

Round: TypeAlias = dict[str, Sample]
"""What each contender came to in one round."""


async def race(
    contenders: Sequence[Contender], start: Start, rounds: int, say: Callable[[str], None], *, warm_up: bool = True
) -> list[Round]:
    """So many rounds, after one that only warms up."""
    found: list[Round] = []
    for number in range(rounds + warm_up):
        counts = number >= warm_up
        one_round: Round = {}
        for contender in contenders:
            sample = one_round[contender.name] = await _run(contender, start)
            say(
                f"  {'round ' + str(number + 1 - warm_up) if counts else 'warm-up'}: {contender.name:28}"
                f"{sample.speed:12,.0f}/s{sample.cpu_us:10.1f} µs CPU{sample.peak_mb:8.0f} MB"
            )
        if counts:
            found.append(one_round)
    return found


async def _run(contender: Contender, start: Start) -> Sample:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        told = await start(contender, folder)
        told = msgspec.structs.replace(told, variant=contender.variant, pieces=told.pieces // contender.one_in)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"tests.bench.contenders.{contender.module}",
            msgspec.json.encode(told),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    lines = out.decode(errors="replace").splitlines()
    try:
        return msgspec.json.decode(next(line for line in reversed(lines) if line.startswith("{")), type=Sample)
    except (StopIteration, msgspec.MsgspecError):
        said = (err or out).decode(errors="replace")[-3000:]
        raise ContenderError(f"{contender.name} ended with {process.returncode} and no figures:\n{said}") from None
