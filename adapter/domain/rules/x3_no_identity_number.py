"""X3: en person uten identitetsnummer kan ikke sendes.

Ground: the ident message must name every person of the professional message, and `fid` is mandatory there
(domain/iplos.md 4.1, 4.2). KOSTRA's stand-in numbers are not used: whether KPR takes them is unknown (7.4).
"""

from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="X3", severity=Severity.WITHHOLD, title="Identitetsnummer mangler", ground="domain/iplos.md 4.1, 4.2 [X2]"
)


@RULE.for_each(Person)
def identity_number_is_missing(person: Person, _: Sak) -> str | None:
    if person.ident is None:
        return "Registrer fødselsnummer eller D-nummer: personen kan ikke sendes uten identitetsnummer."
    return None
