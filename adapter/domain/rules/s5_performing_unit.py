"""S5: organisasjonsnummeret skal stå for noen tjenester, ikke for andre, og alltid være gyldig.

Ground: the lists of «must», «may» and «must not» (domain/iplos.md 5.3 [Q2]), modulo 11 (8.3). INFERRED: a refusal has
no performing unit, so nothing is asked of it. A number that is not nine digits is not repeated in the text, for it can
be anything that somebody wrote in the field.
"""

from adapter.domain.orgnr import is_valid_orgnr
from adapter.domain.records import Tjeneste
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="S5",
    severity=Severity.WARN,
    title="Organisasjonsnummer mangler, er for mye eller er ugyldig",
    ground="domain/iplos.md 5.3, 8.3 [Q2]",
)


@RULE.for_each(Tjeneste)
def unit_is_missing(tjeneste: Tjeneste, sak: Sak) -> str | None:
    kind = sak.pack.tjenestetype(tjeneste.tjenestetype)
    if kind and kind.orgnummer == "skal" and tjeneste.orgnummer is None and tjeneste.vedtak != "avslag":
        return f"Registrer organisasjonsnummer for den utførende enheten: tjeneste {kind.kode} {kind.navn} skal ha det."
    return None


@RULE.for_each(Tjeneste)
def unit_should_not_be_there(tjeneste: Tjeneste, sak: Sak) -> str | None:
    kind = sak.pack.tjenestetype(tjeneste.tjenestetype)
    if kind and kind.orgnummer == "skal-ikke" and tjeneste.orgnummer is not None:
        return f"Rett organisasjonsnummeret: tjeneste {kind.kode} {kind.navn} skal ikke ha det."
    return None


@RULE.for_each(Tjeneste)
def number_is_not_valid(tjeneste: Tjeneste, _: Sak) -> str | None:
    return invalid_orgnr(tjeneste.orgnummer) if tjeneste.orgnummer is not None else None


def invalid_orgnr(orgnummer: str) -> str | None:
    """What is wrong with an organisation number, or None."""
    if is_valid_orgnr(orgnummer):
        return None
    if len(orgnummer) == 9 and orgnummer.isascii() and orgnummer.isdigit():
        return f"Rett organisasjonsnummeret {orgnummer}: kontrollsifferet stemmer ikke."
    return "Rett organisasjonsnummeret: det skal være ni sifre."
