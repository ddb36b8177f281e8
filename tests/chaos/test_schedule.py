"""The plan of a run: from a seed, the same everywhere, with every kind in it."""

from collections import Counter

import pytest

from tests.chaos.schedule import BROKERS, WORKERS, events, lane_of, plan, written

KINDS = {
    "KillWorker",
    "SleepWorker",
    "StopWorker",
    "CutNetwork",
    "DropNetwork",
    "DelayNetwork",
    "KillBroker",
    "RestartController",
    "FillDisk",
    "RebalanceStorm",
}


def kinds(seed: int, faults: int) -> Counter[str]:
    return Counter(type(one).__name__ for one in events(plan(seed, faults)))


@pytest.mark.parametrize("faults", [10, 14, 57, 200, 1000])
def test_a_plan_has_as_many_faults_as_were_asked_for_every_kind_among_them_and_a_report(faults: int) -> None:
    counted = kinds(7, faults)
    reports = counted.pop("OrderReport")
    assert set(counted) == KINDS
    assert counted.total() == faults
    assert reports == max(1, faults // 20)


def test_the_shares_of_a_large_plan_do_not_depend_on_the_seed() -> None:
    assert kinds(1, 200) == kinds(2, 200)
    assert kinds(1, 200)["KillWorker"] > kinds(1, 200)["FillDisk"] > 1


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert plan(7, 40) == plan(7, 40)
    assert written(plan(7, 40)) == written(plan(7, 40))
    assert plan(7, 40) != plan(8, 40)


def test_the_first_lines_of_a_plan_are_what_they_were() -> None:
    """A seed that failed last month still plays what failed."""
    assert written(plan(7, 10)).splitlines()[:3] == [
        "brokers   + 2.6 s  RestartController()",
        "brokers   + 2.7 s  FillDisk()",
        "brokers   + 2.4 s  KillBroker(broker=0, seconds=4.6)",
    ]


def test_each_thing_happens_in_the_lane_it_belongs_to_and_to_someone_who_is_there() -> None:
    for lane, steps in plan(3, 300).items():
        for pause, event in steps:
            assert lane_of(event) == lane
            assert pause > 0
            assert getattr(event, "worker", 0) in range(WORKERS)
            assert getattr(event, "broker", 0) in range(BROKERS)


def test_too_few_faults_to_hold_every_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="ask for at least"):
        plan(7, 9)
