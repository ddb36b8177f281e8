"""The share of chaos that every run of the suite has: each kind of fault once or more, and every promise kept."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.kafka

FAULTS = "12"
# The same each time: a test that fails now and then helps nobody. Other seeds are for `make chaos`.
SEED = "8"


@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_twice_whatever_goes_wrong(tmp_path: Path) -> None:
    found = tmp_path / "chaos.json"
    command = [sys.executable, "-m", "tests.chaos", "--faults", FAULTS, "--seed", SEED, "--json", str(found)]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=580, check=False)
    told = f"{ended.stdout}\n{ended.stderr}"
    assert found.exists(), told
    report = json.loads(found.read_text())
    assert [one["name"] for one in report["promises"] if not one["kept"]] == [], told
    assert ended.returncode == 0, told
    assert {one["kind"] for one in report["faults"] if one["fate"] == "not reached"} == set()
