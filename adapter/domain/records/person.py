"""Personraden: hvem personen er og hvor personen bor (PERSON, domain/iplos.md 3.3)."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from adapter.domain.records.fields import LINE, Bydelsnummer, FraDato, Innhold, Kommunenummer

Kjonn = Literal["M", "K"]

ANNET = "9"
# From this year numbers are given out under a wider check-digit rule (domain/iplos.md 8.2).
FIRST_YEAR_OF_NEW_RULE = 2032

IdentType = Annotated[
    Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "12"],
    Meta(
        description=(
            "Type ident (kodeverk 9032): 1 fødselsnummer, 2 D-nummer, 3 H-nummer, 4 passnummer, 5 svensk "
            "personnummer, 6 dansk personnummer, 7 social security number, 8 forsikringspolisenummer, 9 annet, "
            "10 DUF-nummer, 12 felles hjelpenummer. Utelates den, leses typen av nummeret."
        )
    ),
]


class Ident(Innhold, frozen=True):
    """Identitetsnummeret slik fagsystemet har det. Finnes bare i hendelsen; forsegles før tilstand."""

    nummer: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=32,
            pattern=LINE,
            description="Identitetsnummeret som tekst, ledende null bevart.",
        ),
    ]
    type: IdentType | None = None

    def __repr__(self) -> str:
        return "Ident(<skjult>)"


class ForsegletIdent(Innhold, frozen=True):
    """What state keeps of an identity: the sealed number and the facts the rules need, never the number itself.

    `forseglet` is AES-GCM over the number with the key named `nokkel_id`; `avtrykk` is a keyed hash with which two
    persons who share a number can be found without opening either (rule I2).
    """

    nokkel_id: str
    forseglet: bytes
    avtrykk: bytes
    type: str
    gyldig: bool
    problem: str | None = None
    syntetisk: bool = False
    tvetydig: bool = False
    fra_2032: bool = False
    fodselsdato: date | None = None
    kjonn: Kjonn | None = None

    def type_in(self, aar: int) -> str:
        """The type as the ident message of a year gives it: what only fits the rule of 2032 is «annet» before that."""
        return ANNET if self.fra_2032 and aar < FIRST_YEAR_OF_NEW_RULE else self.type


class Personfelt(Innhold, frozen=True):
    """Fields that the person row has both on the bus and in state."""

    kommunenummer: Annotated[
        Kommunenummer, Meta(description="Hjemkommune (bostedskommune, eller ansvarlig kommune ved langtidsopphold).")
    ]
    bydelsnummer: Annotated[Bydelsnummer, Meta(description="Hjembydel der kommunen har bydeler.")] | None = None
    fra_dato: (
        Annotated[FraDato, Meta(description="Disse opplysningene om personen gjelder fra denne datoen (peFraDato).")]
        | None
    ) = None
    fodselsdato: Annotated[date, Meta(description="Fødselsdato fra folkeregisteret; gir alder.")] | None = None
    kjonn: Annotated[Kjonn, Meta(description="Kjønn fra folkeregisteret: M eller K.")] | None = None
    dod_dato: Annotated[date, Meta(description="Dødsdato.")] | None = None
    endret_dato: Annotated[date, Meta(description="Dato raden sist ble endret (peEndrDato).")] | None = None


class PersonInn(Personfelt, frozen=True):
    """The person row as it comes on the bus."""

    ident: Annotated[Ident, Meta(description="Identitetsnummeret; forsegles før det lagres.")] | None = None


class Person(Personfelt, frozen=True):
    """The person row as state keeps it: the identity sealed."""

    ident: ForsegletIdent | None = None
