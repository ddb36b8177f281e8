"""P1: fødselsdato og kjønn på personen bør være som i identitetsnummeret.

Ground: domain/iplos.md 7.4. The facts of the number are there only when they may be read (8.2): none for numbers of
the rule of 2032, no birth date for D-numbers. The message takes what the person row says.
"""

from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="P1",
    severity=Severity.WARN,
    title="Alder eller kjønn avviker fra identitetsnummeret",
    ground="domain/iplos.md 7.4, 8.2 [N2]",
)


@RULE.for_each(Person)
def birth_date_differs(person: Person, _: Sak) -> str | None:
    ident = person.ident
    if ident is None or person.fodselsdato is None or ident.fodselsdato is None:
        return None
    if person.fodselsdato != ident.fodselsdato:
        return "Kontroller fødselsdatoen: den på personen er en annen enn den i identitetsnummeret."
    return None


@RULE.for_each(Person)
def sex_differs(person: Person, _: Sak) -> str | None:
    ident = person.ident
    if ident is None or person.kjonn is None or ident.kjonn is None:
        return None
    if person.kjonn != ident.kjonn:
        return f"Kontroller kjønnet: personen er registrert med {person.kjonn}, identitetsnummeret sier {ident.kjonn}."
    return None
