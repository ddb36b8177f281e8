"""The service's end of a build process (`build_process.py`): it is started, given pairs to build, and ended."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from typing import Self

from adapter.report.build_frames import (
    LENGTH_BYTES,
    REPLY,
    Assignment,
    Beginning,
    Broken,
    Finished,
    Reply,
    frame,
    length_of,
)
from adapter.settings.tree import ENV_PREFIX

# How much of what was built may wait to be read: about one batch of persons.
READ_BYTES = 1_048_576


class BuildFailedError(RuntimeError):
    """A build came to nothing; the text says how, for ledger and log."""


class Builder:
    """One process. It ends with the service, however that ends: its input is a pipe that nobody else holds."""

    def __init__(self, process: asyncio.subprocess.Process, beginning: Beginning) -> None:
        self._process = process
        self._unsaid = frame(beginning)

    @classmethod
    async def started(cls, beginning: Beginning) -> Self:
        """A new one. Raises `OSError`."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "adapter.report.build_process"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(beginning.spool,),
            limit=READ_BYTES,
            # Settings come with the rest; a password of Kafka's among them has no business there.
            env={name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)},
        )
        return cls(process, beginning)

    async def build(self, assignment: Assignment) -> AsyncIterator[Reply]:
        """What it answers, the last word included. Raises `BuildFailedError` when the process ends before that."""
        _, read = self._pipes()
        try:
            await self._say(assignment)
            reply: Reply | None = None
            while not isinstance(reply, Finished | Broken):
                reply = REPLY.decode(await read.readexactly(length_of(await read.readexactly(LENGTH_BYTES))))
                yield reply
        except (asyncio.IncompleteReadError, ConnectionError):
            code = await self._process.wait()
            raise BuildFailedError(
                f"Byggeprosessen for {assignment.bestilling.enhet} ble avsluttet før den var ferdig (kode {code}), og "
                "ingenting er sendt. Se loggen, og om maskinen har minne nok: [rapport] prosesser sier hvor mange som "
                "bygger samtidig. Bestill på nytt."
            ) from None

    async def _say(self, assignment: Assignment) -> None:
        write, _ = self._pipes()
        try:
            write.write(self._unsaid + frame(assignment))
            self._unsaid = b""
            await write.drain()
        except RuntimeError as error:  # uvloop's word for a pipe that nobody reads any more
            raise ConnectionError from error

    async def end(self) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    def _pipes(self) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("both are pipes")
        return self._process.stdin, self._process.stdout
