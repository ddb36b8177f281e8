"""What is found after a run decides; each thing that is wrong breaks its own promise and no other."""

from dataclasses import replace
from typing import Any

import pytest

from tests.chaos import report
from tests.chaos.faults import FillDisk, KillWorker, OrderReport, SleepWorker
from tests.chaos.verdict import NOT_READY, Aftermath, Diff, Record, promises

NONE = Diff(10, 0, 0)
GOOD = Aftermath(
    sent=10,
    bus=NONE,
    events_open=0,
    states=NONE,
    states_wrong=0,
    letters=NONE,
    pairs=NONE,
    pairs_wrong=0,
    commands=NONE,
    runs={"sendt": 4, "fordelt": 4},
    last_reports=3,
    last_reports_equal=3,
    quiet_sent=600,
    quiet_counted=600,
    ready=True,
    exit_codes=(0, 0, 0),
    starts_refused=1,
    ended_by_themselves=(),
    fenced=1,
)
RECORDS = [
    Record("worker 0", SleepWorker(0), "happened", 1.0, 9.0, frozenset({"taken over", "fenced"})),
    Record("worker 1", KillWorker(1), "happened", 2.0, 4.0, frozenset({"ready again"})),
    Record("reports", OrderReport(1), "happened", 2.0, 4.0, frozenset({"exit 0"})),
    Record("brokers", FillDisk(), "impossible", seen=frozenset({"no small disk here"})),
]


def broken(records: list[Record], aftermath: Aftermath) -> list[str]:
    return [one.name for one in promises(records, aftermath) if not one.kept]


def test_a_run_in_which_nothing_is_wrong_keeps_every_promise_and_what_was_impossible_is_told() -> None:
    assert broken(RECORDS, GOOD) == []
    text = report.text("python -m tests.chaos --seed 7", RECORDS, GOOD, promises(RECORDS, GOOD))
    assert "again: python -m tests.chaos --seed 7" in text
    assert "2 faults of 3 happened" in text
    assert "FillDisk                 1        0  no small disk here 1" in text
    assert "BROKEN" not in text


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        ({"bus": Diff(10, 1, 0)}, "the load is on the bus, once"),
        ({"bus": Diff(10, 0, 1)}, "the load is on the bus, once"),
        ({"events_open": 1}, "every event has one outcome"),
        ({"states": Diff(10, 1, 0)}, "the state is the model's, byte for byte"),
        ({"states_wrong": 1}, "the state is the model's, byte for byte"),
        ({"letters": Diff(10, 0, 1)}, "one dead letter for each broken event"),
        ({"pairs": Diff(10, 0, 1)}, "one pair for each run that was sent, and no other"),
        ({"pairs_wrong": 1}, "one pair for each run that was sent, and no other"),
        ({"commands": Diff(10, 1, 0)}, "every command has ended"),
        ({"last_reports_equal": 2}, "the last reports are the model's, byte for byte"),
        ({"quiet_counted": 599}, "counters tell of every event while nobody dies"),
        ({"ready": False}, "all workers came back to work"),
        ({"ended_by_themselves": ("worker 1 ended with code 1",)}, "no worker gave up"),
        ({"exit_codes": (0, -9, 0)}, "told to stop, they stop in order"),
        ({"fenced": 0}, "who slept is fenced when it writes"),
    ],
)
def test_each_thing_that_is_wrong_breaks_its_promise(wrong: dict[str, Any], promise: str) -> None:
    assert broken(RECORDS, replace(GOOD, **wrong)) == [promise]


def test_nobody_need_be_fenced_where_nobody_slept() -> None:
    assert broken(RECORDS[1:], replace(GOOD, fenced=0)) == []


@pytest.mark.parametrize(
    ("record", "promise"),
    [
        (Record("worker 1", KillWorker(1), "not reached"), "the whole plan was carried out"),
        (
            Record("worker 1", KillWorker(1), "happened", seen=frozenset({NOT_READY})),
            "what was broken came back",
        ),
    ],
)
def test_a_fault_that_did_not_end_well_or_did_not_come_is_a_broken_promise(record: Record, promise: str) -> None:
    assert broken([*RECORDS, record], GOOD) == [promise]
