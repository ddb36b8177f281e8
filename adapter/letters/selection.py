"""Which letters are meant: every condition that is given must hold. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adapter.letters.head import Head

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")


@dataclass(frozen=True, slots=True)
class Selection:
    """Conditions on a letter's head; an empty one holds for all. `since` and `until` go by when it was parked."""

    codes: Collection[str] = ()
    types: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    kommune: str = ""
    bydel: str = ""
    origin: str = ""
    older_than: str = ""

    @property
    def takes_all(self) -> bool:
        """Whether nothing was asked for."""
        return self == Selection()

    def takes(self, head: Head) -> bool:
        """Whether this letter is meant."""
        parked = _EPOCH + timedelta(milliseconds=head.parked)
        return (
            (not self.codes or head.code in self.codes)
            and (not self.types or head.event_type in self.types)
            and (self.since is None or parked >= self.since)
            and (self.until is None or parked < self.until)
            and (not self.kommune or head.kommunenummer == self.kommune)
            and (not self.bydel or head.bydelsnummer == self.bydel)
            and (not self.origin or str(head.origin) == self.origin)
            and (not self.older_than or is_older(head.version, self.older_than))
        )


def is_older(version: str, than: str) -> bool:
    """Whether one program version comes before another, by their numbers. One that cannot be read is not older."""
    return bool(_NUMBERS.match(version)) and _numbers(version) < _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    numbers = [int(number) for number in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()  # 1.0 and 1.0.0 are the same
    return tuple(numbers)
