"""I2: to personer bør ikke ha samme identitetsnummer.

Ground: D-number and then fødselsnummer, or the same person registered twice (domain/iplos.md 5.5, 7.4). The rule sees
prints of numbers, never the numbers. That one person has had two numbers does not show here: the year view holds the
one person row that is valid last in the year, and a merge of two keys is an event of its own.
"""

from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="I2",
    severity=Severity.WARN,
    title="Flere personer har samme identitetsnummer",
    ground="domain/iplos.md 7.4 [V1]",
)


@RULE.for_each(Person)
def number_is_shared(person: Person, sak: Sak) -> str | None:
    if person.ident is not None and person.ident.avtrykk in sak.delte_avtrykk:
        return (
            "Kontroller identitetsnummeret: minst én person til har det samme. "
            "Slå dem sammen i fagsystemet hvis de er den samme."
        )
    return None
