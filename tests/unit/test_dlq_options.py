"""What the commands on dead letters refuse before Kafka is asked: there is none here."""

from pathlib import Path

import pytest

from tests.unit.test_cli import configuration, run, told

__all__ = ["configuration"]

NUMBER = "13813299997"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["list", "--code", "tull"], "--code tull: no such code; they are empty-value, too-large"),
        (["list", "--origin", "bus/3"], "--origin is topic/partition/offset"),
        (["show", "--unmasked"], "--unmasked shows what is in a letter: it goes with --payload"),
        (["show", "--payload"], "--payload shows health data: say why with --reason"),
        (["show", "--payload", "--reason", f"gjelder {NUMBER}"], "An identity number has no place on a command line"),
        (["replay", "--really", "--reason", NUMBER], "An identity number has no place on a command line"),
        (["discard", "--really", "--reason", "x"], "discard needs to know which"),
        (["discard", "--code", "not-json", "--really"], "why is nothing more to be done? say it with --reason"),
    ],
)
def test_what_is_not_said_right_is_refused_with_what_to_do(
    configuration: Path, words: list[str], sentence: str
) -> None:
    said = told(run("dlq", *words, "--config", configuration), 2)
    assert sentence in said
    assert NUMBER not in said


@pytest.mark.parametrize("command", [["dlq", "list"], ["dlq", "list", "--json"], ["dlq", "replay"], ["audit", "list"]])
def test_without_a_broker_nothing_is_printed_but_what_is_wrong(configuration: Path, command: list[str]) -> None:
    result = run(*command, "--config", configuration)
    assert "127.0.0.1:1: no Kafka answers" in told(result, 3)
    assert result.stdout == ""
