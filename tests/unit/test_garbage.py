"""Python's search for cycles: less of it, and not none."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from adapter.host.garbage import MADE_BETWEEN, spare_what_stays


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


def test_what_is_there_at_the_start_is_gone_through_no_more() -> None:
    there = Knot()
    spare_what_stays()
    assert gc.get_freeze_count() > 0
    assert not any(one is there for one in gc.get_objects())


def test_what_comes_into_a_cycle_later_is_still_found() -> None:
    spare_what_stays()
    later = weakref.ref(Knot())
    kept = [[number] for number in range(MADE_BETWEEN + 1)]
    assert later() is None
    assert len(kept) > MADE_BETWEEN
