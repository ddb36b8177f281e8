"""Hva vi ikke vet: the settings of the year pack that no source confirms, and how much of the report each touches.

Only what touched something is told: a reader should not have to weigh doubts about rows the municipality does not have.
"""

from collections import Counter
from collections.abc import Callable

from adapter.domain.yearpack import Antakelser, YearPack
from adapter.domain.yearview import PersonAar
from adapter.report.gaps.mangelrapport import Valg

_SLUTT = {"periodeslutt": "årets siste dag", "99991231": "31.12.9999"}
_STEDFORTREDER = {
    "periodestart": "årets første dag skrives i stedet, og personen får en merknad",
    "hold-tilbake": "personen holdes tilbake til datoen er registrert",
}
_SENDES = {True: "sendes", False: "sendes ikke"}
_TYPE = {"B": "B, satsvis melding", "E": "E, endringsmelding"}

# Setting → the question no source answers, what we chose, and what the count counts.
QUESTIONS: dict[str, tuple[str, Callable[[Antakelser], str], str]] = {
    "alder_maned": (
        "Hvilken dag skal personens alder regnes på?",
        lambda ant: f"den {ant.alder_dag}.{ant.alder_maned}. i rapporteringsåret",
        "personer",
    ),
    "bydelsnummer_uten_bydel": (
        "Hva skal stå som bydelsnummer der det ikke er bydeler?",
        lambda ant: f"«{ant.bydelsnummer_uten_bydel}»" if ant.bydelsnummer_uten_bydel.strip() else "to blanke tegn",
        "personer",
    ),
    "prosesseringsstatus_produksjon": (
        "Hvordan merkes en melding som prøve eller ekte?",
        lambda ant: f"«{ant.prosesseringsstatus_test}» for prøve, «{ant.prosesseringsstatus_produksjon}» for ekte",
        "personer",
    ),
    "ident_meldingstype": (
        "Hvilken meldingstype har identmeldingen for et helt år?",
        lambda ant: _TYPE[ant.ident_meldingstype],
        "personer",
    ),
    "apen_funksjon": (
        "Hva skal stå som til-dato på en funksjonsskår som fortsatt gjelder?",
        lambda ant: _SLUTT[ant.apen_funksjon],
        "funksjonsskårer",
    ),
    "apen_diagnose": (
        "Hva skal stå som til-dato på en diagnose som fortsatt gjelder?",
        lambda ant: _SLUTT[ant.apen_diagnose],
        "diagnoser",
    ),
    "apent_dogntilbud": (
        "Hva skal stå som til-dato på et døgntilbud som ikke er avsluttet?",
        lambda ant: _SLUTT[ant.apent_dogntilbud],
        "døgntilbud",
    ),
    "vedtak_innvilget": (
        "Hvilken kode betyr at vedtaket er innvilget?",
        lambda ant: f"{ant.vedtak_innvilget}, og {ant.vedtak_avslag} for avslag",
        "tjenester",
    ),
    "rullerende_ja": (
        "Hvilken kode betyr at oppholdet er rullerende?",
        lambda ant: f"{ant.rullerende_ja}, og {ant.rullerende_nei} for nei",
        "tjenester",
    ),
    "mottar_nei": (
        "Kodeverket skriver 9 for «mottar ikke bistand», skjemaet for 2018 har 3. Hvilken gjelder?",
        lambda ant: f"{ant.mottar_nei}",
        "personopplysninger",
    ),
    "send_undertype": (
        "Hvilke koder har undertypen til en tjeneste?",
        lambda ant: f"undertypen {_SENDES[ant.send_undertype]}",
        "tjenester",
    ),
    "send_rest_timer": (
        "Hva betyr feltet for resttimer per uke?",
        lambda ant: f"feltet {_SENDES[ant.send_rest_timer]}",
        "tjenester",
    ),
    "mangler_fra_dato": (
        "Hva skal meldingen si når fra-dato mangler på personen?",
        lambda ant: _STEDFORTREDER[ant.mangler_fra_dato],
        "personer",
    ),
    "mangler_endret_dato": (
        "Hva skal meldingen si når endringsdato mangler på personen?",
        lambda ant: _STEDFORTREDER[ant.mangler_endret_dato],
        "personer",
    ),
}
# The other half of a question above.
COVERED = {
    "alder_dag": "alder_maned",
    "vedtak_avslag": "vedtak_innvilget",
    "rullerende_nei": "rullerende_ja",
    "prosesseringsstatus_test": "prosesseringsstatus_produksjon",
}


class Unknowns:
    """Counts what each setting touches, over every row of the view."""

    def __init__(self, pack: YearPack) -> None:
        self._antakelser = pack.antakelser
        self._touched: Counter[str] = Counter()

    def saw(self, view: PersonAar) -> None:
        touched = self._touched
        if view.person is not None:
            row = view.person.innhold
            touched.update(("alder_maned", "ident_meldingstype", "prosesseringsstatus_produksjon"))
            touched["bydelsnummer_uten_bydel"] += not row.bydelsnummer
            touched["mangler_fra_dato"] += row.fra_dato is None
            touched["mangler_endret_dato"] += row.endret_dato is None
        touched["apen_funksjon"] += sum(rad.innhold.til_dato is None for rad in view.funksjoner)
        touched["apen_diagnose"] += sum(rad.innhold.til_dato is None for rad in view.diagnoser)
        touched["apent_dogntilbud"] += sum(rad.innhold.til_dato is None for rad in view.dogntilbud)
        touched["mottar_nei"] += sum(
            any(getattr(rad.innhold, field) in {3, 9} for field in _MOTTAR) for rad in view.opplysninger
        )
        for rad in view.tjenester:
            touched["vedtak_innvilget"] += rad.innhold.vedtak is not None
            touched["rullerende_ja"] += rad.innhold.rullerende is not None
            touched["send_undertype"] += rad.innhold.undertype is not None
            touched["send_rest_timer"] += rad.innhold.rest_timer_per_uke is not None

    def choices(self) -> list[Valg]:
        """The questions that touch something, in their order."""
        return [
            Valg(navn=navn, sporsmal=question, valg=chosen(self._antakelser), gjelder=self._touched[navn], hva=what)
            for navn, (question, chosen, what) in QUESTIONS.items()
            if self._touched[navn]
        ]


_MOTTAR = ("arbeid_bistand_mottar", "arbeid_transport_mottar", "fritid_bistand_mottar", "fritid_transport_mottar")
