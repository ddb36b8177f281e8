"""Who receives care: ages, sex, and what people of that age usually receive.

Shares are set so that a run looks like the published totals (domain/iplos.md, 9): most recipients are over 80, and a
recipient holds services of about 1.55 groups. They are plausible, not estimated.
"""

import random
from dataclasses import dataclass
from datetime import date

from adapter.domain.records.person import Kjonn


@dataclass(frozen=True, slots=True)
class Profile:
    """What a kind of recipient usually has. Shares are chances for one person."""

    name: str
    services: dict[int, float]
    """Chance of each service code; codes that the year does not know are passed over."""
    mainstay: int
    """The service given to someone who drew none."""
    institution: float
    """Lives in an institution at the start."""
    death: float
    scores: tuple[int, int, int, int, int, int]
    """Weights of the scores 1, 2, 3, 4, 5 and 9."""
    household: tuple[int, int, int]
    """Weights of husstand 1, 2 and 3."""
    diagnoses: tuple[tuple[str, str], ...]


CHILD = Profile(
    "barn",
    {9: 0.4, 7: 0.4, 8: 0.25, 11: 0.35, 15: 0.12, 3: 0.05},
    mainstay=9,
    institution=0.0,
    death=0.002,
    scores=(30, 15, 20, 15, 12, 8),
    household=(0, 2, 98),
    diagnoses=(("ICD-10", "F84"), ("ICD-10", "G80"), ("ICD-10", "Q90"), ("ICPC-2", "P85"), ("ICPC-2", "N88")),
)
ADULT = Profile(
    "voksen",
    {15: 0.5, 1: 0.33, 9: 0.33, 12: 0.18, 29: 0.25, 13: 0.07, 4: 0.2, 16: 0.08, 3: 0.06, 2: 0.07, 17: 0.04, 6: 0.06},
    mainstay=15,
    institution=0.015,
    death=0.02,
    scores=(38, 22, 20, 10, 6, 4),
    household=(62, 33, 5),
    diagnoses=(("ICD-10", "F20"), ("ICD-10", "G35"), ("ICPC-2", "P72"), ("ICPC-2", "P85"), ("ICPC-2", "T90")),
)
OLD = Profile(
    "eldre",
    {15: 0.58, 1: 0.46, 6: 0.4, 12: 0.13, 29: 0.13, 5: 0.13, 4: 0.1, 16: 0.05, 26: 0.03, 27: 0.08, 28: 0.04, 22: 0.003},
    mainstay=1,
    institution=0.11,
    death=0.09,
    scores=(24, 25, 26, 14, 9, 2),
    household=(68, 30, 2),
    diagnoses=(
        ("ICPC-2", "P70"),
        ("ICPC-2", "K86"),
        ("ICPC-2", "K90"),
        ("ICPC-2", "R95"),
        ("ICPC-2", "L75"),
        ("ICD-10", "G30"),
        ("ICD-10", "I63"),
        ("ICD-10", "F03"),
        ("ICD-10", "I50"),
    ),
)


@dataclass(frozen=True, slots=True)
class AgeBand:
    """One band of the age distribution."""

    share: float
    youngest: int
    oldest: int
    women: float
    profile: Profile


AGE_BANDS = (
    AgeBand(0.04, 3, 17, 0.38, CHILD),
    AgeBand(0.13, 18, 49, 0.47, ADULT),
    AgeBand(0.13, 50, 66, 0.50, ADULT),
    AgeBand(0.23, 67, 79, 0.57, OLD),
    AgeBand(0.32, 80, 89, 0.65, OLD),
    AgeBand(0.15, 90, 103, 0.73, OLD),
)
_SHARES = [band.share for band in AGE_BANDS]


def draw_person(rng: random.Random, year: int) -> tuple[date, Kjonn, Profile]:
    """Birth date, sex and profile of one recipient."""
    band = rng.choices(AGE_BANDS, _SHARES)[0]
    born = date(year - rng.randint(band.youngest, band.oldest), 1, 1).toordinal() + rng.randrange(365)
    return date.fromordinal(born), "K" if rng.random() < band.women else "M", band.profile
