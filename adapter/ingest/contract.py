"""The event types of the bus and the shape of their `data`: the contract as types.

The JSON Schemas in `topics/` are generated from these types (`make contract`), so the two cannot drift.
"""

from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from adapter.domain.records import (
    Diagnose,
    Dogntilbud,
    Funksjon,
    Innhold,
    Kind,
    PersonInn,
    Personopplysning,
    Sammenslaing,
    Tjeneste,
)
from adapter.domain.records.fields import Bydelsnummer, Kommunenummer, RegistreringsId

TYPE_PREFIX = "no.kommune.iplos"
Hendelse: TypeAlias = Literal["registrert", "annullert", "sammenslatt", "slettet"]

T = TypeVar("T", bound=Innhold)

Versjon = Annotated[
    int,
    Meta(ge=0, lt=2**53, description="Vokser for hver endring av raden, annullering medregnet. Den høyeste gjelder."),
]
Registrerende = Annotated[Kommunenummer, Meta(description="Kommunen som registrerte.")]
RegistrerendeBydel = Annotated[Bydelsnummer, Meta(description="Bydelen som registrerte, der kommunen har bydeler.")]


class Annullert(Innhold, frozen=True):
    """Raden skulle aldri vært registrert; alle tidligere versjoner er uten virkning."""

    registrerings_id: RegistreringsId
    versjon: Versjon
    kommunenummer: Registrerende
    bydelsnummer: RegistrerendeBydel | None = None


class Registrert(Annullert, Generic[T], frozen=True, kw_only=True):
    """En hel rad, ny eller rettet; erstatter tidligere versjoner av samme rad."""

    innhold: T


class Slettet(Innhold, frozen=True):
    """Alt om personen slettes, og blir borte."""

    kommunenummer: Registrerende


@dataclass(frozen=True, slots=True)
class EventType:
    """One CloudEvents `type`: what it says of which kind of record, and the struct of its `data`."""

    name: str
    kind: Kind
    hendelse: Hendelse
    data: type[Annullert] | type[Slettet]
    decoder: "msgspec.json.Decoder[Annullert | Slettet]"


def _event_type(kind: Kind, hendelse: Hendelse, data: type[Annullert] | type[Slettet]) -> EventType:
    subject = "person" if kind == "sammenslaing" else kind
    name = f"{TYPE_PREFIX}.{subject}.{hendelse}.v1"
    return EventType(name, kind, hendelse, data, msgspec.json.Decoder(data))


_REGISTERED: dict[Kind, type[Annullert]] = {
    "person": Registrert[PersonInn],
    "personopplysning": Registrert[Personopplysning],
    "funksjon": Registrert[Funksjon],
    "tjeneste": Registrert[Tjeneste],
    "diagnose": Registrert[Diagnose],
    "dogntilbud": Registrert[Dogntilbud],
}

EVENT_TYPES: dict[str, EventType] = {
    event_type.name: event_type
    for event_type in (
        *(_event_type(kind, "registrert", data) for kind, data in _REGISTERED.items()),
        *(_event_type(kind, "annullert", Annullert) for kind in _REGISTERED),
        _event_type("sammenslaing", "sammenslatt", Registrert[Sammenslaing]),
        _event_type("person", "slettet", Slettet),
    )
}
