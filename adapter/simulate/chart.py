"""One person during the simulated year: who it is, what runs now, and the journal it is written in."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from adapter.domain.records import Funksjon, PersonInn, Personopplysning, Tjeneste
from adapter.domain.records.person import Kjonn
from adapter.simulate.identities import Unit, performing_units
from adapter.simulate.journal import Journal, Row
from adapter.simulate.population import Profile
from adapter.simulate.services import LONG_TERM_STAY, Service, services_of


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who the person is."""

    key: str
    born: date
    sex: Kjonn
    number: str
    d_number: str
    profile: Profile


@dataclass(slots=True)
class Running:
    """A granted service that has not ended."""

    service: Service
    row: Row[Tjeneste]

    @property
    def since(self) -> date:
        assert self.row.innhold.fra_dato is not None  # noqa: S101  # a service is only running from its start
        return self.row.innhold.fra_dato


@dataclass(slots=True)
class Chart:
    """State of one simulated life. `today` is the last day something happened on."""

    recipient: Recipient
    journal: Journal
    units: tuple[Unit, ...]
    year: int
    rng: random.Random
    today: date
    person: Row[PersonInn] | None = None
    opplysning: Row[Personopplysning] | None = None
    scores: list[Row[Funksjon]] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)
    closed: bool = False
    """Dead or erased: nothing more happens."""

    @property
    def profile(self) -> Profile:
        return self.recipient.profile

    @property
    def services(self) -> dict[int, Service]:
        return services_of(self.year)

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)

    @property
    def in_institution(self) -> bool:
        return any(running.service.code == LONG_TERM_STAY for running in self.running)

    def days(self, fewest: int, most: int) -> timedelta:
        """A random number of days, both ends included."""
        return timedelta(days=self.rng.randint(fewest, most))

    def performer(self, service: Service) -> str | None:
        """The organisation number a row of this service should carry: always, half the time, or never."""
        if service.orgnr == "must-not" or (service.orgnr == "may" and self.rng.random() < 0.5):
            return None
        return self.rng.choice(performing_units(self.journal.unit))
