"""S4: vedtaksdatoen må stå, og bør ligge mellom søknad og start.

Ground: `tjVedtDato` is mandatory on every service row (domain/iplos.md 3.6 [X1]), so a row without it cannot be
written; the order of the dates is only remarked on. The catalogue's «blocks» is kept to the row: one person's gap never
stops a message.
"""

from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="S4", severity=Severity.WITHHOLD, title="Vedtaksdato mangler eller er i utakt", ground="domain/iplos.md 3.6 [X1]"
)


@RULE.for_each(Tjeneste)
def decision_date_is_missing(tjeneste: Tjeneste, _: Sak) -> str | None:
    if tjeneste.vedtak_dato is None:
        return "Registrer vedtaksdato når vedtaket er fattet: tjenesten kan ikke sendes uten."
    return None


@RULE.for_each(Tjeneste, Severity.WARN)
def decided_after_start(tjeneste: Tjeneste, _: Sak) -> str | None:
    vedtak_dato, fra_dato = tjeneste.vedtak_dato, tjeneste.fra_dato
    if tjeneste.vedtak != "avslag" and vedtak_dato and fra_dato and vedtak_dato > fra_dato:
        return f"Kontroller datoene: tjenesten starter {fra_dato}, før vedtaket {vedtak_dato}."
    return None


@RULE.for_each(Tjeneste, Severity.WARN)
def decided_before_application(tjeneste: Tjeneste, _: Sak) -> str | None:
    soknad_dato, vedtak_dato = tjeneste.soknad_dato, tjeneste.vedtak_dato
    if soknad_dato and vedtak_dato and vedtak_dato < soknad_dato:
        return f"Kontroller datoene: vedtaket er fra {vedtak_dato}, før søknaden {soknad_dato}."
    return None
