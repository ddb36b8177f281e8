"""What reaches the log of a process when things go wrong: where, of which kind, and nobody's number."""

import json
import subprocess
import sys
from typing import Any

import pytest

NUMBER = "17912099997"
PROGRAM = f"""
import asyncio, logging, structlog
from adapter.ops import logs
logs.configure("DEBUG")
log = structlog.get_logger("adapter.here")
number = "{NUMBER}"
"""


def lines(program: str) -> list[dict[str, Any]]:
    """What a process that does this says on standard error, line by line; each is one JSON object."""
    done = subprocess.run([sys.executable, "-c", PROGRAM + program], capture_output=True, text=True, check=False)
    assert NUMBER not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_traceback_tells_types_and_places_of_an_error_and_its_cause_and_no_text() -> None:
    [line] = lines("""
def read(text):
    int(text)
try:
    try:
        read("x" + number)
    except ValueError as error:
        raise RuntimeError("cannot use mistyped 17912099998") from error
except RuntimeError:
    log.exception("failed")
""")
    assert (line["event"], line["level"]) == ("failed", "error")
    assert [(one["exc_type"], one["is_cause"]) for one in line["exception"]] == [
        ("RuntimeError", False),
        ("ValueError", True),
    ]
    assert [frame["name"] for frame in line["exception"][1]["frames"]] == ["<module>", "read"]
    assert "17912099998" not in json.dumps(line)


def test_of_a_group_of_errors_each_is_told() -> None:
    [line] = lines("""
try:
    raise ExceptionGroup(number, [ValueError(number), OSError(number)])
except ExceptionGroup:
    log.exception("failed")
""")
    assert [inner[0]["exc_type"] for inner in line["exception"][0]["exceptions"]] == ["ValueError", "OSError"]


@pytest.mark.parametrize(
    "said",
    [
        'logging.getLogger("aiokafka").error("Crashed reason=%r", ValueError(number))',
        'logging.getLogger("faust").error("bad: %s", number, exc_info=ValueError(number))',
        'log.warning("odd", value=f"pas{number}")',
        'log.warning(f"odd {number[:6]} {number[6:]}")',
    ],
)
def test_what_is_put_in_words_all_the_same_passes_a_net(said: str) -> None:
    [line] = lines(said)
    assert "(fjernet)" in json.dumps(line)


def test_libraries_are_silent_below_warnings_even_when_debug_is_asked_for() -> None:
    assert lines('logging.getLogger("aiokafka").debug(number); logging.getLogger("aiokafka").info("x")') == []


@pytest.mark.parametrize(
    "end",
    [
        "raise ValueError(number)",
        "async def main(): raise ValueError(number)\nasyncio.run(main())",
        "import threading\nthread = threading.Thread(target=int, args=(number + 'x',))\nthread.start(); thread.join()",
    ],
    ids=["at once", "in the loop", "in a thread"],
)
def test_an_error_nobody_caught_has_its_last_word_in_the_log_without_its_text(end: str) -> None:
    [line] = lines(end)
    assert line["level"] == "critical"
    assert line["exception"][0]["exc_type"] == "ValueError"
