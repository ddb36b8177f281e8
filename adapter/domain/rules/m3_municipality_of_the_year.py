"""M3: kommunenummeret må ha vært i bruk i rapporteringsåret.

Ground: the number valid in the reporting year is used, also when the message is made after a merger
(domain/iplos.md 0 and 8.1). A number is good for a whole year or not at all, so «on 31 December» and «at any time in
the year» are the same.
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta

RULE = Rule(
    id="M3", severity=Severity.BLOCK, title="Kommunenummeret fantes ikke i året", ground="domain/iplos.md 8.1 [S0]"
)


@RULE.for_message()
def number_was_not_in_use(fakta: Meldingsfakta) -> Iterator[str]:
    kommunenummer = fakta.enhet.kommunenummer
    if not fakta.places.existed_in(kommunenummer, fakta.pack.aar):
        yield f"Rett kommunenummeret: {kommunenummer} var ikke i bruk i {fakta.pack.aar}."
