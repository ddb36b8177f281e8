"""What a library repeats is written once a minute; our own lines always."""

import logging

import pytest

from adapter.ops.logs import NotAgain


def record(name: str, text: str, *values: object, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord(name, level, "file.py", 1, text, values, None)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_library_is_heard_once_a_minute_whatever_the_values(clock: Clock) -> None:
    heard = NotAgain(clock)
    assert heard.filter(record("aiokafka", "no connection to %s", "a"))
    clock.now = 59.0
    assert not heard.filter(record("aiokafka", "no connection to %s", "b"))
    clock.now = 60.0
    assert heard.filter(record("aiokafka", "no connection to %s", "a"))


def test_another_text_level_or_library_is_something_else(clock: Clock) -> None:
    heard = NotAgain(clock)
    lines = [
        record("aiokafka", "a"),
        record("aiokafka", "b"),
        record("faust", "a"),
        record("aiokafka", "a", level=logging.WARNING),
    ]
    assert all(heard.filter(line) for line in lines)
    assert not any(heard.filter(line) for line in lines)


def test_of_a_text_with_values_in_it_the_first_line_counts(clock: Clock) -> None:
    heard = NotAgain(clock)
    assert heard.filter(record("asyncio", "never retrieved\nfuture: 1"))
    assert not heard.filter(record("asyncio", "never retrieved\nfuture: 2"))


def test_our_own_lines_always_pass(clock: Clock) -> None:
    heard = NotAgain(clock)
    assert all(heard.filter(record("adapter.app", "a")) for _ in range(3))
