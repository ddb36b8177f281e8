"""The year pack: everything that hangs on the reporting year, as data (domain/iplos.md section 2 and 13).

The files are under `schemas/<year>/`; `adapter.packs` reads them into these types. A value that no source confirms is
a setting in `Antakelser`, with the default and its ground documented in the file.
"""

from datetime import date
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

Plikt: TypeAlias = Literal["skal", "kan", "skal-ikke", "ukjent"]
ApenSlutt: TypeAlias = Literal["periodeslutt", "99991231"]
Stedfortreder: TypeAlias = Literal["periodestart", "hold-tilbake"]
Gruppe: TypeAlias = Literal["hjemme", "institusjon", "bolig", "tvang", "teknologi"]
JaNei: TypeAlias = Literal[1, 2]
Prosent: TypeAlias = Annotated[int, Meta(ge=0)]


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of pack data: unknown keys in a file are errors."""


class Tjenestetype(_Data, frozen=True):
    """A service code of list 9151 as it holds in this year."""

    kode: int
    navn: str
    gruppe: Gruppe
    orgnummer: Plikt
    timer: bool = False


class Kodeverdi(_Data, frozen=True):
    """A code and its label."""

    kode: int
    navn: str


class Meldingsformat(_Data, frozen=True):
    """Version, namespaces and files of the two messages. Absent in a pack whose format is not available.

    Files are named relative to the pack's folder. A `sending` schema is the envelope with one of the messages in it:
    what a whole dispatch is validated against.
    """

    versjon: str
    navnerom: str
    ident_versjon: str
    ident_navnerom: str
    xsd_fag: str
    xsd_ident: str
    xsd_hode: str
    xsd_sending_fag: str
    xsd_sending_ident: str
    meldingstype_fag: str
    meldingstype_ident: str


class Mottaker(_Data, frozen=True):
    """Who received the year's report, and where. Told to people; what is addressed stands in the configuration."""

    navn: str
    her_id: str | None = None
    edi_adresse: str | None = None


class Frister(_Data, frozen=True):
    """The dates of the round; the sending is in the year after the reporting year. A date nobody published is None."""

    innsending_fra: date
    innsending_til: date
    prove_fra: date | None = None
    prove_til: date | None = None
    rettelser_til: date | None = None


class Kontrolltall(_Data, frozen=True):
    """How many rows the pack shall have, so that a lost line is seen."""

    tjenestetyper: int
    funksjonstyper: int
    opplysningskoder: int


class Antakelser(_Data, frozen=True):
    """Settings for what the sources leave open. Defaults are what the dossier suggests, marked inferred there."""

    bydelsnummer_uten_bydel: Annotated[str, Meta(pattern=r"^([0-9]{2}|  )\Z")] = "00"
    apen_funksjon: ApenSlutt = "periodeslutt"
    apen_diagnose: ApenSlutt = "periodeslutt"
    apent_dogntilbud: ApenSlutt = "periodeslutt"
    vedtak_innvilget: JaNei = 1
    vedtak_avslag: JaNei = 2
    rullerende_ja: JaNei = 1
    rullerende_nei: JaNei = 2
    alder_maned: Annotated[int, Meta(ge=1, le=12)] = 12
    alder_dag: Annotated[int, Meta(ge=1, le=31)] = 31
    mottar_nei: Literal[3, 9] = 3
    send_undertype: bool = False
    send_rest_timer: bool = False
    prosesseringsstatus_test: str = "T"
    prosesseringsstatus_produksjon: str = "P"
    ident_meldingstype: Literal["B", "E"] = "B"
    mangler_fra_dato: Stedfortreder = "periodestart"
    mangler_endret_dato: Stedfortreder = "periodestart"


class Grenser(_Data, frozen=True):
    """Limits of the content rules."""

    timer_per_uke: Annotated[float, Meta(gt=0)] = 168.0
    tidligste_startdato: date = date(1980, 1, 1)
    orgnummer_okning_prosent: Prosent = 100
    tjeneste_okning_prosent: Prosent = 100
    tjeneste_nedgang_prosent: Prosent = 50
    minste_grunnlag: Annotated[int, Meta(ge=0)] = 20


class YearPack(_Data, frozen=True, dict=True):  # a dict: for what is worked out once, since every row asks for it
    """One reporting year."""

    aar: int
    pakkeversjon: str
    tittel: str
    frister: Frister
    tjenestetyper: list[Tjenestetype]
    funksjonstyper: list[Kodeverdi]
    funksjonsverdier: list[int]
    opplysningskoder: dict[str, list[int]]
    melding: Meldingsformat | None = None
    mottaker: Mottaker | None = None
    mangler: list[str] = []
    antakelser: Antakelser = Antakelser()
    grenser: Grenser = Grenser()
    kontrolltall: Kontrolltall | None = None

    @cached_property
    def start(self) -> date:
        """First day of the reporting period."""
        return date(self.aar, 1, 1)

    @cached_property
    def slutt(self) -> date:
        """Last day of the reporting period."""
        return date(self.aar, 12, 31)

    def tjenestetype(self, kode: int) -> Tjenestetype | None:
        """The service code as it holds in this year, or None."""
        return self._tjenestetyper.get(kode)

    @cached_property
    def _tjenestetyper(self) -> dict[int, Tjenestetype]:
        return {kind.kode: kind for kind in reversed(self.tjenestetyper)}

    @cached_property
    def funksjonskoder(self) -> frozenset[int]:
        """The codes of the function variables."""
        return frozenset(kind.kode for kind in self.funksjonstyper)

    def opplysningskode(self, felt: str, kode: int) -> int:
        """The code as the message writes it: «nei» to what is received is 9 in the list, another in the schema."""
        return self.antakelser.mottar_nei if kode in {3, 9} and felt.endswith("_mottar") else kode

    @cached_property
    def skrevne_koder(self) -> dict[str, dict[int, int]]:
        """For each coded field of this year's message: every code it carries, and how it is written there."""
        return {
            felt: {kode: skrevet for kode in {*koder, 3, 9} if (skrevet := self.opplysningskode(felt, kode)) in koder}
            for felt, koder in self.opplysningskoder.items()
        }
