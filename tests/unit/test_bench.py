"""The bench itself: a ratio is of one round, a padded event is the same event, capacity follows what it measured."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from adapter.ingest.reading import Reader
from adapter.simulate import simulate
from tests.bench.capacity import need
from tests.bench.contenders.limits import rendered, taken_apart
from tests.bench.costs import Costs
from tests.bench.figure import Figure, Measure, at_least, at_most, judged, speed
from tests.bench.figures import FIGURES
from tests.bench.nation import LAYOUTS, Layout, dealt, fate, in_turn
from tests.bench.sample import Sample
from tests.bench.workload import EVENT_BYTES, padded
from tests.unit.pair import SEALER, build, ordinary

COSTS = Costs(
    events_a_second=20_000,
    event_cpu_us=20,
    restored_a_second=25_000,
    person_bytes=3_000,
    base_mb=100,
    person_memory_bytes=3_500,
    read_a_second=60_000,
    built_a_second=2_500,
    report_mb=130,
    report_memory_bytes=300,
    message_bytes=2_000,
)


def test_every_figure_has_its_number_and_contenders_of_different_names() -> None:
    assert [*FIGURES] == [*range(1, 12)]
    for number, figure in FIGURES.items():
        assert figure.number == number
        assert len({one.name for one in figure.contenders}) == len(figure.contenders)
        assert any(measure.reach for measure in figure.measures)


def test_a_ratio_is_of_one_round_and_the_median_is_told() -> None:
    figure = replace(FIGURES[1], measures=(Measure("speed", speed("a", "b"), at_least(0.5)),))
    rounds = [{"a": Sample(100, wall, 1, 1), "b": Sample(100, 1, 1, 1)} for wall in (1, 2, 4)]
    (verdict,) = judged(figure, rounds)
    assert (verdict.least, verdict.median, verdict.most, verdict.reached) == (0.25, 0.5, 1.0, True)


@pytest.mark.parametrize(("reach", "inside", "outside"), [(at_least(2), 2.0, 1.99), (at_most(2), 2.0, 2.01)])
def test_a_reach_has_a_right_side(reach: object, inside: float, outside: float) -> None:
    figure: Figure = replace(FIGURES[1], measures=(Measure("x", lambda one: one["a"].wall, reach),))  # type: ignore[arg-type]
    found = [judged(figure, [{"a": Sample(1, wall, 1, 1)}])[0].reached for wall in (inside, outside)]
    assert found == [True, False]


def test_a_padded_event_is_as_large_as_it_says_and_reads_as_before() -> None:
    reader = Reader(SEALER)
    for record in simulate(3, 2018, 1, [("5001", "")]):
        larger = record._replace(value=padded(record.value))
        assert len(larger.value) == max(EVENT_BYTES, len(record.value))
        assert reader.read(larger.delivered) == reader.read(record.delivered)


def test_the_templates_of_the_limit_give_the_message_back() -> None:
    pair = build(ordinary(serial) for serial in range(5))
    for message in (pair.ipl, pair.ide):
        templates = taken_apart(message)
        assert b"".join(rendered(templates)) == message
        assert sum(len(one.values) for one in templates) > len(templates)


def test_every_person_is_dealt_to_one_partition_and_every_partition_to_one_process() -> None:
    shares = dealt(1_000_000, 48, random.Random(3))
    assert sum(shares) == 1_000_000
    assert len(shares) == 48
    assert min(shares) > 0
    assert sorted(one for mine in in_turn(range(48), 5) for one in mine) == [*range(48)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_process_that_is_lost_is_felt_no_longer_when_partitions_are_kept(layout: Layout) -> None:
    found = fate(layout, COSTS)
    assert found.kept.ready_seconds <= found.dealt_anew.ready_seconds
    assert min(found.memory_mb, found.memory_after_mb) > COSTS.base_mb
    assert found.skew >= 1


def test_more_persons_never_need_less() -> None:
    needs = [need(persons, COSTS) for persons in (7_000, 50_000, 400_000, 10_000_000)]
    for less, more in pairwise(needs):
        assert more.processes >= less.processes >= 2
        assert more.disk_gb > less.disk_gb
        assert more.january_minutes > less.january_minutes
