"""S8: et avslag bør ikke ha tjenestedatoer, og et vedtak bør ha et utfall.

Ground: INFERRED (domain/iplos.md 7.4): what was refused never ran. The outcome may be absent in the message (3.6), so a
decision without one is sent; but the register counts granted decisions only (7.2), so the office must say which it is.
It stands here because it is the same question: was this granted or refused? An application that nobody has decided on
yet owes no outcome.
"""

from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.rules.wording import period

RULE = Rule(
    id="S8",
    severity=Severity.WARN,
    title="Avslag med tjenestedatoer, eller vedtak uten utfall",
    ground="domain/iplos.md 7.4",
)


@RULE.for_each(Tjeneste)
def refused_and_yet_given(tjeneste: Tjeneste, _: Sak) -> str | None:
    if tjeneste.vedtak == "avslag" and (tjeneste.fra_dato or tjeneste.til_dato):
        return f"Rett avslaget: det har tjenesteperiode {period(tjeneste.fra_dato, tjeneste.til_dato)}."
    return None


@RULE.for_each(Tjeneste)
def outcome_is_missing(tjeneste: Tjeneste, _: Sak) -> str | None:
    if tjeneste.vedtak is None and tjeneste.vedtak_dato is not None:
        return f"Registrer utfallet av vedtaket {tjeneste.vedtak_dato}: innvilget eller avslag."
    return None
