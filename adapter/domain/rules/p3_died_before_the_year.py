"""P3: en person som døde før rapporteringsåret, er ikke med.

Ground: KPR takes services to persons who died before the year out (domain/iplos.md 7.2 [R9]).
"""

from adapter.domain.records import Person
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(id="P3", severity=Severity.WITHHOLD, title="Død før rapporteringsåret", ground="domain/iplos.md 7.2 [R9]")


@RULE.for_each(Person)
def died_before_the_year(person: Person, sak: Sak) -> str | None:
    if person.dod_dato and person.dod_dato < sak.pack.start:
        return (
            f"Kontroller dødsdatoen {person.dod_dato} og avslutt tjenestene: "
            f"personen døde før {sak.pack.aar} og er ikke med i meldingen."
        )
    return None
