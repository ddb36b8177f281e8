"""The service codes a simulated municipality grants: list 9151 with validity, organisation-number duty and hours.

A small table of its own, so that the simulator does not pass or fail with the year packs it is used to test.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

Group = Literal["home", "housing", "institution", "coercion", "technology"]
Duty = Literal["must", "may", "must-not"]

LONG_TERM_STAY = 21
SHORT_STAYS = (18, 19, 20, 25)


@dataclass(frozen=True, slots=True)
class Service:
    """One code: which group it counts in, whether a row names the performing unit, and usual hours a week."""

    code: int
    group: Group
    orgnr: Duty
    hours: tuple[float, float] | None = None
    first_year: int = 2006
    last_year: int = 9999


SERVICES = (
    Service(1, "home", "must", (0.5, 6)),
    Service(2, "home", "must", (1, 10)),
    Service(3, "home", "must", (10, 90)),
    Service(4, "home", "must", (4, 30)),
    Service(5, "home", "may"),
    Service(6, "home", "may"),
    Service(7, "home", "may", (2, 30)),
    Service(8, "institution", "must"),
    Service(9, "home", "may", (1, 8)),
    Service(11, "home", "may", (4, 35)),
    Service(12, "housing", "must-not", last_year=2018),
    Service(13, "housing", "must-not", last_year=2018),
    Service(14, "coercion", "may"),
    Service(15, "home", "must", (0.5, 25)),
    Service(16, "home", "may", last_year=2018),
    Service(17, "institution", "must", (5, 35)),
    Service(18, "institution", "must"),
    Service(19, "institution", "must"),
    Service(20, "institution", "must"),
    Service(21, "institution", "must"),
    Service(22, "institution", "must", (20, 60)),
    Service(23, "coercion", "may"),
    Service(24, "coercion", "may"),
    Service(25, "institution", "must"),
    Service(26, "technology", "must-not"),
    Service(27, "technology", "must-not", first_year=2019),
    Service(28, "technology", "must-not", first_year=2019),
    Service(29, "housing", "must-not", first_year=2019),
)


@cache
def services_of(year: int) -> dict[int, Service]:
    """The services that can be granted in a year, by code."""
    return {service.code: service for service in SERVICES if service.first_year <= year <= service.last_year}


@cache
def code_of_another_year(year: int) -> int:
    """A code that is on the list of some other year, not of this one."""
    return next(service.code for service in SERVICES if not service.first_year <= year <= service.last_year)
