"""I1: identitetsnummeret bør ha elleve sifre, en dato som finnes, og kontrollsifre som stemmer.

Ground: always eleven digits (domain/iplos.md 5.5), check digits (8.2). The catalogue says hold back, but the register
wants incomplete data too (7.1), and the ident message has a type for what is no known number: so a number that fails
its check is sent as type 9 «annet», with a remark. One that could not be sent at all never gets as far as state.

A number that only fits the rule of 2032 is wrong in a report for an earlier year, and goes as «annet» too.
"""

from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(id="I1", severity=Severity.WARN, title="Ugyldig identitetsnummer", ground="domain/iplos.md 5.5, 7.4, 8.2")

_PROBLEMS = {
    "length": "det har ikke så mange sifre som det skal",
    "characters": "det har andre tegn enn sifre",
    "date": "datoen i det finnes ikke",
    "check_digit": "kontrollsifrene stemmer ikke",
}


@RULE.for_each(Person)
def number_fails_its_check(person: Person, _: Sak) -> str | None:
    if person.ident is None or person.ident.gyldig:
        return None
    problem = _PROBLEMS.get(person.ident.problem or "", "det er ikke gyldig")
    return f"Rett identitetsnummeret: {problem}. Personen sendes med ident av type «annet»."


@RULE.for_each(Person)
def number_is_of_a_later_rule(person: Person, sak: Sak) -> str | None:
    ident = person.ident
    if ident is None or not ident.gyldig or ident.type_in(sak.pack.aar) == ident.type:
        return None
    return (
        "Rett identitetsnummeret: kontrollsifrene passer bare for nummer utstedt fra 2032. "
        "Personen sendes med ident av type «annet»."
    )
