"""Diagnose med kodeverk og periode (DIAGNOSE, domain/iplos.md 3.7)."""

from typing import Annotated, Literal

from msgspec import Meta

from adapter.domain.records.fields import LINE, FraDato, Innhold, TilDato

Kodeverk = Literal["ICPC-2", "ICD-10"]


class Diagnose(Innhold, frozen=True):
    """A diagnosis code; the code system says how to read it."""

    kodeverk: Annotated[Kodeverk, Meta(description="ICPC-2 eller ICD-10.")]
    kode: Annotated[str, Meta(min_length=1, max_length=10, pattern=LINE, description="Diagnosekoden, høyst ti tegn.")]
    fra_dato: FraDato | None = None
    til_dato: TilDato | None = None
