"""The kinds of record an event can carry, as the official guide names them.

`RECORD_TYPES` is the one list of kinds: ingest, state, contract and simulator all read it.
"""

from typing import Literal, TypeAlias, get_args

from adapter.domain.records.diagnose import Diagnose
from adapter.domain.records.dogntilbud import Dogntilbud
from adapter.domain.records.fields import Innhold
from adapter.domain.records.funksjon import Funksjon
from adapter.domain.records.person import ForsegletIdent, Ident, Person, PersonInn
from adapter.domain.records.personopplysning import Personopplysning
from adapter.domain.records.sammenslaing import Sammenslaing
from adapter.domain.records.tjeneste import Tjeneste

Kind: TypeAlias = Literal[
    "person", "personopplysning", "funksjon", "tjeneste", "diagnose", "dogntilbud", "sammenslaing"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Record: TypeAlias = Person | Personopplysning | Funksjon | Tjeneste | Diagnose | Dogntilbud | Sammenslaing

RECORD_TYPES: dict[Kind, type[Record]] = {
    "person": Person,
    "personopplysning": Personopplysning,
    "funksjon": Funksjon,
    "tjeneste": Tjeneste,
    "diagnose": Diagnose,
    "dogntilbud": Dogntilbud,
    "sammenslaing": Sammenslaing,
}

__all__ = [
    "KINDS",
    "RECORD_TYPES",
    "Diagnose",
    "Dogntilbud",
    "ForsegletIdent",
    "Funksjon",
    "Ident",
    "Innhold",
    "Kind",
    "Person",
    "PersonInn",
    "Personopplysning",
    "Record",
    "Sammenslaing",
    "Tjeneste",
]
