"""S3: en tjeneste kan ikke slutte før den starter, og ikke før rapporteringsåret.

Ground: KPR leaves such records out of its counts (domain/iplos.md, 7.2).
"""

from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(id="S3", severity=Severity.WITHHOLD, title="Sluttdato før startdato", ground="domain/iplos.md 7.2 [R5]")


@RULE.for_each(Tjeneste)
def ends_before_it_starts(tjeneste: Tjeneste, _: Sak) -> str | None:
    if tjeneste.til_dato and tjeneste.fra_dato and tjeneste.til_dato < tjeneste.fra_dato:
        return f"Rett datoene: tjenesten starter {tjeneste.fra_dato} og slutter {tjeneste.til_dato}."
    return None


@RULE.for_each(Tjeneste)
def ended_before_the_year(tjeneste: Tjeneste, sak: Sak) -> str | None:
    if tjeneste.vedtak != "avslag" and tjeneste.til_dato and tjeneste.til_dato < sak.pack.start:
        return f"Kontroller sluttdatoen: tjenesten sluttet {tjeneste.til_dato}, før rapporteringsåret {sak.pack.aar}."
    return None
