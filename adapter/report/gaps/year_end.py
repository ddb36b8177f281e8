"""Who lives where on the last day of the year: long-term stays and home-dwellers, as the register's web view has it.

INFERRED: the register's own definition is not public. Here a home-dweller is a person alive on 31 December with at
least one granted service running that day, and no long-term stay among them (domain/iplos.md 7.3).
"""

from datetime import date

from adapter.domain.records import Tjeneste
from adapter.domain.rules.s9_home_service_in_long_stay import LONG_STAY
from adapter.domain.yearview import PersonAar


class YearEnd:
    """Counts over what would be sent."""

    def __init__(self, day: date) -> None:
        self._day = day
        self.long_stays = self.at_home = 0

    def saw(self, sendes: PersonAar) -> None:
        died = sendes.person.innhold.dod_dato if sendes.person else None
        if died is not None and died <= self._day:
            return
        running = {rad.innhold.tjenestetype for rad in sendes.tjenester if self._runs(rad.innhold)}
        if LONG_STAY in running:
            self.long_stays += 1
        elif running:
            self.at_home += 1

    def _runs(self, one: Tjeneste) -> bool:
        if one.vedtak != "innvilget" or one.fra_dato is None:
            return False
        return one.fra_dato <= self._day and (one.til_dato is None or one.til_dato >= self._day)
