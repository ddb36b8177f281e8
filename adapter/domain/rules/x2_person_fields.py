"""X2: personraden må ha det meldingen krever av en person.

Ground: PERSON cannot be written without sex, age and dates (domain/iplos.md 3.3). Dates have a stand-in (settings
`mangler_fra_dato` and `mangler_endret_dato`); sex and age have none that the format knows.
"""

from adapter.domain.age import age_at, born_on
from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="X2",
    severity=Severity.WITHHOLD,
    title="Personen mangler opplysninger meldingen krever",
    ground="domain/iplos.md 3.3 [X1]",
)


@RULE.for_each(Person)
def sex_is_missing(person: Person, _: Sak) -> str | None:
    if person.kjonn is None and (person.ident is None or person.ident.kjonn is None):
        return "Registrer kjønn: meldingen kan ikke sendes uten for denne personen."
    return None


@RULE.for_each(Person)
def age_is_unknown(person: Person, sak: Sak) -> str | None:
    if (born := born_on(person)) is not None and age_at(person, sak.pack) is None:
        return f"Rett fødselsdatoen: {born} er etter rapporteringsåret {sak.pack.aar}."
    if born is None:
        return "Registrer fødselsdato: alder mangler, og kan ikke leses av identitetsnummeret."
    return None


@RULE.for_each(Person)
def a_date_must_be_there(person: Person, sak: Sak) -> str | None:
    missing = _missing_dates(person, sak, "hold-tilbake")
    return f"Registrer {missing} på personen." if missing else None


@RULE.for_each(Person, Severity.WARN)
def a_date_has_a_stand_in(person: Person, sak: Sak) -> str | None:
    missing = _missing_dates(person, sak, "periodestart")
    return f"Registrer {missing} på personen; meldingen bruker første dag i året i stedet." if missing else None


def _missing_dates(person: Person, sak: Sak, stand_in: str) -> str:
    antakelser = sak.pack.antakelser
    missing = []
    if person.fra_dato is None and antakelser.mangler_fra_dato == stand_in:
        missing.append("fra-dato")
    if person.endret_dato is None and antakelser.mangler_endret_dato == stand_in:
        missing.append("endringsdato")
    return " og ".join(missing)
