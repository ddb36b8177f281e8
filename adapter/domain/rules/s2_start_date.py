"""S2: en innvilget tjeneste må ha startdato, fra 1980 til utgangen av rapporteringsåret.

Ground: KPR leaves out a record without start date, and one that starts before 1980, before the birth year, or after the
year (domain/iplos.md 7.2 [R5]). A refusal needs no dates. Where the outcome is missing (S8 asks for it) the row may be
a refusal, so only a date that stands there can hold it back.
"""

from adapter.domain.age import born_on
from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="S2",
    severity=Severity.WITHHOLD,
    title="Startdato mangler eller er utenfor det som telles",
    ground="domain/iplos.md 7.2 [R5]",
)


@RULE.for_each(Tjeneste)
def start_is_missing(tjeneste: Tjeneste, _: Sak) -> str | None:
    if tjeneste.vedtak == "innvilget" and tjeneste.fra_dato is None:
        return "Registrer startdato: tjenesten er innvilget, og registeret teller den ikke uten."
    return None


@RULE.for_each(Tjeneste)
def starts_too_early(tjeneste: Tjeneste, sak: Sak) -> str | None:
    if tjeneste.vedtak == "avslag" or tjeneste.fra_dato is None:
        return None
    if tjeneste.fra_dato < sak.pack.grenser.tidligste_startdato:
        tidligst = sak.pack.grenser.tidligste_startdato
        return f"Rett startdatoen: tjenesten starter {tjeneste.fra_dato}, og tidligst mulig er {tidligst}."
    born = born_on(sak.person.person.innhold) if sak.person.person else None
    if born is not None and tjeneste.fra_dato.year < born.year:
        return f"Rett startdatoen: tjenesten starter {tjeneste.fra_dato}, før året personen ble født."
    return None


@RULE.for_each(Tjeneste)
def starts_after_the_year(tjeneste: Tjeneste, sak: Sak) -> str | None:
    if tjeneste.vedtak != "avslag" and tjeneste.fra_dato and tjeneste.fra_dato > sak.pack.slutt:
        return (
            f"Kontroller startdatoen: tjenesten starter {tjeneste.fra_dato}, "
            f"etter {sak.pack.aar}, og sendes ikke for det året."
        )
    return None
