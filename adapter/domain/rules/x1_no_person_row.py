"""X1: registreringer uten personrad kan ikke sendes.

Ground: every row of the message stands inside a PERSON (domain/iplos.md 3.1). The person row may still be on its way
from the journal system; when it comes, the person is in.
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.yearview import PersonAar

RULE = Rule(id="X1", severity=Severity.WITHHOLD, title="Personraden mangler", ground="domain/iplos.md 3.1 [X1]")


@RULE.for_person()
def person_row_never_came(person: PersonAar, _: Sak) -> Iterator[tuple[None, str]]:
    if person.person is None:
        yield None, "Kontroller at fagsystemet har sendt personen: det finnes registreringer, men ingen personrad."
