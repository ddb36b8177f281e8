"""Døgntilbud: et opphold i spesialisthelsetjenesten (DOGNTILBUD, domain/iplos.md 3.7)."""

from adapter.domain.records.fields import FraDato, Innhold, Orgnummer, TilDato


class Dogntilbud(Innhold, frozen=True):
    """The stay's place and dates."""

    orgnummer: Orgnummer | None = None
    fra_dato: FraDato | None = None
    til_dato: TilDato | None = None
