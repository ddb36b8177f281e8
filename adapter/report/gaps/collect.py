"""State → mangelrapport: the year view and the rules over every person of a unit. No message, no seal opened.

The same view, judge and counts as the build of the message, so what stands here is what the message would come to;
only the schema gate is left out, which looks at the finished text.
"""

from collections.abc import Iterable, Mapping

from adapter import __version__
from adapter.domain.enhet import Enhet
from adapter.domain.judge import Judge
from adapter.domain.merged import lines_of
from adapter.domain.records import KINDS
from adapter.domain.rules.rule import Funn, Severity
from adapter.domain.rules.sak import Meldingsfakta, Sak
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import PersonAar, year_view
from adapter.report.gaps.describe import described, figures, in_doubt, name_of, services, told
from adapter.report.gaps.grunnlag import Grunnlag
from adapter.report.gaps.items import Items
from adapter.report.gaps.last_year import Ended, Fjor, from_ledger, moved_back
from adapter.report.gaps.mangelrapport import (
    Enhetsrapport,
    Hendelsesregnskap,
    Kilde,
    Mangel,
    Mangelrapport,
    Radregnskap,
    Regel,
    Stopp,
)
from adapter.report.gaps.unknowns import Unknowns
from adapter.report.gaps.year_end import YearEnd
from adapter.report.ledger import Kjoring
from adapter.report.population import Population
from adapter.report.resultat import Resultat


def collect(
    grunnlag: Grunnlag,
    population: Population,
    enhet: Enhet,
    kilde: Kilde,
    *,
    i_dora: Iterable[Stopp] = (),
    hendelser: Hendelsesregnskap | None = None,
    sendt: Mapping[str, Kjoring] | None = None,
) -> Mangelrapport:
    """The report of a municipality, or of the one district `enhet` names. `sendt` are the runs of the ledger."""
    kommune = enhet.kommunenummer
    units = [enhet] if enhet.bydelsnummer else [one for one in population.units() if one.kommunenummer == kommune]
    pack = grunnlag.pack
    shared = population.shared_prints()
    return Mangelrapport(
        kommunenummer=kommune,
        kommunenavn=grunnlag.places.name(kommune, pack.aar) or "",
        bydelsnummer=enhet.bydelsnummer,
        aar=pack.aar,
        laget=grunnlag.i_dag,
        modus=grunnlag.modus,
        kilde=kilde,
        programversjon=__version__,
        arspakke=described(pack),
        regler=[
            Regel(id=rule.id, tittel=rule.title, grunnlag=rule.ground)
            for rule in grunnlag.rules
            if rule.applies_to(pack.aar)
        ],
        enheter=[
            _Unit(grunnlag, population, one, shared).report(from_ledger(sendt or {}, one, pack.aar)) for one in units
        ],
        i_dora=list(i_dora),
        hendelser=hendelser or Hendelsesregnskap(),
        uplassert=in_doubt(grunnlag, population, kommune),
    )


class _Unit:
    """One unit's persons, seen once for this year and once for the last."""

    def __init__(self, grunnlag: Grunnlag, population: Population, enhet: Enhet, shared: frozenset[bytes]) -> None:
        self._grunnlag, self._population, self._enhet, self._shared = grunnlag, population, enhet, shared
        self._funn: list[Mangel] = []

    def report(self, sent_last_year: Fjor | None) -> Enhetsrapport:
        grunnlag, pack, enhet = self._grunnlag, self._grunnlag.pack, self._enhet
        resultat, year_end = Resultat(), YearEnd(pack.slutt)
        items, unknowns = Items(pack), Unknowns(pack)
        for view in self._year(pack, resultat, year_end, tell=True):
            items.saw(view)
            unknowns.saw(view)
        fjor = sent_last_year or self._last_year()
        fakta = self._facts(resultat, fjor)
        self._judge_message(resultat, fakta)
        return Enhetsrapport(
            enhet=str(enhet),
            kommunenummer=enhet.kommunenummer,
            bydelsnummer=enhet.bydelsnummer,
            navn=name_of(grunnlag, enhet),
            personer=resultat.personer_i_visningen,
            personer_kan_sendes=resultat.personer_sendt,
            personer_holdes_tilbake=resultat.personer_holdt,
            rader=[
                Radregnskap(
                    radtype=kind,
                    i_visningen=resultat.rader_i_visningen[kind],
                    kan_sendes=resultat.rader_sendt[kind],
                    holdes_tilbake=resultat.rader_holdt[kind],
                )
                for kind in KINDS
                if resultat.rader_i_visningen[kind]
            ],
            gar_opp=resultat.adds_up(),
            sjekker=resultat.sjekker,
            tjenester=services(pack, fakta, self._funn),
            nokkeltall=figures(fakta, resultat, year_end, fjor),
            fjor_kilde=fjor.kilde if fjor else None,
            andeler=items.shares(),
            valg=unknowns.choices(),
            funn=self._funn,
        )

    def _year(self, pack: YearPack, resultat: Resultat, year_end: YearEnd, *, tell: bool) -> Iterable[PersonAar]:
        """View and judge every person, count what comes of it, and yield each view; findings are kept if `tell`."""
        grunnlag, population = self._grunnlag, self._population
        judge = Judge(grunnlag.rules, pack.aar)
        orgnumre: set[str | None] = set()
        groups = population.groups(self._enhet)
        for key in sorted(groups):
            lines = lines_of(key, list(population.states(groups[key])))
            view = year_view(key, lines, self._enhet, pack.aar, grunnlag.overgang.for_person(lines))
            if view is None:
                continue
            sak = Sak(
                pack,
                self._enhet,
                view,
                grunnlag.i_dag,
                grunnlag.modus,
                self._shared,
                grunnlag.ekte_i_test,
            )
            vurdering = judge.judge(sak)
            resultat.saw(view, vurdering)
            if tell:
                self._funn.extend(told(funn, view) for funn in vurdering.funn)
            if vurdering.sendes is not None:
                resultat.sent(vurdering.sendes)
                year_end.saw(vurdering.sendes)
                orgnumre.update(rad.innhold.orgnummer for rad in vurdering.sendes.tjenester)
            yield view
        resultat.orgnumre = len(orgnumre - {None, ""})

    def _last_year(self) -> Fjor | None:
        """The same persons seen with the year moved back by one, if the state goes back that far."""
        pack = moved_back(self._grunnlag.pack)
        resultat, year_end, ended = Resultat(), YearEnd(pack.slutt), Ended(pack)
        for view in self._year(pack, resultat, year_end, tell=False):
            ended.saw(view)
        if not ended.is_a_whole_year():
            return None
        return Fjor(
            "tilstanden",
            resultat.tjenestemottakere,
            resultat.orgnumre,
            year_end.long_stays,
            year_end.at_home,
            resultat.personer_sendt,
        )

    def _facts(self, resultat: Resultat, fjor: Fjor | None) -> Meldingsfakta:
        grunnlag, pack = self._grunnlag, self._grunnlag.pack
        return Meldingsfakta(
            pack=pack,
            places=grunnlag.places,
            enhet=self._enhet,
            kontakttyper=grunnlag.kontakttyper,
            fra_dato=pack.start,
            til_dato=pack.slutt,
            versjon=pack.melding.versjon if pack.melding else "",
            lopenr_fag="1",
            lopenr_ident="1",
            personer_fag=resultat.personer_sendt,
            personer_ident=resultat.personer_sendt,
            samme_personer=True,
            tjenester=resultat.tjenestemottakere,
            tjenester_i_fjor=fjor.tjenester if fjor else None,
            orgnumre=resultat.orgnumre,
            orgnumre_i_fjor=fjor.orgnumre if fjor else None,
        )

    def _judge_message(self, resultat: Resultat, fakta: Meldingsfakta) -> None:
        """What can be said of the message before it is made; as `PairBuilder` says it of the one it has made."""
        found: list[Funn] = []
        if resultat.personer_i_visningen == 0:
            found.append(Funn("M1", Severity.BLOCK, "melding", "", "Ingen personer: det er ingenting å rapportere."))
        elif resultat.personer_sendt == 0:
            text = "Ingen personer kan sendes: alle er holdt tilbake. Rett funnene og bestill på nytt."
            found.append(Funn("M1", Severity.BLOCK, "melding", "", text))
        if resultat.personer_i_visningen and resultat.sjekker == 0:
            found.append(Funn("M0", Severity.BLOCK, "melding", "", "Ingen kontroller ble kjørt."))
        for rule in self._grunnlag.rules:
            if rule.applies_to(fakta.pack.aar):
                resultat.sjekker += len(rule.message_checks)
                found.extend(rule.check_message(fakta))
        if not resultat.adds_up():
            found.append(Funn("M0", Severity.BLOCK, "melding", "", "Regnskapet over rader går ikke opp."))
        self._funn.extend(told(funn, None) for funn in found)
