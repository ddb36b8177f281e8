"""Live findings: what the register would remark on if the report were sent today, kept up to date as events come.

Each changed person is judged again a little later, in slices of a few milliseconds between the batches, so that ingest
hardly notices. What is kept of a person is which rules found something, how often; never what.

Seen from one partition only: a finding about two persons (I2) is left to the gap report, and a person whose key went
over into another is judged by that key alone.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from adapter.domain.enhet import Enhet
from adapter.domain.judge import Judge
from adapter.domain.overgang import Overgang
from adapter.domain.rules.rule import Rule
from adapter.domain.rules.sak import Modus, Sak
from adapter.domain.tilstand import Tilstand
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import year_view

SLICE_SECONDS = 0.004
# Of one core: while events stream in, and when the bus is quiet.
BUSY_SHARE = 0.08
IDLE_SHARE = 0.5
REST_SECONDS = 0.25


class Open(NamedTuple):
    """A kind of finding that is open; the labels of the gauge."""

    unit: str
    rule: str
    severity: str


Found = tuple[tuple[Open, int], ...]


@dataclass(slots=True)
class _Part:
    """One partition's persons: their states (shared with the worker), what was found, and who is to be judged again."""

    states: Mapping[str, bytes]
    found: dict[str, Found] = field(default_factory=dict)
    dirty: dict[str, None] = field(default_factory=dict)


class LiveFindings:
    """Open findings of one reporting year over the partitions this process has."""

    def __init__(
        self,
        pack: YearPack,
        rules: Sequence[Rule],
        overgang: Overgang,
        modus: Modus,
        today: Callable[[], date],
        *,
        ekte_i_test: bool = True,
    ) -> None:
        self.open: Counter[Open] = Counter()
        self._pack = pack
        self._judge = Judge(rules, pack.aar)
        self._overgang = overgang
        self._modus = modus
        self._today = today
        self._ekte_i_test = ekte_i_test
        self._parts: dict[int, _Part] = {}
        self._same: dict[Found, Found] = {}
        self._last_change = 0.0

    @property
    def year(self) -> int:
        """The reporting year that is watched."""
        return self._pack.aar

    def watch(self, pack: YearPack, rules: Sequence[Rule], overgang: Overgang) -> None:
        """Another year from now on: everybody is judged anew."""
        self._pack, self._judge, self._overgang = pack, Judge(rules, pack.aar), overgang
        for number, part in list(self._parts.items()):
            self.opened(number, part.states)

    def opened(self, number: int, states: Mapping[str, bytes]) -> None:
        """A partition came, with these persons: all of them are to be judged."""
        self.closed(number)
        self._parts[number] = _Part(states, dirty=dict.fromkeys(states))

    def closed(self, number: int) -> None:
        """A partition went: its findings are another process's to show."""
        part = self._parts.pop(number, None)
        if part is not None:
            for found in part.found.values():
                self._count(found, -1)

    def changed(self, number: int, keys: Iterable[str]) -> None:
        """These persons' states changed."""
        part = self._parts.get(number)
        if part is not None:
            part.dirty.update(dict.fromkeys(keys))
        self._last_change = time.monotonic()

    @property
    def waiting(self) -> int:
        """Persons still to be judged."""
        return sum(len(part.dirty) for part in self._parts.values())

    async def run(self) -> None:
        """Judge whoever is waiting, for ever."""
        while True:
            if not self.waiting:
                await asyncio.sleep(REST_SECONDS)
                continue
            busy = time.monotonic() - self._last_change < 1.0
            self.work(SLICE_SECONDS)
            await asyncio.sleep(SLICE_SECONDS / (BUSY_SHARE if busy else IDLE_SHARE) - SLICE_SECONDS)

    def work(self, seconds: float) -> None:
        """Judge persons for about this long."""
        until = time.perf_counter() + seconds
        for part in self._parts.values():
            while part.dirty:
                key = next(iter(part.dirty))
                del part.dirty[key]
                self._settle(part, key)
                if time.perf_counter() > until:
                    return

    def _settle(self, part: _Part, key: str) -> None:
        state = part.states.get(key)
        found = self.judge(key, Tilstand.decode(state)) if state else ()
        self._count(part.found.pop(key, ()), -1)
        if found:
            part.found[key] = self._same.setdefault(found, found)
            self._count(found, 1)

    def judge(self, key: str, tilstand: Tilstand) -> Found:
        """What is open for one person, in every unit that registered something."""
        lines = list(tilstand.linjer.items())
        if tilstand.slettet or any(name.startswith("sammenslaing/") and not one.annullert for name, one in lines):
            return ()
        oversett = self._overgang.for_person(lines)
        units = {
            Enhet(oversett(one.kommunenummer), one.bydelsnummer)
            for name, one in lines
            if not one.annullert and not name.startswith("person/")
        }
        counted: Counter[Open] = Counter()
        for unit in units:
            view = year_view(key, lines, unit, self._pack.aar, oversett)
            if view is not None:
                sak = Sak(self._pack, unit, view, self._today(), self._modus, ekte_i_test=self._ekte_i_test)
                judged = self._judge.judge(sak)
                counted.update(Open(str(unit), funn.rule, funn.severity.value) for funn in judged.funn)
        return tuple(sorted(counted.items()))

    def _count(self, found: Found, sign: int) -> None:
        for kind, number in found:
            self.open[kind] += sign * number
            if not self.open[kind]:
                del self.open[kind]


def year_to_watch(today: date, available: Iterable[int]) -> int | None:
    """The reporting year people work on: last year until corrections are over (21 March), then this one.

    Where there is no pack for it yet, the newest earlier one serves; None when there is none.
    """
    current = today.year - ((today.month, today.day) <= (3, 21))
    return max((year for year in available if year <= current), default=None)
