"""The command line as a whole: its contents, facts as JSON, exit codes, progress, completion."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from adapter.cli.console import Exit
from adapter.cli.main import CONTENTS, cli
from adapter.cli.progress import BETWEEN_LINES_SECONDS, SILENT_SECONDS, PlainLines
from tests.unit.test_cli import COMMANDS, FULL, configuration, events, run

__all__ = ["configuration", "events"]

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("iplos-adapter")
WITHOUT_JSON = {
    ("run",): "the service prints nothing but its log, which is JSON",
    ("simulate",): "what it prints are events, which are JSON",
    ("config", "example"): "what it prints is a file of settings to start from",
}


def command_of(path: tuple[str, ...]) -> Any:
    found: Any = typer.main.get_command(cli)
    for name in path:
        found = found.commands[name]
    return found


def test_help_is_a_table_of_contents_with_a_line_each_in_the_order_of_need() -> None:
    shown = run("--help", COLUMNS="80").stdout
    lines = [line.strip("│ \n") for line in shown.splitlines()]
    at = -1
    for entry in CONTENTS:
        place = next(n for n, line in enumerate(lines) if re.fullmatch(f"{entry.name} +{re.escape(entry.line)}", line))
        assert place > at, f"{entry.name} is out of order"
        at = place
    chapters = [entry.chapter for entry in CONTENTS]
    assert sorted(chapters, key=list(dict.fromkeys(chapters)).index) == chapters
    assert {entry.name for entry in CONTENTS} == {path[0] for path in COMMANDS}
    assert "Exit code 0: done" in shown


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_that_prints_facts_prints_them_as_json(path: tuple[str, ...]) -> None:
    has = any("--json" in one.opts for one in command_of(path).params)
    assert has is (path not in WITHOUT_JSON)


def test_no_reason_for_having_no_json_is_left_over() -> None:
    assert set(WITHOUT_JSON) <= set(COMMANDS)


Words = list[str]
FACTS: list[tuple[Callable[[Path, Path, Path], Words], Callable[[Any], bool]]] = [
    (lambda c, _k, _e: ["config", "check", "--config", str(c)], lambda told: told["ok"] is True),
    (lambda c, _k, _e: ["config", "show", "--config", str(c)], lambda told: len(told) > 50),
    (lambda _c, k, _e: ["keys", "list", str(k)], lambda told: told[0]["role"] == "seals"),
    (lambda _c, k, _e: ["keys", "rotate", str(k), "--id", "n2"], lambda told: told["done"] == "added"),
    (lambda _c, k, _e: ["keys", "rotate", str(k), "--activate"], lambda told: told["done"] == "nothing"),
    (lambda _c, k, _e: ["keys", "new", f"{k}.new", "--id", "n3"], lambda told: told["id"] == "n3"),
    (lambda c, _k, _e: ["topics", "list", "--config", str(c)], lambda told: len(told["topics"]) == 9),
    (lambda _c, _k, _e: ["year", "list"], lambda told: told[0]["year"] == 2018),
    (lambda _c, _k, _e: ["validate", str(FULL)], lambda told: told[0]["valid"]),
    (
        lambda _c, k, e: ["build", "--events", str(e), "--kommune", "5001", "--year", "2018", "--out", f"{k}.d"],
        lambda told: len(told["enheter"]) == 1,
    ),
    (
        lambda _c, _k, e: ["gaps", "--events", str(e), "--kommune", "5001", "--year", "2018"],
        lambda told: bool(told["enheter"]),
    ),
]


@pytest.mark.parametrize(("words", "holds"), FACTS)
def test_what_is_printed_as_json_is_json_and_nothing_else(
    words: Callable[[Path, Path, Path], Words], holds: Callable[[Any], bool], configuration: Path, events: Path
) -> None:
    result = run(*words(configuration, configuration.with_name("keys.toml"), events), "--json")
    assert result.exit_code in {Exit.OK, Exit.FINDINGS}, result.output
    assert holds(json.loads(result.stdout))


EXITS: list[tuple[str, Exit]] = [
    ("--version", Exit.OK),
    ("config check --config CONFIG", Exit.OK),
    ("year check 2018", Exit.OK),
    ("contract check EVENTS", Exit.OK),
    (f"validate {FULL}", Exit.OK),
    (f"validate {ROOT / 'pyproject.toml'}", Exit.FINDINGS),
    ("contract check CONFIG", Exit.FINDINGS),
    ("contract from-okt EVENTS", Exit.FINDINGS),
    ("doctor --config CONFIG", Exit.FINDINGS),
    ("nonsense", Exit.USAGE),
    ("report", Exit.USAGE),
    ("config check --config NOWHERE", Exit.USAGE),
    ("doctor --config NOWHERE", Exit.USAGE),
    ("contract check NOWHERE", Exit.USAGE),
    ("keys list NOWHERE", Exit.USAGE),
    ("state show p-1 --config CONFIG", Exit.USAGE),
    ("state import NOWHERE --config CONFIG", Exit.USAGE),
    ("dlq list --code nonsense --config CONFIG", Exit.USAGE),
    ("dlq list --config CONFIG", Exit.NO_KAFKA),
    ("audit list --config CONFIG", Exit.NO_KAFKA),
    ("runs list --config CONFIG", Exit.NO_KAFKA),
    ("topics check --config CONFIG", Exit.NO_KAFKA),
    ("state export NOWHERE --config CONFIG", Exit.USAGE),
    ("state export NOWHERE --reason why --config CONFIG", Exit.NO_KAFKA),
    ("state show p-1 --reason why --config CONFIG", Exit.NO_KAFKA),
    ("transport fetch --out FOLDER --config CONFIG", Exit.NO_KAFKA),
    ("report --kommune 0301 --year 2018 --config CONFIG", Exit.REFUSED),
    ("build --events EVENTS --kommune 1505 --year 2018 --out FOLDER", Exit.REFUSED),
    ("state import CONFIG --reason why --config CONFIG", Exit.REFUSED),
    ("state import CONFIG --dry-run --config CONFIG", Exit.REFUSED),
]


@pytest.mark.parametrize(("words", "code"), EXITS)
def test_a_command_ends_with_the_documented_code(
    words: str, code: Exit, configuration: Path, events: Path, tmp_path: Path
) -> None:
    names = {"CONFIG": configuration, "EVENTS": events, "NOWHERE": tmp_path / "nowhere", "FOLDER": tmp_path / "out"}
    result = run(*(names.get(word, word) for word in words.split()))
    assert isinstance(result.exception, SystemExit | type(None)), repr(result.exception)
    assert result.exit_code == code, result.output


def test_the_exit_codes_are_those_that_are_documented() -> None:
    text = (ROOT / "adapter" / "cli" / "README.md").read_text("utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d) \|", text, re.MULTILINE)} == set(Exit)


def test_an_export_that_failed_leaves_no_file(configuration: Path, tmp_path: Path) -> None:
    run("state", "export", tmp_path / "s.iplos", "--reason", "why", "--config", configuration)
    assert not list(tmp_path.glob("s.iplos*"))


def test_without_a_terminal_nothing_is_said_at_first_and_a_plain_line_now_and_then_after() -> None:
    now, said = [0.0], list[str]()
    lines = PlainLines(said.append, lambda: now[0])
    for second in range(25):
        now[0] = float(second)
        lines.tell("reading", second * 1000, 25_000)
    assert said == ["reading: 2,000 of 25,000", "reading: 12,000 of 25,000", "reading: 22,000 of 25,000"]
    assert (SILENT_SECONDS, BETWEEN_LINES_SECONDS) == (2.0, 10.0)


COMPLETED = [
    (["iplos-adapter", "do"], {"doctor"}),
    (["iplos-adapter", "state", ""], {"show", "export", "import"}),
    (["iplos-adapter", "gaps", "--form"], {"--format"}),
    (["iplos-adapter", "gaps", "--format", ""], {"table", "html", "json"}),
]


@pytest.mark.parametrize(("words", "expected"), COMPLETED, ids=[" ".join(words) for words, _ in COMPLETED])
def test_a_shell_completes_what_one_types(words: list[str], expected: set[str]) -> None:
    """As bash does it when one presses the tabulator: its function is called with the words so far."""
    script = f"""
        eval "$(_IPLOS_ADAPTER_COMPLETE=source_bash iplos-adapter)"
        COMP_WORDS=({" ".join(repr(word) for word in words)}) COMP_CWORD={len(words) - 1}
        _iplos_adapter_completion iplos-adapter
        printf '%s\\n' "${{COMPREPLY[@]}}"
        complete -p iplos-adapter
    """
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    *completed, registered = done.stdout.splitlines()
    assert set(completed) == expected
    assert registered == "complete -o default -F _iplos_adapter_completion iplos-adapter"
