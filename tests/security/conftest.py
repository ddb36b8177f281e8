"""One broker with every lock on for all tests of this folder; installations of their own, by name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.security.installation import Installation
from tests.security.stronghold import Stronghold, stronghold


@pytest.fixture(scope="session")
def strong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stronghold]:
    with stronghold(tmp_path_factory.mktemp("stronghold")) as strong:
        yield strong


@pytest.fixture(scope="module")
def installed(strong: Stronghold, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Installation]]:
    """`installed("navn")`: an installation without topics and accesses. Its processes end with the module."""
    made: list[Installation] = []

    def install(name: str) -> Installation:
        folder: Path = tmp_path_factory.mktemp(name)
        made.append(Installation(strong, folder, name))
        return made[-1]

    yield install
    for one in made:
        one.end()
