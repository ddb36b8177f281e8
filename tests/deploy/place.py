"""Where things are: the folder under test, and Prometheus' programs as `install.sh` left them."""

import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from adapter.sandbox.place import sandbox_folder

PROJECT = Path(__file__).parents[2]
DEPLOY = PROJECT / "deploy"
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yaml"))
RULE_TESTS = sorted((DEPLOY / "prometheus" / "tests").glob("*.yaml"))


def program(name: Literal["prometheus", "promtool"]) -> Path:
    """The program; without it the tests that need it fail, and none is skipped."""
    path = sandbox_folder(start=PROJECT) / "prometheus" / "usr" / "bin" / name
    assert path.is_file(), f"{name} is not there: run tests/deploy/install.sh"
    return path


def promtool(*arguments: str | Path) -> str:
    """What promtool printed; AssertionError with it when it was not satisfied."""
    done = subprocess.run([program("promtool"), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read(path: Path) -> Any:
    """The one YAML document of a file."""
    return yaml.safe_load(path.read_text("utf-8"))


@cache
def rules(kind: Literal["alert", "record"]) -> list[dict[str, Any]]:
    """Every alert, or every recorded expression, of the shipped rules."""
    groups = [group for path in RULES for group in read(path)["groups"]]
    return [rule for group in groups for rule in group["rules"] if kind in rule]
