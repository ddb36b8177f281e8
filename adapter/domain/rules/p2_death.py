"""P2: dødsdatoen kan ikke ligge i fremtiden, og tjenester bør slutte senest den dagen.

Ground: domain/iplos.md 7.4 [R9]. A service without an end counts only when the death came within the year: for a later
death the year's message is right as it stands.
"""

from adapter.domain.records import Person, Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(id="P2", severity=Severity.WARN, title="Dødsdato og tjenester", ground="domain/iplos.md 7.4 [R9]")


@RULE.for_each(Person)
def death_is_in_the_future(person: Person, sak: Sak) -> str | None:
    if person.dod_dato and person.dod_dato > sak.i_dag:
        return f"Rett dødsdatoen: {person.dod_dato} ligger i fremtiden."
    return None


@RULE.for_each(Tjeneste)
def service_outlives_the_person(tjeneste: Tjeneste, sak: Sak) -> str | None:
    dod = sak.person.person.innhold.dod_dato if sak.person.person else None
    if dod is None or tjeneste.vedtak == "avslag":
        return None
    if tjeneste.til_dato is None:
        return f"Registrer sluttdato: personen døde {dod}, og tjenesten er åpen." if dod <= sak.pack.slutt else None
    if tjeneste.til_dato > dod:
        return f"Rett sluttdatoen: tjenesten slutter {tjeneste.til_dato}, og personen døde {dod}."
    return None
