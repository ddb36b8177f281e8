"""Pairs are built in processes of their own, several at once, while the service sends the ones that are built.

A build is begun ahead of its turn, for the order it is expected to have, and comes to bytes and counts alone: what the
ledger says, and when, is the business of the run whose turn it is. If the order turns out to be another one (a unit
that came to nothing leaves its running number to the next), what was built is thrown away and built again.
"""

import asyncio
import os
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, assert_never

from adapter.domain.enhet import Enhet
from adapter.domain.yearpack import YearPack
from adapter.report.build import Bestilling, Framdrift
from adapter.report.build_frames import Assignment, Beginning, Broken, Finished, Reply, Written
from adapter.report.builder import Builder, BuildFailedError
from adapter.report.emit import Measured
from adapter.report.population import Population
from adapter.report.resultat import Resultat
from adapter.report.spool import Spool, SpooledMessage
from adapter.sealing import Keyring
from adapter.settings.config import Config

# A machine shows all its cores to a container that may use two of them, and each process takes some 80 MB.
MOST_BY_DEFAULT = 4
NOTHING_YET = Framdrift(0, 0)


def processes(config: Config) -> int:
    """How many build at once."""
    return config.rapport.prosesser or min(len(os.sched_getaffinity(0)), MOST_BY_DEFAULT)


@dataclass(slots=True)
class Build:
    """One pair under way, or built: then `task` has ended, and `resultat` is what came of it."""

    bestilling: Bestilling
    pakkeversjon: str
    spool: Spool
    ipl: Measured
    ide: Measured
    step: Framdrift = NOTHING_YET
    resultat: Resultat = field(default_factory=Resultat)
    task: asyncio.Task[None] = field(init=False)

    @classmethod
    def of(cls, bestilling: Bestilling, pack: YearPack) -> Self:
        """Nothing of it yet."""
        if pack.melding is None:
            raise ValueError(f"the pack for {pack.aar} has no message format")
        spool = Spool()
        return cls(
            bestilling,
            pack.pakkeversjon,
            spool,
            Measured(SpooledMessage(spool), bestilling.melding_id_ipl, pack.melding.meldingstype_fag),
            Measured(SpooledMessage(spool), bestilling.melding_id_ide, pack.melding.meldingstype_ident),
        )

    def take(self, reply: Reply) -> None:
        """The next that was built, or what came of it. Raises `BuildFailedError`."""
        match reply:
            case Written(ipl, ide, ferdig, av):
                self.ipl.write(ipl)
                self.ide.write(ide)
                self.step = Framdrift(ferdig, av)
            case Finished(resultat):
                self.resultat = resultat
            case Broken(error):
                raise BuildFailedError(f"Uventet feil ({error}); se loggen.")
            case _:
                assert_never(reply)


class BuildPool:
    """The builds of one command, all of the same population."""

    def __init__(self, config: Config, keys: Keyring, population: Population, spool: Spool) -> None:
        self.size = processes(config)
        self._population = population
        # As they are now that the state has been read: whatever it was sealed with is among them.
        keys.look()
        self._beginning = Beginning(config, keys.file, keys.known, spool.descriptor, spool.key)
        self._free = asyncio.Semaphore(self.size)
        self._idle: list[Builder] = []
        self._builds: dict[Enhet, Build] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        for enhet in [*self._builds]:
            await self.drop(enhet)
        for builder in self._idle:
            await builder.end()

    async def begin(self, bestilling: Bestilling, pack: YearPack) -> Build:
        """The build of this order, begun if it was not; for another order than before, begun anew."""
        held = self._builds.get(bestilling.enhet)
        if held is not None and held.bestilling == bestilling:
            return held
        await self.drop(bestilling.enhet)
        build = self._builds[bestilling.enhet] = Build.of(bestilling, pack)
        build.task = asyncio.create_task(self._build(build, pack.aar))
        return build

    async def drop(self, enhet: Enhet) -> None:
        """Give back what the unit's build holds, whether it has ended or not."""
        if (build := self._builds.pop(enhet, None)) is not None:
            build.task.cancel()
            await asyncio.gather(build.task, return_exceptions=True)
            build.spool.close()

    async def _build(self, build: Build, aar: int) -> None:
        assignment = Assignment(build.bestilling, aar, self._population.share(build.bestilling.enhet))
        async with self._free:
            builder = self._idle.pop() if self._idle else await Builder.started(self._beginning)
            try:
                async for reply in builder.build(assignment):
                    build.take(reply)
            except BaseException:
                # Whatever it was about, nobody listens to that now.
                await builder.end()
                raise
            self._idle.append(builder)
