"""M2: meldingen må gjelde hele kalenderåret, i formatet for det året.

Ground: the period is the calendar year, and every year has its own format (domain/iplos.md 0, 2 and 7.1).
"""

from collections.abc import Iterator

from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Meldingsfakta

RULE = Rule(id="M2", severity=Severity.BLOCK, title="Feil periode eller versjon", ground="domain/iplos.md 7.1 [S0]")


@RULE.for_message()
def not_the_calendar_year(fakta: Meldingsfakta) -> Iterator[str]:
    if (fakta.fra_dato, fakta.til_dato) != (fakta.pack.start, fakta.pack.slutt):
        yield (
            f"Rett perioden: meldingen gjelder {fakta.fra_dato} til {fakta.til_dato}, "
            f"men skal gjelde {fakta.pack.start} til {fakta.pack.slutt}."
        )


@RULE.for_message()
def not_the_version_of_the_year(fakta: Meldingsfakta) -> Iterator[str]:
    melding = fakta.pack.melding
    if melding is None:
        yield f"Legg inn meldingsformatet for {fakta.pack.aar}: årspakken mangler det."
    elif fakta.versjon != melding.versjon:
        yield f"Rett versjonen: meldingen har {fakta.versjon}, men {fakta.pack.aar} skal ha {melding.versjon}."
