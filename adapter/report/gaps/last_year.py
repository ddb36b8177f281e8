"""The year before, for comparison: from the message that was sent, or else from what the state still holds of it.

State that was begun this year holds services that already ran last year, but none that ended then. Such a remnant must
not pass for last year's figures, or every service would seem to have grown. So the state's figures count only when
enough of last year's services also ended last year; in a full year far more than this share does.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from adapter.domain.enhet import Enhet
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import PersonAar
from adapter.report.gaps.mangelrapport import FjorKilde
from adapter.report.ledger import Kjoring, last_year

# INFERRED: a few wrongly dated rows are no year, and no care service loses fewer than one in fifty in a year.
LEAST_SHARE_ENDED = 0.02


class Fjor(NamedTuple):
    """Last year's figures; what the source does not tell is None."""

    kilde: FjorKilde
    tjenester: Mapping[int, int]
    orgnumre: int
    langtidsopphold: int | None = None
    hjemmeboende: int | None = None
    personer: int | None = None


def moved_back(pack: YearPack) -> YearPack:
    """The same pack, measuring the year before: this year's codes and limits, so that like is held against like."""
    return msgspec.structs.replace(pack, aar=pack.aar - 1)


class Ended:
    """Counts, over the persons of a year's view, how many services there are and how many ended in that year."""

    def __init__(self, pack: YearPack) -> None:
        self._pack = pack
        self.services = self.ended = 0

    def saw(self, view: PersonAar) -> None:
        for rad in view.tjenester:
            self.services += 1
            til_dato = rad.innhold.til_dato
            self.ended += til_dato is not None and self._pack.start <= til_dato <= self._pack.slutt

    def is_a_whole_year(self) -> bool:
        return self.ended > 0 and self.ended >= LEAST_SHARE_ENDED * self.services


def from_ledger(runs: Mapping[str, Kjoring], enhet: Enhet, aar: int) -> Fjor | None:
    """The figures of the newest message that went out in production for the unit and the year before `aar`."""
    sent = last_year(runs.values(), str(enhet), aar)
    if sent is None:
        return None
    return Fjor("meldingen", sent.tjenester, sent.orgnumre, personer=sent.personer)
