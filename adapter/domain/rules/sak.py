"""What a check may look at besides the record: the case it stands in. No clock, no files: all is handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from adapter.domain.enhet import Enhet
from adapter.domain.places import Places
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import PersonAar

Modus: TypeAlias = Literal["test", "produksjon"]


@dataclass(slots=True)
class Sak:
    """One person in one unit's year. `delte_avtrykk` are the prints of identity numbers that several persons have.

    `ekte_i_test` says whether a test may carry persons who are not synthetic.
    """

    pack: YearPack
    enhet: Enhet
    person: PersonAar
    i_dag: date
    modus: Modus = "test"
    delte_avtrykk: frozenset[bytes] = frozenset()
    ekte_i_test: bool = True


@dataclass(frozen=True, slots=True)
class Meldingsfakta:
    """One message pair as a whole. Counts are of what the message carries; `i_fjor` is the year before, if known.

    `tjenester` counts persons by service code; `orgnumre` is how many different performing units are named.
    """

    pack: YearPack
    places: Places
    enhet: Enhet
    kontakttyper: Sequence[int]
    fra_dato: date
    til_dato: date
    versjon: str
    lopenr_fag: str
    lopenr_ident: str
    personer_fag: int
    personer_ident: int
    samme_personer: bool
    skjemafeil: Sequence[str] = ()
    tjenester: Mapping[int, int] | None = None
    tjenester_i_fjor: Mapping[int, int] | None = None
    orgnumre: int = 0
    orgnumre_i_fjor: int | None = None
