"""X4: en funksjonsskår må ha fra-dato.

Ground: `fnFraDato` is mandatory (domain/iplos.md 3.5 [X1]). A missing to-date has a setting in the pack.
"""

from adapter.domain.records import Funksjon
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(id="X4", severity=Severity.WITHHOLD, title="Funksjonsskår uten fra-dato", ground="domain/iplos.md 3.5 [X1]")


@RULE.for_each(Funksjon)
def start_is_missing(funksjon: Funksjon, _: Sak) -> str | None:
    if funksjon.fra_dato is None:
        return f"Registrer fra-dato på skåren for variabel {funksjon.funksjonstype}: den kan ikke sendes uten."
    return None
