"""When the faults are over: the service comes to rest by itself, shows that it works, and is counted."""

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import islice

from adapter.domain.enhet import Enhet
from tests.chaos import aftermath
from tests.chaos.group_faults import report_exit
from tests.chaos.load import Load, endless
from tests.chaos.scene import Scene
from tests.chaos.verdict import Aftermath
from tests.chaos.workers import before_long
from tests.integration.house import UNITS
from tests.integration.reports import built_from, emitted, ledger

# A slow machine may have much to catch up with.
REST_SECONDS = 600.0
QUIET_EVENTS = 600


class Ending:
    """Asks in the order in which it has to come; `found` says what there is."""

    def __init__(self, scene: Scene, load: Load, seed: int, say: Callable[[str], None]) -> None:
        self._scene = scene
        self._house = scene.house
        self._load = load
        self._seed = seed
        self._say = say

    async def found(self) -> Aftermath:
        await self._load.pause()
        ready = await self._scene.workers.all_ready(REST_SECONDS) and await before_long(self._at_rest, REST_SECONDS)
        self._say(f"{self._load.sent} events; at rest: {ready}")
        counted = await self._counted_when_quiet()
        await self._commands_end()
        before = set(await ledger(self._house))
        for unit in range(len(UNITS)):
            self._say(f"last report of {Enhet(*UNITS[unit])}: exit {await report_exit(self._scene, unit)}")
        return await self._count(ready=ready, counted=counted, before=before)

    async def _at_rest(self) -> bool:
        return not await aftermath.open_events(self._house)

    async def _counted_when_quiet(self) -> int:
        """Some events more. Nobody dies now, so what the workers count is all that came."""
        before = await self._counters()
        await self._load.send(QUIET_EVENTS)
        await self._load.pause()

        async def all_counted() -> bool:
            return await self._counters() - before >= QUIET_EVENTS

        await before_long(all_counted, REST_SECONDS)
        await before_long(self._at_rest, REST_SECONDS)
        return await self._counters() - before

    async def _counters(self) -> int:
        """Outcomes that the workers have counted; a worker that does not answer has none."""
        counted = 0
        for place in self._scene.workers.places:
            if place.service.running and await place.listens():
                counted += sum((await place.service.outcomes()).values())
        return counted

    async def _commands_end(self) -> None:
        """What was ordered in the middle is carried out, whoever gave up waiting for it."""

        async def all_ended() -> bool:
            return (await aftermath.commands(self._house, await ledger(self._house))).none

        await before_long(all_ended, REST_SECONDS)

    async def _count(self, *, ready: bool, counted: int, before: set[str]) -> Aftermath:
        house = self._house
        sent = [*islice(endless(self._seed), self._load.sent)]
        # In a thread, since it takes seconds and the workers' network passes through this loop.
        model = await asyncio.to_thread(house.model, sent)
        bus, records = await aftermath.bus(house, sent)
        states, states_wrong = await aftermath.states(house, model)
        runs = await ledger(house)
        pairs = await aftermath.pairs(house, runs)
        last = [run for run in runs.values() if run.kjoring not in before and run.status == "sendt"]
        equal = sum([await emitted(house, run) == built_from(house, model.states, run) for run in last])
        open_events, commands = await aftermath.open_events(house), await aftermath.commands(house, runs)
        fenced, ended = self._scene.workers.fenced(), self._scene.workers.ended
        return Aftermath(
            sent=len(sent),
            bus=bus,
            events_open=open_events,
            states=states,
            states_wrong=states_wrong,
            letters=await aftermath.letters(house, records, sent),
            pairs=pairs.parts,
            pairs_wrong=pairs.wrong,
            commands=commands,
            runs=dict(Counter(run.status for run in runs.values())),
            last_reports=len(UNITS),
            last_reports_equal=equal,
            quiet_sent=QUIET_EVENTS,
            quiet_counted=counted,
            ready=ready,
            exit_codes=await self._scene.workers.stop(),
            starts_refused=sum(one.found_no_cluster for one in ended),
            ended_by_themselves=tuple(str(one) for one in ended if not one.found_no_cluster),
            fenced=fenced,
        )
