"""From what was counted to the parts of the report: findings, services, figures, names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args

from adapter.domain.enhet import Enhet
from adapter.domain.rules.rule import Funn
from adapter.domain.rules.sak import Meldingsfakta
from adapter.domain.rules.y1_change_from_last_year import RULE as Y1
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import PersonAar
from adapter.report.gaps.grunnlag import Grunnlag
from adapter.report.gaps.last_year import Fjor
from adapter.report.gaps.mangelrapport import Alvor, Arspakke, Mangel, Nokkeltall, Tjenestetall, Uplassert
from adapter.report.gaps.masking import shown
from adapter.report.gaps.year_end import YearEnd
from adapter.report.population import Population
from adapter.report.resultat import Resultat

ALVOR: tuple[Alvor, ...] = get_args(Alvor)


def told(funn: Funn, view: PersonAar | None) -> Mangel:
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


def services(pack: YearPack, fakta: Meldingsfakta, funn: Iterable[Mangel]) -> list[Tjenestetall]:
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


def figures(fakta: Meldingsfakta, resultat: Resultat, year_end: YearEnd, fjor: Fjor | None) -> list[Nokkeltall]:
    """The figures that stand beside last year's; organisation numbers have a limit of their own."""
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


def in_doubt(grunnlag: Grunnlag, population: Population, kommune: str) -> list[Uplassert]:
    """Units of later numbers that may stand for this municipality, and that nothing told apart."""
    return [
        Uplassert(enhet=str(unit), personer=len(population.groups(unit)))
        for unit in population.units()
        if unit.kommunenummer != kommune
        and not grunnlag.places.existed_in(unit.kommunenummer, grunnlag.pack.aar)
        and kommune in grunnlag.overgang.candidates(unit.kommunenummer)
    ]


def name_of(grunnlag: Grunnlag, enhet: Enhet) -> str:
    """The unit's name in the year."""
    return grunnlag.places.unit_name(enhet, grunnlag.pack.aar) or ("ukjent bydel" if enhet.bydelsnummer else "")


def described(pack: YearPack) -> Arspakke:
    """The pack, as far as a reader of the report needs it."""
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
