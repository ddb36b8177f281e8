"""M1: meldingen må følge skjemaet for året.

Ground: the sister register takes no message that fails the schema (domain/iplos.md 6.4, 7.4), and a receiver answers
one with T02 (6.2). Rows that the format cannot carry are held back one by one by the rules X; what is left here is a
fault of the adapter or of the pack, so the whole message waits.

A schema fault may quote the value it stumbled over. Whatever could be an identity number is taken out of the text.
"""

import re
from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta

RULE = Rule(
    id="M1", severity=Severity.BLOCK, title="Meldingen følger ikke skjemaet", ground="domain/iplos.md 7.4 [P1, X8]"
)

# Eleven digits or more, also with the blank people put after the date.
_IDENTITY = re.compile(r"[0-9]{6}[ \xa0-]?[0-9]{5,}")


@RULE.for_message()
def schema_faults(fakta: Meldingsfakta) -> Iterator[str]:
    if fakta.skjemafeil:
        first = _IDENTITY.sub("***", fakta.skjemafeil[0])
        yield f"Rett meldingen: den bryter skjemaet for {fakta.pack.aar} {len(fakta.skjemafeil)} ganger; først: {first}"
