"""I3: H-nummer bør ikke sendes ut av virksomheten.

Ground: H-numbers are internal to one enterprise (domain/iplos.md 8.2, fnrinfo.no). Month + 40 marks an H-number, and
(unverified) a synthetic number from NAV as well; the two cannot be told apart.
"""

from adapter.domain.identity import H_NUMMER
from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(id="I3", severity=Severity.WARN, title="H-nummer", ground="domain/iplos.md 7.4, 8.2")


@RULE.for_each(Person)
def number_is_internal(person: Person, _: Sak) -> str | None:
    ident = person.ident
    if ident is None:
        return None
    if ident.tvetydig:
        return "Kontroller identitetsnummeret: måned pluss 40 betyr H-nummer eller et syntetisk nummer."
    if ident.type == H_NUMMER:
        return "Registrer fødselsnummer eller D-nummer: et H-nummer gjelder bare i egen virksomhet."
    return None
