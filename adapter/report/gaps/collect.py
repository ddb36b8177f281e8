"""State → mangelrapport: the year view and the rules over every person of a unit. No message, no seal opened.

The same view, judge and counts as the build of the message, so what stands here is what the message would come to;
only the schema gate is left out, which looks at the finished text.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args

from adapter import __version__
from adapter.domain.enhet import Enhet
from adapter.domain.judge import Judge
from adapter.domain.records import KINDS
from adapter.domain.rules.rule import Funn, Severity
from adapter.domain.rules.sak import Meldingsfakta, Sak
from adapter.domain.rules.y1_change_from_last_year import RULE as Y1
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import PersonAar, year_view
from adapter.report.build import lines_of
from adapter.report.gaps.grunnlag import Grunnlag
from adapter.report.gaps.items import Items
from adapter.report.gaps.last_year import Ended, Fjor, from_ledger, moved_back
from adapter.report.gaps.mangelrapport import (
    Alvor,
    Arspakke,
    Enhetsrapport,
    Hendelsesregnskap,
    Kilde,
    Mangel,
    Mangelrapport,
    Nokkeltall,
    Radregnskap,
    Regel,
    Stopp,
    Tjenestetall,
    Uplassert,
)
from adapter.report.gaps.masking import shown
from adapter.report.gaps.unknowns import Unknowns
from adapter.report.gaps.year_end import YearEnd
from adapter.report.ledger import Kjoring
from adapter.report.population import Population
from adapter.report.resultat import Resultat

ALVOR: tuple[Alvor, ...] = get_args(Alvor)


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
        arspakke=_described(pack),
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
        uplassert=_in_doubt(grunnlag, population, kommune),
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
            navn=_name(grunnlag, enhet),
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
            tjenester=_services(pack, fakta, self._funn),
            nokkeltall=_figures(fakta, resultat, year_end, fjor),
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
            sak = Sak(pack, self._enhet, view, grunnlag.i_dag, grunnlag.modus, self._shared)
            vurdering = judge.judge(sak)
            resultat.saw(view, vurdering)
            if tell:
                self._funn.extend(_told(funn, view) for funn in vurdering.funn)
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
        self._funn.extend(_told(funn, None) for funn in found)


def _told(funn: Funn, view: PersonAar | None) -> Mangel:
    """The finding as the report has it; where it names no row, the first row of the person stands in as a way there."""
    rows = view.rader() if view is not None and not funn.record_id else ()
    return Mangel(
        regel=funn.rule,
        alvor=funn.severity.value,
        radtype=funn.kind,
        rad_id=shown(funn.record_id),
        tekst=shown(funn.text),
        tjenestetype=funn.tjenestetype,
        se_rad=f"{rows[0].kind} {shown(rows[0].id)}" if rows else "",
    )


def _services(pack: YearPack, fakta: Meldingsfakta, funn: Iterable[Mangel]) -> list[Tjenestetall]:
    """Every service anyone has, had last year, or has a finding on."""
    now, before = fakta.tjenester or {}, fakta.tjenester_i_fjor
    by_code: dict[int, Counter[Alvor]] = defaultdict(Counter)
    for one in funn:
        if one.tjenestetype is not None:
            by_code[one.tjenestetype][one.alvor] += 1
    codes = sorted({*now, *(before or {}), *by_code})
    return [
        Tjenestetall(
            kode=kode,
            navn=kind.navn if (kind := pack.tjenestetype(kode)) else "(ikke i årets kodeverk)",
            mottakere=now.get(kode, 0),
            i_fjor=before.get(kode, 0) if before is not None else None,
            merket=before is not None and _marked(fakta, {kode: now.get(kode, 0)}, {kode: before.get(kode, 0)}),
            funn={alvor: by_code[kode][alvor] for alvor in ALVOR if by_code[kode][alvor]},
        )
        for kode in codes
    ]


def _figures(fakta: Meldingsfakta, resultat: Resultat, year_end: YearEnd, fjor: Fjor | None) -> list[Nokkeltall]:
    orgnumre = Nokkeltall(
        navn="Ulike organisasjonsnumre",
        antall=fakta.orgnumre,
        i_fjor=fakta.orgnumre_i_fjor,
        merket=any(Y1.check_message(replace(fakta, tjenester=None))),
    )
    return [
        Nokkeltall(navn="Personer i meldingen", antall=resultat.personer_sendt, i_fjor=fjor.personer if fjor else None),
        Nokkeltall(
            navn="Langtidsopphold 31.12.",
            antall=year_end.long_stays,
            i_fjor=fjor.langtidsopphold if fjor else None,
        ),
        Nokkeltall(navn="Hjemmeboende 31.12.", antall=year_end.at_home, i_fjor=fjor.hjemmeboende if fjor else None),
        orgnumre,
    ]


def _marked(fakta: Meldingsfakta, now: Mapping[int, int], before: Mapping[int, int]) -> bool:
    """Whether rule Y1 remarks on this one service; a code the year does not have is not compared."""
    alone = replace(fakta, tjenester=now, tjenester_i_fjor=before, orgnumre_i_fjor=None)
    return any(Y1.check_message(alone))


def _in_doubt(grunnlag: Grunnlag, population: Population, kommune: str) -> list[Uplassert]:
    """Units of later numbers that may stand for this municipality, and that nothing told apart."""
    return [
        Uplassert(enhet=str(unit), personer=len(population.groups(unit)))
        for unit in population.units()
        if unit.kommunenummer != kommune
        and not grunnlag.places.existed_in(unit.kommunenummer, grunnlag.pack.aar)
        and kommune in grunnlag.overgang.candidates(unit.kommunenummer)
    ]


def _name(grunnlag: Grunnlag, enhet: Enhet) -> str:
    aar = grunnlag.pack.aar
    if not enhet.bydelsnummer:
        return grunnlag.places.name(enhet.kommunenummer, aar) or ""
    bydeler = grunnlag.places.bydeler.get(enhet.kommunenummer, ())
    return next((one.navn for one in bydeler if one.nummer == enhet.bydelsnummer and one.touches(aar)), "ukjent bydel")


def _described(pack: YearPack) -> Arspakke:
    return Arspakke(
        tittel=pack.tittel,
        versjon=pack.pakkeversjon,
        har_meldingsformat=pack.melding is not None,
        mangler=pack.mangler,
        slutt=pack.slutt,
        innsending_fra=pack.frister.innsending_fra,
        innsending_til=pack.frister.innsending_til,
        grense_okning_prosent=pack.grenser.tjeneste_okning_prosent,
        grense_nedgang_prosent=pack.grenser.tjeneste_nedgang_prosent,
        grense_minste_grunnlag=pack.grenser.minste_grunnlag,
        grense_orgnummer_prosent=pack.grenser.orgnummer_okning_prosent,
    )
