"""Mangelrapporten as data: what the HTML page, the table and the JSON all tell.

Holds record ids of the journal system, counts and texts. No identity number, no person key. Field names are part of
what machines read: they stay, and new ones are added at the end.
"""

from datetime import date
from typing import Literal, TypeAlias

import msgspec

Kilde: TypeAlias = Literal["tjenesten", "hendelsesfil"]
Alvor: TypeAlias = Literal["block", "withhold", "warn"]
FjorKilde: TypeAlias = Literal["tilstanden", "meldingen"]


class _Del(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the parts."""


class Mangel(_Del, frozen=True):
    """One finding. `se_rad` is a row the person can be found by, where the finding itself is about no row."""

    regel: str
    alvor: Alvor
    radtype: str
    rad_id: str
    tekst: str
    tjenestetype: int | None = None
    se_rad: str = ""


class Regel(_Del, frozen=True):
    """A rule that is in force for the year."""

    id: str
    tittel: str
    grunnlag: str


class Radregnskap(_Del, frozen=True):
    """Rows of one kind: `i_visningen` = `kan_sendes` + `holdes_tilbake`."""

    radtype: str
    i_visningen: int
    kan_sendes: int
    holdes_tilbake: int


class Tjenestetall(_Del, frozen=True):
    """Recipients of one service, as the message would carry it. `merket` when rule Y1 wants the change explained."""

    kode: int
    navn: str
    mottakere: int
    i_fjor: int | None = None
    merket: bool = False
    funn: dict[Alvor, int] = {}


class Nokkeltall(_Del, frozen=True):
    """A figure of this year beside last year's; the register's web view shows the same ones (domain/iplos.md 7.3)."""

    navn: str
    antall: int
    i_fjor: int | None = None
    merket: bool = False


class Andel(_Del, frozen=True):
    """How many of `av` have the item registered."""

    navn: str
    antall: int
    av: int


class Valg(_Del, frozen=True):
    """What no source tells, what we chose instead, and how many rows or persons of this report it touches."""

    navn: str
    sporsmal: str
    valg: str
    gjelder: int
    hva: str


class Enhetsrapport(_Del, frozen=True):
    """One reporting unit. `fjor_kilde` is None when there are no figures of last year."""

    enhet: str
    kommunenummer: str
    bydelsnummer: str
    navn: str
    personer: int
    personer_kan_sendes: int
    personer_holdes_tilbake: int
    rader: list[Radregnskap]
    gar_opp: bool
    sjekker: int
    tjenester: list[Tjenestetall]
    nokkeltall: list[Nokkeltall]
    fjor_kilde: FjorKilde | None
    andeler: list[Andel]
    valg: list[Valg]
    funn: list[Mangel]


class Stopp(_Del, frozen=True):
    """Events that were parked at the door for the same reason. `enhet` is empty where the event did not tell."""

    enhet: str
    hendelsestype: str
    kode: str
    felt: str
    antall: int
    forste: str = ""
    siste: str = ""


class Uplassert(_Del, frozen=True):
    """Persons registered under a later number that may stand for this municipality or another (rule M3)."""

    enhet: str
    personer: int


class Hendelsesregnskap(_Del, frozen=True):
    """What became of the events. `inn` and `utfall` are None where only the service knows them."""

    inn: int | None = None
    utfall: dict[str, int] | None = None


class Arspakke(_Del, frozen=True):
    """What the report was measured by."""

    tittel: str
    versjon: str
    har_meldingsformat: bool
    mangler: list[str]
    slutt: date
    innsending_fra: date
    innsending_til: date
    grense_okning_prosent: int
    grense_nedgang_prosent: int
    grense_minste_grunnlag: int
    grense_orgnummer_prosent: int


class Mangelrapport(_Del, frozen=True):
    """The gap report of one municipality, or one district of it, for one reporting year."""

    kommunenummer: str
    kommunenavn: str
    bydelsnummer: str
    aar: int
    laget: date
    modus: Literal["test", "produksjon"]
    kilde: Kilde
    programversjon: str
    arspakke: Arspakke
    regler: list[Regel]
    enheter: list[Enhetsrapport]
    i_dora: list[Stopp]
    hendelser: Hendelsesregnskap
    uplassert: list[Uplassert]


def to_json(rapport: Mangelrapport) -> bytes:
    """The whole report, nothing cut, for machines."""
    return msgspec.json.format(msgspec.json.encode(rapport)) + b"\n"
