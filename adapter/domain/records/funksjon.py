"""Funksjon: en skår for én variabel i én periode (FUNKSJON, domain/iplos.md 3.5)."""

from typing import Annotated

from msgspec import Meta

from adapter.domain.records.fields import FraDato, Innhold, Kode, TilDato


class Funksjon(Innhold, frozen=True):
    """One score: which variable, which value, from when."""

    funksjonstype: Annotated[Kode, Meta(description="Variabel, kodeverk 9111 (1 sosial deltakelse ... 18 økonomi).")]
    verdi: Annotated[Kode, Meta(description="Skår 1-5, eller 9 ikke relevant.")]
    fra_dato: FraDato | None = None
    til_dato: TilDato | None = None
