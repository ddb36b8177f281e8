"""S6: timer per uke skal stå for timebaserte tjenester, og kan ikke være flere enn uken har.

Ground: more than 168 hours a week on one service is not allowed, and journal systems must refuse it
(domain/iplos.md 5.4 [Q1]). Negative hours are the concern of X7.
"""

from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.rules.wording import hours

RULE = Rule(
    id="S6",
    severity=Severity.WITHHOLD,
    title="Timer per uke mangler eller er for mange",
    ground="domain/iplos.md 5.4 [Q1]",
)


@RULE.for_each(Tjeneste)
def more_than_a_week_has(tjeneste: Tjeneste, sak: Sak) -> str | None:
    most = sak.pack.grenser.timer_per_uke
    if tjeneste.timer_per_uke is not None and tjeneste.timer_per_uke > most:
        return f"Rett timene: {hours(tjeneste.timer_per_uke)} timer per uke er mer enn {hours(most)}."
    return None


@RULE.for_each(Tjeneste, Severity.WARN)
def hours_are_missing(tjeneste: Tjeneste, sak: Sak) -> str | None:
    kind = sak.pack.tjenestetype(tjeneste.tjenestetype)
    if kind and kind.timer and tjeneste.timer_per_uke is None and tjeneste.vedtak != "avslag":
        return f"Registrer timer per uke: tjeneste {kind.kode} {kind.navn} tildeles i timer."
    return None
