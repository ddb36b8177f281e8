"""X5: en diagnose må ha fra-dato.

Ground: `diFraDato` is mandatory (domain/iplos.md 3.7 [X1]). A missing to-date has a setting in the pack.
"""

from adapter.domain.records import Diagnose
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(id="X5", severity=Severity.WITHHOLD, title="Diagnose uten fra-dato", ground="domain/iplos.md 3.7 [X1]")


@RULE.for_each(Diagnose)
def start_is_missing(diagnose: Diagnose, _: Sak) -> str | None:
    if diagnose.fra_dato is None:
        return f"Registrer fra-dato på diagnosen i {diagnose.kodeverk}: den kan ikke sendes uten."
    return None
