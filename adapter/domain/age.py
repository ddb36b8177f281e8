"""Age and sex of a person row: from the row, and from the identity number only where that may be read."""

from datetime import date

from adapter.domain.records import Person
from adapter.domain.records.person import Kjonn
from adapter.domain.yearpack import YearPack


def age_at(person: Person, pack: YearPack) -> int | None:
    """Whole years at the pack's reference date (default 31 December); None when the birth date is unknown or later.

    Which date the register means is unknown (domain/iplos.md 3.3); it is a setting.
    """
    born = born_on(person)
    if born is None:
        return None
    at = date(pack.aar, pack.antakelser.alder_maned, pack.antakelser.alder_dag)
    if born > at:
        return None
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))


def born_on(person: Person) -> date | None:
    """The row's birth date, else what the identity number says (domain/iplos.md 8.2 tells when it may be read)."""
    if person.fodselsdato is not None:
        return person.fodselsdato
    return person.ident.fodselsdato if person.ident else None


def sex_of(person: Person) -> Kjonn | None:
    """The row's sex, else what the identity number says."""
    if person.kjonn is not None:
        return person.kjonn
    return person.ident.kjonn if person.ident else None
