"""The clock that the report goes by; a test hands in another."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    """The moment, with its zone."""
    return datetime.now(UTC)
