"""F1: den som har en innvilget tjeneste, bør ha minst én gyldig funksjonsskår i året.

Ground: scores must be set for new decisions (domain/iplos.md 5.2, 7.4 [R12]). Scores that do not touch the year are not
in the view; those that cannot be sent (F2, X4) do not count.
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.yearview import PersonAar

RULE = Rule(id="F1", severity=Severity.WARN, title="Funksjonsskår mangler", ground="domain/iplos.md 7.4 [R12]")


@RULE.for_person()
def no_score_in_the_year(person: PersonAar, sak: Sak) -> Iterator[tuple[None, str]]:
    granted = any(rad.innhold.vedtak == "innvilget" for rad in person.tjenester)
    scored = any(
        rad.innhold.verdi in sak.pack.funksjonsverdier and rad.innhold.fra_dato is not None for rad in person.funksjoner
    )
    if granted and not scored:
        yield (
            None,
            f"Registrer funksjonsskår: personen har en innvilget tjeneste, og ingen skår gjelder i {sak.pack.aar}.",
        )
