"""One unit's share of the population: what another process needs to read the same persons from the same spool."""

from collections.abc import Iterable, Iterator

import msgspec

from adapter.domain.enhet import Enhet
from adapter.domain.tilstand import Tilstand
from adapter.report.spool import Place, SpoolReader


class Share(msgspec.Struct, frozen=True):
    """The unit's persons as `Population.groups` has them, and where in the spool each key's state lies."""

    enhet: Enhet
    groups: dict[str, tuple[str, ...]]
    places: dict[str, Place]
    shared_prints: frozenset[bytes]


class SharedPersons:
    """Answers for one unit as the whole population would."""

    def __init__(self, share: Share, spool: SpoolReader) -> None:
        self._share = share
        self._spool = spool

    def shared_prints(self) -> frozenset[bytes]:
        """Prints of identity numbers that more than one person has, in whichever unit."""
        return self._share.shared_prints

    def groups(self, enhet: Enhet) -> dict[str, tuple[str, ...]]:
        """The unit's persons. Raises `ValueError` for another unit, of which nothing is known here."""
        if enhet != self._share.enhet:
            raise ValueError(f"this is the share of {self._share.enhet}, not of {enhet}")
        return self._share.groups

    def states(self, keys: Iterable[str]) -> Iterator[tuple[str, Tilstand]]:
        """The states of these keys; a key without state is passed over."""
        for key in keys:
            if (place := self._share.places.get(key)) is not None:
                yield key, Tilstand.decode(self._spool.read(place))
