"""M6: de to meldingene må være et par: samme løpenummer og de samme personene.

Ground: the running number is the same in both (domain/iplos.md 3.2, comment 9 of the schema). INFERRED: that `pePeID`
and `pid` are the same key (4.2).
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta

RULE = Rule(
    id="M6", severity=Severity.BLOCK, title="De to meldingene er ikke et par", ground="domain/iplos.md 4.2 [X1]"
)


@RULE.for_message()
def running_numbers_differ(fakta: Meldingsfakta) -> Iterator[str]:
    if fakta.lopenr_fag != fakta.lopenr_ident:
        yield "Rett løpenummeret: fagmeldingen og identmeldingen har ikke det samme."


@RULE.for_message()
def persons_differ(fakta: Meldingsfakta) -> Iterator[str]:
    if not fakta.samme_personer or fakta.personer_fag != fakta.personer_ident:
        yield (
            f"Rett meldingene: fagmeldingen har {fakta.personer_fag} personer og identmeldingen "
            f"{fakta.personer_ident}, og de er ikke de samme."
        )
