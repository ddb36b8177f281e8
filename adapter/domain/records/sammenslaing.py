"""Sammenslåing: denne personnøkkelen er nå en annen (D-nummer ble fødselsnummer, eller dobbeltregistrering)."""

from typing import Annotated

from msgspec import Meta

from adapter.domain.records.fields import SYSTEM_ID, Innhold

Personnokkel = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=SYSTEM_ID,
        description="Personnøkkel: fagsystemets pseudonym for personen. Aldri et identitetsnummer.",
    ),
]


class Sammenslaing(Innhold, frozen=True):
    """The person of this key continues as `videre_til`; without it an earlier merge is undone."""

    videre_til: Annotated[Personnokkel, Meta(description="Nøkkelen personen fortsetter som.")] | None = None
