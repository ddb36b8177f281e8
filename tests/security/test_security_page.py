"""SECURITY.md names tests and files as its proof: each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
TESTS = list((ROOT / "tests").rglob("*.py"))
NAMED = sorted(set(re.findall(r"`([\w./]+)`", PAGE)))


@pytest.mark.parametrize("name", [one for one in NAMED if one.startswith("test_") and not one.endswith(".py")])
def test_a_test_that_is_named_is_there(name: str) -> None:
    assert any(f"def {name}(" in one.read_text("utf-8") for one in TESTS)


@pytest.mark.parametrize("name", [one for one in NAMED if one.endswith((".py", "/"))])
def test_a_file_that_is_named_is_there(name: str) -> None:
    known = [str(one.relative_to(ROOT)) for one in TESTS]
    assert (ROOT / name).is_dir() if name.endswith("/") else any(one.endswith(f"/{name}") for one in known)


def test_the_page_names_a_good_many() -> None:
    assert len(NAMED) > 20
