"""Y1: store endringer fra året før bør forklares.

Ground: the register's staff look at change from year to year and ask for an explanation (domain/iplos.md 7.3 [R6]):
organisation numbers up by more than 100 %, services up many times over, down by half, or down to none. So a rise counts
above its limit, a fall from its limit on. A service below the smallest base in both years is let be; organisation
numbers are few everywhere and have no smallest base. Limits are in the pack. Withdrawn codes are not compared: S1 tells
of those.
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta

RULE = Rule(id="Y1", severity=Severity.WARN, title="Stor endring fra året før", ground="domain/iplos.md 7.3 [R6]")


@RULE.for_message()
def service_changed_much(fakta: Meldingsfakta) -> Iterator[str]:
    if fakta.tjenester is None or fakta.tjenester_i_fjor is None:
        return
    grenser = fakta.pack.grenser
    for kind in fakta.pack.tjenestetyper:
        now, before = fakta.tjenester.get(kind.kode, 0), fakta.tjenester_i_fjor.get(kind.kode, 0)
        if max(now, before) < grenser.minste_grunnlag:
            continue
        if _risen(before, now, grenser.tjeneste_okning_prosent) or _fallen(
            before, now, grenser.tjeneste_nedgang_prosent
        ):
            yield f"Kontroller og forklar: tjeneste {kind.kode} {kind.navn} har {now} mottakere, mot {before} året før."


@RULE.for_message()
def more_units_than_before(fakta: Meldingsfakta) -> Iterator[str]:
    now, before = fakta.orgnumre, fakta.orgnumre_i_fjor
    if before and _risen(before, now, fakta.pack.grenser.orgnummer_okning_prosent):
        yield f"Kontroller og forklar: meldingen har {now} ulike organisasjonsnumre, mot {before} året før."


def _risen(before: int, now: int, percent: int) -> bool:
    return (now - before) * 100 > before * percent


def _fallen(before: int, now: int, percent: int) -> bool:
    return before > 0 and (before - now) * 100 >= before * percent
