"""T1: testpersoner hører ikke hjemme i produksjon, og ekte personer ikke i en prøve.

Ground: test persons reach the register and are not filtered reliably there (domain/iplos.md 7.2 [R5]). A number of a
synthetic series is never given to a living person. Month + 40 may also be an H-number, and is left to I3.
"""

from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="T1",
    severity=Severity.WITHHOLD,
    title="Testperson i produksjon, eller ekte person i prøve",
    ground="domain/iplos.md 7.2, 7.4 [R5]",
)


@RULE.for_each(Person)
def test_person_in_production(person: Person, sak: Sak) -> str | None:
    if sak.modus == "produksjon" and person.ident is not None and person.ident.syntetisk:
        return "Slett testpersonen i fagsystemet: identitetsnummeret er syntetisk, og personen sendes ikke."
    return None


@RULE.for_each(Person, Severity.WARN)
def test_person_in_a_test(person: Person, sak: Sak) -> str | None:
    if sak.modus == "test" and person.ident is not None and person.ident.syntetisk:
        return "Kontroller at dette er en prøve: identitetsnummeret er syntetisk, og i produksjon sendes ikke personen."
    return None


@RULE.for_each(Person)
def real_person_in_a_test(person: Person, sak: Sak) -> str | None:
    if sak.modus == "test" and not sak.ekte_i_test and person.ident is not None and not person.ident.syntetisk:
        return "Kontroller om prøven skal ha ekte personer (rapport.ekte_i_test): i denne sendes bare testpersoner."
    return None
