"""How many have each item registered: the shares the register's web view shows (domain/iplos.md 7.3)."""

from collections import Counter
from collections.abc import Iterator

from adapter.domain.records import Personopplysning, Tjeneste
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import PersonAar
from adapter.report.gaps.mangelrapport import Andel

# The fields of a set of person information, as the guide speaks of them. Dates that belong to another item are not
# items of their own.
OPPLYSNINGER = {
    "husstand": "Husstand",
    "omsorg_barn": "Omsorg for barn",
    "privat_hjelp": "Privat hjelp",
    "bolig_tilrettelagt": "Tilrettelagt bolig",
    "vurdert_tannhelse": "Vurdert av tannhelsepersonell",
    "vurdert_lege": "Vurdert av lege",
    "individuell_plan": "Individuell plan",
    "har_koordinator": "Koordinator",
    "arbeid_bistand_behov": "Arbeid og utdanning: behov for bistand",
    "arbeid_bistand_mottar": "Arbeid og utdanning: mottar bistand",
    "arbeid_transport_behov": "Arbeid og utdanning: behov for transport",
    "arbeid_transport_mottar": "Arbeid og utdanning: mottar transport",
    "fritid_bistand_behov": "Fritid: behov for bistand",
    "fritid_bistand_mottar": "Fritid: mottar bistand",
    "fritid_transport_behov": "Fritid: behov for transport",
    "fritid_transport_mottar": "Fritid: mottar transport",
    "legemiddelgjennomgang": "Legemiddelgjennomgang",
    "ernaring_kartlagt": "Ernæring kartlagt",
    "ernaring_risiko": "Ernæringsrisiko",
    "ernaring_plan": "Ernæringsplan",
}
PERSON_ITEMS = ("Funksjonsskår, minst én", "Funksjonsskår, alle variabler", *OPPLYSNINGER.values(), "Diagnose")
SERVICE_ITEMS = (
    "Tjenester: utfall av vedtaket",
    "Tjenester: vedtaksdato",
    "Tjenester: søknadsdato",
    "Timebaserte tjenester: timer per uke",
    "Tjenester som skal ha det: organisasjonsnummer",
)


class Items:
    """Counts over the persons who have a granted service, and over their granted services."""

    def __init__(self, pack: YearPack) -> None:
        self._pack = pack
        self._variables = {kind.kode for kind in pack.funksjonstyper}
        self._hourly = {kind.kode for kind in pack.tjenestetyper if kind.timer}
        self._with_unit = {kind.kode for kind in pack.tjenestetyper if kind.orgnummer == "skal"}
        self._has: Counter[str] = Counter()
        self._of: Counter[str] = Counter()

    def saw(self, view: PersonAar) -> None:
        granted = [rad.innhold for rad in view.tjenester if rad.innhold.vedtak == "innvilget"]
        if granted:
            self._of.update(PERSON_ITEMS)
            self._has.update(self._person(view))
        for rad in view.tjenester:
            self._service(rad.innhold)

    def shares(self) -> list[Andel]:
        """Every item, also those nobody has; none when there is nobody to ask it of."""
        return [
            Andel(navn=navn, antall=self._has[navn], av=self._of[navn])
            for navn in (*PERSON_ITEMS, *SERVICE_ITEMS)
            if self._of[navn]
        ]

    def _person(self, view: PersonAar) -> Iterator[str]:
        scored = {
            rad.innhold.funksjonstype for rad in view.funksjoner if rad.innhold.verdi in self._pack.funksjonsverdier
        }
        if scored:
            yield PERSON_ITEMS[0]
        if scored >= self._variables:
            yield PERSON_ITEMS[1]
        for field, navn in OPPLYSNINGER.items():
            if any(_has(rad.innhold, field) for rad in view.opplysninger):
                yield navn
        if view.diagnoser:
            yield PERSON_ITEMS[-1]

    def _service(self, one: Tjeneste) -> None:
        outcome, decided, applied, hours, unit = SERVICE_ITEMS
        asked: dict[str, object] = {outcome: one.vedtak, decided: one.vedtak_dato, applied: one.soknad_dato}
        if one.vedtak != "avslag" and one.tjenestetype in self._hourly:
            asked[hours] = one.timer_per_uke
        if one.vedtak != "avslag" and one.tjenestetype in self._with_unit:
            asked[unit] = one.orgnummer
        self._of.update(list(asked))
        self._has.update(navn for navn, value in asked.items() if value is not None)


def _has(opplysning: Personopplysning, field: str) -> bool:
    return getattr(opplysning, field) is not None
