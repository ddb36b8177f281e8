"""F2: en funksjonsskår må ha en verdi meldingen har, og bør gjelde en kjent variabel.

Ground: `fnFunkVerdi` takes 1-5 and 9 (domain/iplos.md 3.5 [X1]); a row without a value it takes cannot be written.
`fnFunkType` is an open number in the schema; INFERRED: that it uses list 9111 (5.2), so an unknown one is sent with a
remark.
"""

from adapter.domain.records import Funksjon
from adapter.domain.rules.rule import Rule, Severity
from adapter.domain.rules.sak import Sak
from adapter.domain.rules.wording import listing

RULE = Rule(id="F2", severity=Severity.WITHHOLD, title="Ukjent funksjonsskår", ground="domain/iplos.md 3.5, 5.2 [X1]")


@RULE.for_each(Funksjon)
def value_is_unknown(funksjon: Funksjon, sak: Sak) -> str | None:
    if funksjon.verdi not in sak.pack.funksjonsverdier:
        known = listing([str(verdi) for verdi in sak.pack.funksjonsverdier])
        return f"Rett skåren {funksjon.verdi} for variabel {funksjon.funksjonstype}: gyldige verdier er {known}."
    return None


@RULE.for_each(Funksjon, Severity.WARN)
def variable_is_unknown(funksjon: Funksjon, sak: Sak) -> str | None:
    if funksjon.funksjonstype not in sak.pack.funksjonskoder:
        return f"Kontroller funksjonsvariabelen: {funksjon.funksjonstype} er ikke kjent for {sak.pack.aar}."
    return None
