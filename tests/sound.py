"""Sound records of 2018, for tests of what the year holds and of what the rules say.

Every record made here is without fault; a test names the one thing it changes. The pack is made by hand, so that the
tests of rules depend on no file.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from adapter.domain.enhet import Enhet
from adapter.domain.places import Places, parse_places
from adapter.domain.records import (
    RECORD_TYPES,
    Diagnose,
    Dogntilbud,
    ForsegletIdent,
    Funksjon,
    Person,
    Personopplysning,
    Record,
    Tjeneste,
)
from adapter.domain.rules.sak import Meldingsfakta, Sak
from adapter.domain.tilstand import Linje, encode_record, record_key
from adapter.domain.yearpack import Frister, Kodeverdi, Meldingsformat, Tjenestetype, YearPack
from adapter.domain.yearview import PersonAar, Rad

ORGNR = "123456785"
"""Enhetsregisteret's own example."""

BERGEN = Enhet("1201")
TODAY = date(2019, 1, 7)

PACK = YearPack(
    aar=2018,
    pakkeversjon="test",
    tittel="2018 for the tests of rules",
    frister=Frister(innsending_fra=date(2019, 1, 2), innsending_til=date(2019, 1, 15)),
    tjenestetyper=[
        Tjenestetype(kode=1, navn="Daglige gjøremål", gruppe="hjemme", orgnummer="skal", timer=True),
        Tjenestetype(kode=6, navn="Trygghetsalarm", gruppe="hjemme", orgnummer="kan"),
        Tjenestetype(kode=12, navn="Omsorgsbolig", gruppe="bolig", orgnummer="skal-ikke"),
        Tjenestetype(kode=14, navn="Bruk av tvang", gruppe="tvang", orgnummer="ukjent"),
        Tjenestetype(kode=15, navn="Helsetjenester i hjemmet", gruppe="hjemme", orgnummer="skal", timer=True),
        Tjenestetype(kode=21, navn="Langtidsopphold", gruppe="institusjon", orgnummer="skal"),
    ],
    funksjonstyper=[Kodeverdi(kode=kode, navn=f"Variabel {kode}") for kode in range(1, 19)],
    funksjonsverdier=[1, 2, 3, 4, 5, 9],
    opplysningskoder={
        "husstand": [1, 2, 3],
        "omsorg_barn": [1, 2],
        "individuell_plan": [1, 2, 3, 9],
        "arbeid_bistand_mottar": [1, 2, 3],
    },
    melding=Meldingsformat(
        versjon="3.5",
        navnerom="urn:fag",
        ident_versjon="53.1.2",
        ident_navnerom="urn:ident",
        xsd_fag="fag.xsd",
        xsd_ident="ident.xsd",
        xsd_hode="hode.xsd",
        xsd_sending_fag="sending-fag.xsd",
        xsd_sending_ident="sending-ident.xsd",
        meldingstype_fag="KPR_IPL",
        meldingstype_ident="KPR_IDE",
    ),
)

PLACES: Places = parse_places(
    "kommunenummer,navn,gyldig_fra,gyldig_til,kilde\n"
    "0301,Oslo,2016-01-01,,x\n"
    "1201,Bergen,2016-01-01,2020-01-01,x\n"
    "4601,Bergen,2020-01-01,,x\n",
    "dato,fra,til,art,kilde\n2020-01-01,1201,4601,omnummerert,x\n",
    "kommunenummer,bydelsnummer,navn,gyldig_fra,gyldig_til,kilde\n"
    "0301,01,Gamle Oslo,2004-01-01,,x\n"
    "0301,15,Søndre Nordstrand,2004-01-01,,x\n",
)


def _made(default: msgspec.Struct, fields: dict[str, Any]) -> Any:
    return msgspec.structs.replace(default, **fields)


def ident(**fields: Any) -> ForsegletIdent:
    """A valid fødselsnummer, sealed; it says nothing of birth or sex unless asked to."""
    sound = ForsegletIdent(
        nokkel_id="k1", forseglet=b"", avtrykk=b"8 bytes.", type="1", gyldig=True, fodselsdato=BORN, kjonn="K"
    )
    return _made(sound, fields)  # type: ignore[no-any-return]


BORN = date(1940, 5, 6)


def person(**fields: Any) -> Person:
    sound = Person(
        kommunenummer="1201",
        fra_dato=date(2015, 3, 1),
        fodselsdato=BORN,
        kjonn="K",
        endret_dato=date(2018, 2, 1),
        ident=ident(),
    )
    return _made(sound, fields)  # type: ignore[no-any-return]


def tjeneste(**fields: Any) -> Tjeneste:
    sound = Tjeneste(
        tjenestetype=15,
        vedtak_id="v1",
        vedtak_rad=1,
        vedtak="innvilget",
        soknad_dato=date(2018, 1, 8),
        vedtak_dato=date(2018, 1, 20),
        timer_per_uke=3.5,
        orgnummer=ORGNR,
        fra_dato=date(2018, 2, 1),
        til_dato=date(2018, 6, 30),
    )
    return _made(sound, fields)  # type: ignore[no-any-return]


def avslag(**fields: Any) -> Tjeneste:
    """A refusal: no unit, no hours, no service dates."""
    return tjeneste(
        **{"vedtak": "avslag", "fra_dato": None, "til_dato": None, "timer_per_uke": None} | {"orgnummer": None} | fields
    )


def funksjon(**fields: Any) -> Funksjon:
    return _made(Funksjon(funksjonstype=1, verdi=3, fra_dato=date(2018, 1, 15)), fields)  # type: ignore[no-any-return]


def diagnose(**fields: Any) -> Diagnose:
    return _made(Diagnose(kodeverk="ICPC-2", kode="P70", fra_dato=date(2016, 9, 1)), fields)  # type: ignore[no-any-return]


def dogntilbud(**fields: Any) -> Dogntilbud:
    sound = Dogntilbud(orgnummer=ORGNR, fra_dato=date(2018, 3, 3), til_dato=date(2018, 3, 9))
    return _made(sound, fields)  # type: ignore[no-any-return]


def opplysning(**fields: Any) -> Personopplysning:
    return _made(Personopplysning(husstand=1, fra_dato=date(2018, 1, 15)), fields)  # type: ignore[no-any-return]


def linje(
    record: Record,
    name: str = "r1",
    enhet: Enhet = BERGEN,
    *,
    versjon: int = 1,
    annullert: bool = False,
) -> tuple[str, Linje]:
    """The record as a line of state."""
    kind = next(kind for kind, record_type in RECORD_TYPES.items() if record_type is type(record))
    return record_key(kind, name), Linje(versjon, annullert, *enhet, encode_record(record))


def aar(row: Person | None, *records: Record) -> PersonAar:
    """A person's year of these records; their ids are r1, r2, ... in the order given."""
    view = PersonAar("person-1", Rad("person", "p1", row) if row else None)
    for number, record in enumerate(records, start=1):
        name = f"r{number}"
        match record:
            case Tjeneste():
                view.tjenester.append(Rad("tjeneste", name, record))
            case Funksjon():
                view.funksjoner.append(Rad("funksjon", name, record))
            case Diagnose():
                view.diagnoser.append(Rad("diagnose", name, record))
            case Dogntilbud():
                view.dogntilbud.append(Rad("dogntilbud", name, record))
            case Personopplysning():
                view.opplysninger.append(Rad("personopplysning", name, record))
            case _:
                raise TypeError(f"{record} is no row of a year")
    return view


def sak(year: PersonAar, **fields: Any) -> Sak:
    return replace(Sak(pack=PACK, enhet=BERGEN, person=year, i_dag=TODAY), **fields)


def pack(**fields: Any) -> YearPack:
    return _made(PACK, fields)  # type: ignore[no-any-return]


def fakta(**fields: Any) -> Meldingsfakta:
    """The facts of a message pair of ten persons without fault."""
    sound = Meldingsfakta(
        pack=PACK,
        places=PLACES,
        enhet=BERGEN,
        kontakttyper=(1, 2),
        fra_dato=date(2018, 1, 1),
        til_dato=date(2018, 12, 31),
        versjon="3.5",
        lopenr_fag="17",
        lopenr_ident="17",
        personer_fag=10,
        personer_ident=10,
        samme_personer=True,
    )
    return replace(sound, **fields)
