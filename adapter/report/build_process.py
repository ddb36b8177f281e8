"""A build process: `python -m adapter.report.build_process`, started by `BuildPool` and by nobody else.

It builds one pair after another, as it is told on its standard input, and ends when that does: when the service is done
with it, or is no more. It writes nothing but its answers, and logs as the service does.
"""

import os
import signal
import sys
from typing import BinaryIO

import structlog

from adapter.ops import logs
from adapter.report.build import PairBuilder
from adapter.report.build_frames import (
    ASSIGNMENT,
    BEGINNING,
    LENGTH_BYTES,
    Assignment,
    Beginning,
    Broken,
    Finished,
    Reply,
    Written,
    frame,
    length_of,
)
from adapter.report.setup import make_oppsett
from adapter.report.share import SharedPersons
from adapter.report.spool import SpoolReader
from adapter.sealing import Sealer

log = structlog.get_logger("adapter.report.build_process")


class _Sink:
    """What was written since somebody took it."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, block: bytes, /) -> None:
        self._blocks.append(block)

    def taken(self) -> bytes:
        blocks, self._blocks = self._blocks, []
        return b"".join(blocks)


class _Answers:
    """The pipe back to the service."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe

    def say(self, reply: Reply) -> None:
        self._pipe.write(frame(reply))
        self._pipe.flush()


def build(assignment: Assignment, beginning: Beginning, sealer: Sealer, answers: _Answers) -> None:
    """Build one pair, a batch of persons at a time."""
    bestilling = assignment.bestilling
    oppsett = make_oppsett(beginning.config, sealer, bestilling.enhet, assignment.aar)
    spool = SpoolReader(beginning.spool, beginning.spool_key)
    builder = PairBuilder(bestilling, oppsett, SharedPersons(assignment.share, spool))
    ipl, ide = _Sink(), _Sink()
    for step in builder.run(ipl, ide):
        answers.say(Written(ipl.taken(), ide.taken(), step.ferdig, step.av))
    answers.say(Written(ipl.taken(), ide.taken()))
    answers.say(Finished(builder.resultat))


def main() -> None:
    """Until there is nothing more to build."""
    # A service that is asked to stop decides what becomes of its builds; nobody else ends them.
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.SIG_IGN)
    logs.configure()
    heard = sys.stdin.buffer
    # Whatever a library may print must not get among the answers.
    answers = _Answers(os.fdopen(os.dup(sys.stdout.fileno()), "wb"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    beginning = BEGINNING.decode(_body(heard))
    sealer = Sealer.of(beginning.keys, beginning.known)
    while body := _body(heard):
        assignment = ASSIGNMENT.decode(body)
        try:
            build(assignment, beginning, sealer, answers)
        except BrokenPipeError:
            return
        except Exception as error:
            log.exception("build failed", unit=str(assignment.bestilling.enhet))
            answers.say(Broken(type(error).__name__))


def _body(heard: BinaryIO) -> bytes:
    """The next frame; empty at the end."""
    return heard.read(length_of(heard.read(LENGTH_BYTES)))


if __name__ == "__main__":
    main()
