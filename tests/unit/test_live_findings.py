"""Live findings agree with a full recount, whatever came, went and changed meanwhile."""

from collections import Counter
from datetime import date

import pytest

from adapter.domain.overgang import Overgang
from adapter.domain.rules import RULES
from adapter.ingest.batch import fold_batch
from adapter.ingest.reading import Reader, Reading
from adapter.packs import load_pack, load_places
from adapter.report.live import LiveFindings, Open, year_to_watch
from adapter.sealing import Sealer
from adapter.simulate import simulate

UNITS = [("5001", ""), ("0301", "03")]
ENOUGH = 60.0


def watcher() -> LiveFindings:
    return LiveFindings(load_pack(2018), RULES, Overgang(load_places(), 2018), "test", lambda: date(2019, 1, 5))


def recount(*parts: dict[str, bytes]) -> Counter[Open]:
    fresh = watcher()
    for number, states in enumerate(parts):
        fresh.opened(number, states)
    fresh.work(ENOUGH)
    return fresh.open


@pytest.fixture(scope="module")
def batches() -> list[list[tuple[int, Reading]]]:
    """A messy year of 60 persons, in order, in batches of 100 events."""
    reader = Reader(Sealer({"k": bytes(32)}, bytes(32)))
    readings = [reader.read(one.delivered) for one in simulate(60, 2018, 5, UNITS, mess=True)]
    numbered = [*enumerate(readings)]
    return [numbered[start : start + 100] for start in range(0, len(numbered), 100)]


def test_after_every_batch_the_open_findings_equal_a_full_recount(batches: list[list[tuple[int, Reading]]]) -> None:
    live = watcher()
    states: dict[str, bytes] = {}
    live.opened(0, states)
    for batch in batches:
        folded = fold_batch(states, batch)
        states.update(folded.states)
        live.changed(0, folded.states)
        live.work(ENOUGH)
        assert live.waiting == 0
        assert live.open == recount(states)
    assert len({one.rule for one in live.open}) >= 5


def test_a_partition_that_goes_takes_its_findings_along(batches: list[list[tuple[int, Reading]]]) -> None:
    first: dict[str, bytes] = dict(fold_batch({}, [one for batch in batches[::2] for one in batch]).states)
    other: dict[str, bytes] = dict(fold_batch({}, [one for batch in batches[1::2] for one in batch]).states)
    live = watcher()
    live.opened(0, first)
    live.opened(1, other)
    live.work(ENOUGH)
    assert live.open == recount(first, other)
    live.closed(0)
    assert live.open == recount(other)
    live.opened(0, first)
    live.work(ENOUGH)
    assert live.open == recount(first, other)


def test_a_person_waits_once_however_often_it_changed(batches: list[list[tuple[int, Reading]]]) -> None:
    states = dict(fold_batch({}, batches[0]).states)
    live = watcher()
    live.opened(0, states)
    before = live.waiting
    live.changed(0, states)
    assert live.waiting == before == len(states)


def test_changes_of_a_partition_that_is_gone_are_nothing(batches: list[list[tuple[int, Reading]]]) -> None:
    live = watcher()
    live.changed(7, ["p-1"])
    assert live.waiting == 0


def test_work_stops_when_its_time_is_up(batches: list[list[tuple[int, Reading]]]) -> None:
    states = dict(fold_batch({}, [one for batch in batches for one in batch]).states)
    live = watcher()
    live.opened(0, states)
    live.work(0.0)
    assert live.waiting == len(states) - 1


@pytest.mark.parametrize(
    ("today", "available", "year"),
    [
        (date(2018, 11, 1), [2018], 2018),
        (date(2019, 1, 1), [2018, 2019], 2018),
        (date(2019, 3, 21), [2018, 2019], 2018),
        (date(2019, 3, 22), [2018, 2019], 2019),
        (date(2026, 11, 1), [2018, 2021], 2021),
        (date(2018, 1, 5), [2018], None),
    ],
)
def test_the_year_people_work_on(today: date, available: list[int], year: int | None) -> None:
    assert year_to_watch(today, available) == year


def test_another_year_has_everybody_judged_anew(batches: list[list[tuple[int, Reading]]]) -> None:
    states = dict(fold_batch({}, [one for batch in batches for one in batch]).states)
    live = watcher()
    live.opened(0, states)
    live.work(ENOUGH)
    before = live.open.copy()
    live.watch(load_pack(2019), RULES, Overgang(load_places(), 2019))
    assert live.year == 2019
    assert live.waiting == len(states)
    live.work(ENOUGH)
    live.watch(load_pack(2018), RULES, Overgang(load_places(), 2018))
    live.work(ENOUGH)
    assert live.open == before
