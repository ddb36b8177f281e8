"""M5: meldingen må ha to eller tre kontakter, og både innsendingsansvarlig og IPLOS-kontakt.

Ground: KontaktType in the message (domain/iplos.md 3.2): 1 Innsendingsansvarlig, 2 IPLOS kontaktperson, 3 Alternativ
IPLOS kontaktperson. The schema asks for two contacts; that they must be 1 and 2 is the catalogue's reading (7.4).
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta

RULE = Rule(id="M5", severity=Severity.BLOCK, title="Kontaktpersoner mangler", ground="domain/iplos.md 3.2 [X1]")

_WANTED = {1: "innsendingsansvarlig", 2: "IPLOS kontaktperson"}


@RULE.for_message()
def wrong_number_of_contacts(fakta: Meldingsfakta) -> Iterator[str]:
    if not 2 <= len(fakta.kontakttyper) <= 3:
        yield f"Rett kontaktpersonene: meldingen skal ha to eller tre, og har {len(fakta.kontakttyper)}."


@RULE.for_message()
def a_contact_is_missing(fakta: Meldingsfakta) -> Iterator[str]:
    for kode, navn in _WANTED.items():
        if kode not in fakta.kontakttyper:
            yield f"Registrer kontaktperson av type {kode}, {navn}."
