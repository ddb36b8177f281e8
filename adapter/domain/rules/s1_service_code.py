"""S1: tjenestetypen må gjelde i rapporteringsåret.

Ground: KPR leaves out services whose code is not valid for the year (domain/iplos.md 7.2 [R5]). Codes that were
withdrawn are not silently given a new number (5.1).
"""

from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="S1", severity=Severity.WITHHOLD, title="Tjenestetypen gjelder ikke i året", ground="domain/iplos.md 7.2 [R5]"
)


@RULE.for_each(Tjeneste)
def code_is_not_of_the_year(tjeneste: Tjeneste, sak: Sak) -> str | None:
    if sak.pack.tjenestetype(tjeneste.tjenestetype) is None:
        return f"Rett tjenestetypen: kode {tjeneste.tjenestetype} gjelder ikke i {sak.pack.aar}."
    return None
