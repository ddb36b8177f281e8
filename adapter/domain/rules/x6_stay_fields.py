"""X6: et døgntilbud må ha organisasjonsnummer på ni tegn og fra-dato.

Ground: `dgInstOrgnr` (exactly nine characters) and `dgFraDato` are mandatory (domain/iplos.md 3.7 [X1]). Nine digits
that fail modulo 11 (8.3) can be written, and are sent with a remark.
"""

from adapter.domain.records import Dogntilbud
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.s5_performing_unit import invalid_orgnr
from adapter.domain.rules.sak import Sak

RULE = Rule(
    id="X6",
    severity=Severity.WITHHOLD,
    title="Døgntilbud mangler det meldingen krever",
    ground="domain/iplos.md 3.7, 8.3 [X1]",
)


@RULE.for_each(Dogntilbud)
def unit_is_missing(dogntilbud: Dogntilbud, _: Sak) -> str | None:
    if dogntilbud.orgnummer is None:
        return "Registrer organisasjonsnummer på døgntilbudet: det kan ikke sendes uten."
    if len(dogntilbud.orgnummer) != 9:
        return "Rett organisasjonsnummeret på døgntilbudet: det skal være ni sifre."
    return None


@RULE.for_each(Dogntilbud)
def start_is_missing(dogntilbud: Dogntilbud, _: Sak) -> str | None:
    if dogntilbud.fra_dato is None:
        return "Registrer fra-dato på døgntilbudet: det kan ikke sendes uten."
    return None


@RULE.for_each(Dogntilbud, Severity.WARN)
def number_is_not_valid(dogntilbud: Dogntilbud, _: Sak) -> str | None:
    orgnummer = dogntilbud.orgnummer
    return invalid_orgnr(orgnummer) if orgnummer is not None and len(orgnummer) == 9 else None
