"""KPR_IPL: the care data of persons, message 3.5 (domain/iplos.md section 3), written straight to text.

Only free text is escaped; everything else is an int, a date or a code that the rules have let through. Row ids are
numbered through the whole message, so that each is unique in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec.structs import astuple

from adapter.domain.age import age_at, sex_of
from adapter.domain.enhet import Enhet
from adapter.domain.records import Diagnose, Dogntilbud, Funksjon, Person, Personopplysning, Tjeneste
from adapter.domain.yearpack import Stedfortreder, YearPack
from adapter.domain.yearview import PersonAar, Rad
from adapter.message.text import date8, escape


@dataclass(frozen=True, slots=True)
class Kontaktinfo:
    """A contact person: type 1, 2 or 3, and how to reach them."""

    type: int
    navn: str
    telefon: str
    epost: str


@dataclass(frozen=True, slots=True)
class Innholdsinfo:
    """What INNHINFO tells of the message, and the ident message in its attributes."""

    enhet: Enhet
    kontakter: Sequence[Kontaktinfo]
    lopenr: str
    laget_dato: date
    system: str
    systemversjon: str


def head(info: Innholdsinfo, pack: YearPack, navnerom: str, versjon: str) -> str:
    """From the root element to the last line before the first person."""
    kontakter = "".join(
        f"<iiKontakt><Type>{one.type}</Type><Navn>{escape(one.navn)}</Navn><Telefon>{escape(one.telefon)}</Telefon>"
        f"<Epost>{escape(one.epost)}</Epost></iiKontakt>\n"
        for one in info.kontakter
    )
    return (
        f'<IPLOS xmlns="{navnerom}" versjon="{versjon}">\n'
        f"<INNHINFO>\n<iiInnhType>P</iiInnhType><iiKomnr>{info.enhet.kommunenummer}</iiKomnr>"
        f"<iiBydelsnr>{bydelsnummer(info.enhet.bydelsnummer, pack)}</iiBydelsnr>\n{kontakter}"
        f"<iiFraDato>{date8(pack.start)}</iiFraDato><iiTilDato>{date8(pack.slutt)}</iiTilDato>"
        f"<iiLagetDato>{date8(info.laget_dato)}</iiLagetDato><iiSysID>{escape(info.system[:15])}</iiSysID>"
        f"<iiSysVersjon>{escape(info.systemversjon[:15])}</iiSysVersjon><iiLopenr>{escape(info.lopenr)}</iiLopenr>\n"
        f"</INNHINFO>\n"
    )


TAIL = "</IPLOS>\n"
# The element the persons stand in.
HOLDER = "IPLOS"


def bydelsnummer(bydel: str, pack: YearPack) -> str:
    """The district, or the pack's stand-in where there is none (the right one is unknown, domain/iplos.md 13)."""
    return bydel or pack.antakelser.bydelsnummer_uten_bydel


class PersonWriter:
    """Writes PERSON elements for one message; counts the row ids on."""

    def __init__(self, pack: YearPack) -> None:
        self._pack = pack
        self._rows = 0
        self._decisions = 0
        places = {name: place for place, name in enumerate(Personopplysning.__struct_fields__)}
        self._cells = [(name, places[field], pack.skrevne_koder.get(field)) for name, field in OPPLYSNING_ELEMENTS]

    def person(self, aar: PersonAar, row: Person, number: int) -> str:
        """One PERSON with all its rows. `row` has passed the rules: sex and age are known."""
        pack, ant = self._pack, self._pack.antakelser
        # A death after the year is news for the next report.
        dead = row.dod_dato is not None and row.dod_dato <= pack.slutt
        dod = f"<peDodDato>{_day(row.dod_dato)}</peDodDato>" if dead else ""
        opening = (
            f'<PERSON pePeID="{number}"><peAlder>{age_at(row, pack)}</peAlder><peKjonn>{sex_of(row)}</peKjonn>'
            f"<peKomnr>{row.kommunenummer}</peKomnr><peBydelsnr>{bydelsnummer(row.bydelsnummer or '', pack)}"
            f"</peBydelsnr><peFraDato>{self._stand_in(row.fra_dato, ant.mangler_fra_dato)}</peFraDato>{dod}"
            f"<peEndrDato>{self._stand_in(row.endret_dato, ant.mangler_endret_dato)}</peEndrDato>\n"
        )
        parts = [opening]
        parts += [self._opplysning(rad.innhold, number) for rad in aar.opplysninger]
        parts += [self._funksjon(rad.innhold, number) for rad in aar.funksjoner]
        parts += self._tjenester(aar.tjenester, number)
        parts += [self._diagnose(rad.innhold, number) for rad in aar.diagnoser]
        parts += [self._dogntilbud(rad.innhold, number) for rad in aar.dogntilbud]
        parts.append("</PERSON>\n")
        return "".join(parts)

    def _next(self) -> int:
        self._rows += 1
        return self._rows

    def _stand_in(self, day: date | None, how: Stedfortreder) -> str:
        if day is None and how == "periodestart":
            return date8(self._pack.start)
        return date8(day) if day else ""

    def _opplysning(self, one: Personopplysning, number: int) -> str:
        cells, values = [], astuple(one)
        for element, place, codes in self._cells:
            value = values[place]
            if value is None:
                continue
            if codes is not None:
                if (code := codes.get(value)) is not None:
                    cells.append(f"<{element}>{code}</{element}>")
            elif isinstance(value, int):
                continue  # a coded field that this year's message does not have
            elif isinstance(value, str):
                cells.append(f"<{element}>{value.replace('-', '')}</{element}>")
            else:
                cells.append(f"<{element}>{date8(value)}</{element}>")
        return f'<PERSONOPPL poPeID="{number}" poPoID="{self._next()}">{"".join(cells)}</PERSONOPPL>\n'

    def _funksjon(self, one: Funksjon, number: int) -> str:
        return (
            f'<FUNKSJON fnPeID="{number}" fnFnID="{self._next()}"><fnFunkType>{one.funksjonstype}</fnFunkType>'
            f"<fnFunkVerdi>{one.verdi}</fnFunkVerdi><fnFraDato>{_day(one.fra_dato)}</fnFraDato>"
            f"<fnTilDato>{self._end(one.til_dato, self._pack.antakelser.apen_funksjon)}</fnTilDato></FUNKSJON>\n"
        )

    def _tjenester(self, rows: Sequence[Rad[Tjeneste]], number: int) -> list[str]:
        """The rows come sorted by decision; a row without a decision id is a decision of its own."""
        written, decision_id, place = [], None, 0
        for rad in rows:
            one = rad.innhold
            if one.vedtak_id is None or one.vedtak_id != decision_id:
                self._decisions += 1
                decision_id, place = one.vedtak_id, 0
            place = max(place + 1, one.vedtak_rad or 0)
            written.append(self._tjeneste(one, number, place))
        return written

    def _tjeneste(self, one: Tjeneste, number: int, place: int) -> str:
        ant = self._pack.antakelser
        vedtak = {"innvilget": ant.vedtak_innvilget, "avslag": ant.vedtak_avslag, None: None}[one.vedtak]
        rullerende = {True: ant.rullerende_ja, False: ant.rullerende_nei, None: None}[one.rullerende]
        cells = (
            ("tjTjenType", one.tjenestetype),
            ("tjTjenUnderType", one.undertype if ant.send_undertype else None),
            ("tjSoknadDato", _day(one.soknad_dato)),
            ("tjVedtDato", _day(one.vedtak_dato)),
            ("tjVedtak", vedtak),
            ("tjTimerUke", hours(one.timer_per_uke)),
            ("tjResTimerUke", hours(one.rest_timer_per_uke) if ant.send_rest_timer else None),
            ("tjRullerende", rullerende),
            ("tjInstOrgnr", escape(one.orgnummer) if one.orgnummer else None),
            ("tjFraDato", _day(one.fra_dato)),
            ("tjTilDato", _day(one.til_dato)),
            ("tjKlageMottatt", _day(one.klage_mottatt_dato)),
            ("tjKlageBesvart", _day(one.klage_besvart_dato)),
        )
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in cells if value is not None)
        return (
            f'<TJENESTE tjPeID="{number}" tjTjID="{self._next()}" tjVeID="{self._decisions}" tjVeNrID="{place}">'
            f"{inner}</TJENESTE>\n"
        )

    def _diagnose(self, one: Diagnose, number: int) -> str:
        return (
            f'<DIAGNOSE diPeID="{number}" diDiID="{self._next()}"><diKodeVersjon>{one.kodeverk}</diKodeVersjon>'
            f"<diDiagKode>{escape(one.kode)}</diDiagKode><diFraDato>{_day(one.fra_dato)}</diFraDato>"
            f"<diTilDato>{self._end(one.til_dato, self._pack.antakelser.apen_diagnose)}</diTilDato></DIAGNOSE>\n"
        )

    def _dogntilbud(self, one: Dogntilbud, number: int) -> str:
        return (
            f'<DOGNTILBUD dgPeID="{number}" dgDgID="{self._next()}"><dgInstOrgnr>{escape(one.orgnummer or "")}'
            f"</dgInstOrgnr><dgFraDato>{_day(one.fra_dato)}</dgFraDato>"
            f"<dgTilDato>{self._end(one.til_dato, self._pack.antakelser.apent_dogntilbud)}</dgTilDato></DOGNTILBUD>\n"
        )

    def _end(self, day: date | None, how: str) -> str:
        """The end of a period that the format will not leave open; which stand-in is right is unknown (domain 13)."""
        if day is not None:
            return date8(day)
        return date8(self._pack.slutt) if how == "periodeslutt" else how


@lru_cache(4_096)
def hours(value: float | None) -> str | None:
    """Hours with two decimals at most, or None where the format (five digits, two of them decimals) has no room."""
    if value is None:
        return None
    exact = Decimal(repr(value))
    if not 0 <= exact < 1000 or exact != exact.quantize(Decimal("0.01")):
        return None
    # Adding zero takes the sign from minus zero.
    return f"{exact.normalize() + 0:f}"


@lru_cache(16_384)  # as `date8`
def _day(day: date | None) -> str | None:
    return date8(day) if day is not None else None


# Element and field, in the order of the format (domain/iplos.md 3.4; order from the schema).
OPPLYSNING_ELEMENTS = (
    ("poHusstand", "husstand"),
    ("poOmsorgBarn", "omsorg_barn"),
    ("poPrivHjelp", "privat_hjelp"),
    ("poBoligTilr", "bolig_tilrettelagt"),
    ("poVurdTann", "vurdert_tannhelse"),
    ("poVurdLege", "vurdert_lege"),
    ("poIndPlan", "individuell_plan"),
    ("poHarKoordinator", "har_koordinator"),
    ("poArbBistBehov", "arbeid_bistand_behov"),
    ("poArbBistMottar", "arbeid_bistand_mottar"),
    ("poArbTranspBehov", "arbeid_transport_behov"),
    ("poArbTranspMottar", "arbeid_transport_mottar"),
    ("poFriBistBehov", "fritid_bistand_behov"),
    ("poFriBistMottar", "fritid_bistand_mottar"),
    ("poFriTranspBehov", "fritid_transport_behov"),
    ("poFriTranspMottar", "fritid_transport_mottar"),
    ("poLegeMiddGj", "legemiddelgjennomgang"),
    ("poLegeMiddGjDato", "legemiddelgjennomgang_dato"),
    ("poErnKartlagt", "ernaring_kartlagt"),
    ("poErnKartlagtDato", "ernaring_kartlagt_dato"),
    ("poErnRisiko", "ernaring_risiko"),
    ("poErnRisikoDato", "ernaring_risiko_dato"),
    ("poErnPlan", "ernaring_plan"),
    ("poErnPlanDato", "ernaring_plan_dato"),
    ("poFraDato", "fra_dato"),
    ("poTilDato", "til_dato"),
)
