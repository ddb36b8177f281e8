"""The January machine's hand: at each tick it asks the calendar what is due, and puts that on the command topic.

It keeps no memory. What was done stands in the ledger, and a planned run has an id that follows from what it is, so
that two leaders, a late tick or a clock that jumped give the command twice at most, and the run once.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import chain

import structlog

from adapter.domain.calendar import due_runs, units
from adapter.domain.enhet import Enhet
from adapter.domain.places import Places
from adapter.domain.planned_run import Arsak, Plan, PlannedRun, RunFact
from adapter.domain.repeats import last_run
from adapter.domain.round_view import Runde, round_view
from adapter.domain.windows import vindu
from adapter.domain.yearpack import YearPack
from adapter.packs import PackError, available_years, load_pack, load_places
from adapter.report.clock import Clock
from adapter.report.ledger import Kjoring, read_ledger
from adapter.report.order import Order, give
from adapter.report.setup import extra_packs
from adapter.settings.config import Config

log = structlog.get_logger()

CALENDAR = "kalenderen"
_LOOKS = uuid.UUID("5a0e9a2c-0a9b-5c0f-8d0c-3b1f0d2d2018")


class Control:
    """Ticks. `clock` gives the moment, aware of its zone."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._packs = packs_with_format(config)
        self._places = load_places()

    async def tick(self) -> tuple[PlannedRun, ...]:
        """Give the command for every run that is due; returns them."""
        if not self._config.kalender.pa or not self._config.kommuner:
            return ()
        now = self._clock()
        open_packs = [pack for pack in self._packs if round_is_open(pack, now)]
        if not open_packs:
            return ()
        runs = await read_ledger(self._config.kafka, self._config.topics.rapport)
        facts = run_facts(runs.values(), now)
        plans = [(pack, plan_of(self._config, self._places, pack.aar)) for pack in open_packs]
        due = tuple(chain.from_iterable(due_runs(now, pack, plan, facts) for pack, plan in plans))
        for one in due:
            log.info("run is due", run=one.id, unit=str(one.enhet), kind=one.slag, cause=one.arsak)
            order = Order(one.enhet, one.aar, CALENDAR)
            await give(self._config, order, one.emisjon, one.slag, now, command_id=one.id, arsak=one.arsak)
        every = timedelta(minutes=self._config.kalender.sjekk_minutter)
        for sent, ident in chain.from_iterable(looks(pack, plan, facts, now, every) for pack, plan in plans):
            order = Order(sent.enhet, sent.aar, CALENDAR, "ser etter rettede funn")
            await give(self._config, order, "ingen", None, now, command_id=ident)
        return due

    def rounds(self, runs: Mapping[str, Kjoring]) -> tuple[Runde, ...]:
        """The rounds that are on, for those on watch: a deadline stands whether or not anything begins by itself."""
        now = self._clock()
        facts = run_facts(runs.values(), now)
        found = (round_view(now, pack, plan_of(self._config, self._places, pack.aar), facts) for pack in self._packs)
        return tuple(one for one in found if one is not None)


def looks(
    pack: YearPack, plan: Plan, facts: Sequence[RunFact], now: datetime, every: timedelta
) -> Iterator[tuple[RunFact, str]]:
    """The sent runs whose unit is to be looked at again, and the id of that look: a dry run that counts findings.

    One look in each span of `every` after the run ended; its id follows from the run and the span.
    """
    window = vindu(pack.frister, "gjentak")
    if "rettet" not in plan.gjentak_ved or window is None or not window.holds(now):
        return
    for enhet in units(pack.aar, plan, facts):
        last = last_run(pack.aar, plan, enhet, facts)
        if last is None or last.tilstand not in ("sendt", "kvittert", "kvittert-med-feil"):
            continue
        span = int((now - (last.ferdig or last.startet)) / every)
        ident = str(uuid.uuid5(_LOOKS, f"{last.id}/{span}"))
        if span > 0 and not any(fact.kommando == ident for fact in facts):
            yield last, ident


def plan_of(config: Config, places: Places, aar: int) -> Plan:
    """The calendar's settings as the calendar wants them, for the municipalities as they were in the year."""
    numbers = {number for one in config.kommuner for number in places.number_in_year(one.nummer, aar)}
    kalender = config.kalender
    causes: list[Arsak] = list(kalender.gjentak_ved)
    return Plan(
        enheter=tuple(Enhet(number) for number in sorted(numbers)),
        send=config.rapport.send,
        prove=kalender.prove,
        prove_ukedager=frozenset(kalender.prove_ukedager),
        prove_hver_uke=kalender.prove_hver_uke,
        prove_klokken=time.fromisoformat(kalender.prove_klokken),
        ordinaer_dager_etter=kalender.ordinaer_dager_etter,
        ordinaer_klokken=time.fromisoformat(kalender.ordinaer_klokken),
        gjentak_ved=frozenset(causes),
        gjentak_minste_rettet=kalender.gjentak_minste_rettet,
        gjentak_mellomrom=timedelta(minutes=kalender.gjentak_minutter),
        gjentak_maks=kalender.gjentak_maks,
    )


def packs_with_format(config: Config) -> list[YearPack]:
    """The years that can be sent at all. A pack that cannot be read is told of and passed over."""
    extra = extra_packs(config)
    packs = []
    for year in available_years(extra):
        try:
            pack = load_pack(year, extra, config.antakelser.get(str(year), {}))
        except PackError as error:
            log.error("year pack cannot be used", year=year, why=str(error))  # noqa: TRY400  # the sentence says it
            continue
        if pack.melding is not None:
            packs.append(pack)
    return packs


def round_is_open(pack: YearPack, now: datetime) -> bool:
    """Whether any window of the round in which something happens by itself is open."""
    windows = (vindu(pack.frister, "prove"), vindu(pack.frister, "ordinaer"))
    return any(window is not None and window.holds(now) for window in windows)


def run_facts(runs: Iterable[Kjoring], now: datetime) -> Sequence[RunFact]:
    """The ledger as the calendar sees it."""
    known = list(runs)
    newest = _newest_looks(known)
    return [
        RunFact(
            id=run.kjoring,
            kommando=run.kommando,
            enhet=enhet_of(run.enhet),
            aar=run.aar,
            slag=run.slag,
            emisjon=run.emisjon,
            tilstand=run.tilstand(now),
            startet=run.tidspunkt,
            ferdig=run.ferdig,
            lopenr=int(run.lopenr or 0),
            erstatter=run.erstatter,
            funn_rettet=_mended(run, newest.get((run.enhet, run.aar))),
        )
        for run in known
    ]


def mended(run: Kjoring, runs: Iterable[Kjoring]) -> int:
    """How many of a run's findings are gone by the newest look at the unit since: a dry run, or a later run."""
    return _mended(run, _newest_looks(runs).get((run.enhet, run.aar)))


def _newest_looks(runs: Iterable[Kjoring]) -> dict[tuple[str, int], Kjoring]:
    """The newest run with counts of each unit and year. Once for all: a city's ledger has ten thousand in January."""
    newest: dict[tuple[str, int], Kjoring] = {}
    for run in runs:
        held = newest.get((run.enhet, run.aar))
        if run.resultat and (held is None or run.tidspunkt > held.tidspunkt):
            newest[run.enhet, run.aar] = run
    return newest


def _mended(run: Kjoring, newest: Kjoring | None) -> int:
    if run.status != "sendt" or not run.resultat or newest is None:
        return 0
    if newest.tidspunkt <= (run.ferdig or run.tidspunkt):
        return 0
    return sum((Counter(run.resultat["funn"]) - Counter(newest.resultat["funn"])).values())


def enhet_of(text: str) -> Enhet:
    """`5001` or `0301-03` as a unit."""
    kommunenummer, _, bydelsnummer = text.partition("-")
    return Enhet(kommunenummer, bydelsnummer)
