"""M4: bydel skal stå der kommunen har bydeler, og ellers ikke.

Ground: the control program for KOSTRA takes 01-15 for Oslo and nothing for others (domain/iplos.md 7.4, 8.1). Which
municipalities have districts is the table's to say. INFERRED: that the register looks at it the same way; therefore a
district where the table knows none is only remarked on.
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta

RULE = Rule(id="M4", severity=Severity.BLOCK, title="Feil bydel", ground="domain/iplos.md 7.4, 8.1 [K1]")


@RULE.for_message()
def district_is_missing_or_unknown(fakta: Meldingsfakta) -> Iterator[str]:
    kommunenummer, bydelsnummer = fakta.enhet
    if not fakta.places.has_districts(kommunenummer):
        return
    if not bydelsnummer:
        yield f"Registrer bydel: kommune {kommunenummer} rapporterer per bydel."
    elif not fakta.places.is_district(kommunenummer, bydelsnummer, fakta.pack.aar):
        yield f"Rett bydelen: {bydelsnummer} er ingen bydel i kommune {kommunenummer} i {fakta.pack.aar}."


@RULE.for_message(Severity.WARN)
def district_where_none_is_known(fakta: Meldingsfakta) -> Iterator[str]:
    kommunenummer, bydelsnummer = fakta.enhet
    if bydelsnummer and not fakta.places.has_districts(kommunenummer):
        yield f"Kontroller bydelen: {bydelsnummer} er satt, men kommune {kommunenummer} har ingen kjente bydeler."
