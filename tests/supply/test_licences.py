"""What an installation brings along may be used: every licence is one that `requirements/licences.toml` allows."""

import pytest

from tests.supply.licences import Licences, load_licences
from tests.supply.locks import RUNTIME, normalized, read_lock

LICENCES = load_licences()
LOCKED = [normalized(one.name) for one in read_lock(RUNTIME.read_text("utf-8"))]


@pytest.mark.parametrize("package", LOCKED)
def test_every_package_of_an_installation_has_a_licence_that_is_allowed(package: str) -> None:
    licence = LICENCES.of(package)
    assert LICENCES.may_be_used(licence), f"{package}: {licence or 'unknown'}"


def test_nothing_is_listed_that_is_not_needed() -> None:
    assert set(LICENCES.packages) <= set(LOCKED)
    used = " ".join(map(LICENCES.of, LOCKED))
    assert [one for one in LICENCES.allowed if one not in used] == []


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND Apache-2.0", True),
        ("MIT License", False),
    ],
)
def test_of_alternatives_one_must_be_allowed_and_of_parts_all(expression: str, fine: bool) -> None:
    assert Licences(frozenset({"MIT", "Apache-2.0"}), {}, {}).may_be_used(expression) is fine


def test_a_package_that_nobody_knows_has_no_licence() -> None:
    assert LICENCES.of("no-such-package-anywhere") == ""
