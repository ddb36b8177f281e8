"""The log on a bad day: libraries complain of every try, and the disk is not full of it in the morning."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from adapter.ops import logs
from adapter.ops.repeats import EVERY_SECONDS, Repeats

Lines = Callable[[], list[dict[str, object]]]
Log = Callable[[], Lines]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Log]:
    """`log()` sets logging up, and gives what reads its lines; afterwards logging is as it was."""
    root = logging.getLogger()
    before, level, own = root.handlers[:], root.level, logging.getLogger("adapter").level

    def begin() -> Lines:
        logs.configure()
        return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield begin
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("adapter").setLevel(own)
    structlog.reset_defaults()


def test_a_library_that_repeats_itself_is_heard_once_in_a_while_and_how_often_it_spoke_is_told() -> None:
    clock = Clock()
    repeats = Repeats(clock)
    record = logging.LogRecord("aiokafka", logging.ERROR, "client.py", 7, "away", (), None)
    heard = []
    for second in range(int(EVERY_SECONDS) * 2 + 1):
        clock.now = float(second)
        heard.append(repeats.filter(record))
    assert [second for second, through in enumerate(heard) if through] == [0, 30, 60]
    assert vars(record)["repeated"] == 29


def test_what_another_line_or_another_level_says_is_not_held_back() -> None:
    repeats = Repeats(Clock())
    places = [("client.py", 7, logging.ERROR), ("client.py", 8, logging.ERROR), ("client.py", 7, logging.WARNING)]
    records = [logging.LogRecord("aiokafka", level, path, line, "x", (), None) for path, line, level in places]
    assert all(repeats.filter(record) for record in records)


@pytest.mark.parametrize(
    ("name", "through"), [("aiokafka.conn", 1), ("faust.transport", 1), ("asyncio", 1), ("aiohttp", 5)]
)
def test_only_the_libraries_that_repeat_themselves_are_cut_short(log: Log, name: str, through: int) -> None:
    lines = log()
    for number in range(5):
        logging.getLogger(name).error("Unable connect to node with id %s", number)
    assert [line["event"] for line in lines()] == [f"Unable connect to node with id {one}" for one in range(through)]


def test_what_the_program_itself_says_is_always_heard(log: Log) -> None:
    lines = log()
    for partition in range(5):
        structlog.get_logger("adapter.ingest.worker").warning("batch failed", partition=partition)
    assert [line["partition"] for line in lines()] == [*range(5)]


def test_how_often_a_line_was_held_back_stands_in_the_line_that_comes_through(log: Log) -> None:
    lines = log()
    logging.getLogger("aiokafka").error("away", extra={"repeated": 29, "other": "kept out"})
    [line] = lines()
    assert (line["repeated"], "other" in line) == (29, False)
