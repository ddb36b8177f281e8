"""Personopplysning: ett datert sett opplysninger om personen (PERSONOPPL, domain/iplos.md 3.4)."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from adapter.domain.records.fields import FraDato, Innhold, Kode, Maned, TilDato

_JA_NEI = "1 ja, 2 nei."
_BEHOV = "1 ja, behov for bistand; 2 nei; 9 ikke relevant."
_MOTTAR = "1 ja; 2 ja, men udekket behov; nei skrives 9 (kodeverket) eller 3 (meldingen for 2018)."
_JA_NEI_IKKE_RELEVANT = "1 ja, 2 nei, 9 ikke relevant."


class Personopplysning(Innhold, frozen=True):
    """All fields are optional, as in the message of 2018."""

    husstand: (
        Annotated[Kode, Meta(description="1 bor alene, 2 bor sammen med andre, 3 bor sammen med foreldre.")] | None
    ) = None
    omsorg_barn: Annotated[Kode, Meta(description=f"Har omsorg for barn: {_JA_NEI}")] | None = None
    privat_hjelp: (
        Annotated[
            Kode,
            Meta(
                description=(
                    "Mottar privat hjelp: 1 inntil 3 timer i uken, 2 3-9 timer, 3 9-15 timer, 4 15 timer eller mer, "
                    "5 ja, ukjent omfang, 6 nei."
                )
            ),
        ]
        | None
    ) = None
    bolig_tilrettelagt: Annotated[Kode, Meta(description=f"Tilrettelagt bolig: {_JA_NEI}")] | None = None
    vurdert_tannhelse: (
        Annotated[Maned, Meta(description="Måned (ÅÅÅÅ-MM) for siste vurdering av tannhelsepersonell.")] | None
    ) = None
    vurdert_lege: Annotated[Maned, Meta(description="Måned (ÅÅÅÅ-MM) for siste vurdering av lege.")] | None = None
    individuell_plan: (
        Annotated[
            Kode,
            Meta(
                description="1 ja, virksom plan; 2 nei; 3 ønsker ikke individuell plan; 9 ikke relevant.",
            ),
        ]
        | None
    ) = None
    har_koordinator: Annotated[Kode, Meta(description=f"Har koordinator: {_JA_NEI_IKKE_RELEVANT}")] | None = None
    arbeid_bistand_behov: Annotated[Kode, Meta(description=f"Arbeid og utdanning: {_BEHOV}")] | None = None
    fritid_bistand_behov: Annotated[Kode, Meta(description=f"Fritid: {_BEHOV}")] | None = None
    arbeid_bistand_mottar: (
        Annotated[Kode, Meta(description=f"Mottar bistand til arbeid og utdanning: {_MOTTAR}")] | None
    ) = None
    fritid_bistand_mottar: Annotated[Kode, Meta(description=f"Mottar bistand til fritid: {_MOTTAR}")] | None = None
    arbeid_transport_behov: Annotated[Kode, Meta(description=f"Transport til arbeid og utdanning: {_BEHOV}")] | None = (
        None
    )
    fritid_transport_behov: Annotated[Kode, Meta(description=f"Transport til fritid: {_BEHOV}")] | None = None
    arbeid_transport_mottar: (
        Annotated[Kode, Meta(description=f"Mottar transport til arbeid og utdanning: {_MOTTAR}")] | None
    ) = None
    fritid_transport_mottar: Annotated[Kode, Meta(description=f"Mottar transport til fritid: {_MOTTAR}")] | None = None
    legemiddelgjennomgang: (
        Annotated[Kode, Meta(description=f"Legemiddelgjennomgang gjort: {_JA_NEI_IKKE_RELEVANT}")] | None
    ) = None
    legemiddelgjennomgang_dato: Annotated[date, Meta(description="Dato for legemiddelgjennomgangen.")] | None = None
    ernaring_kartlagt: (
        Annotated[Kode, Meta(description=f"Risiko for underernæring kartlagt: {_JA_NEI_IKKE_RELEVANT}")] | None
    ) = None
    ernaring_kartlagt_dato: Annotated[date, Meta(description="Dato for kartleggingen.")] | None = None
    ernaring_risiko: (
        Annotated[Kode, Meta(description=f"I risiko for underernæring: {_JA_NEI_IKKE_RELEVANT}")] | None
    ) = None
    ernaring_risiko_dato: Annotated[date, Meta(description="Dato for vurderingen av risiko.")] | None = None
    ernaring_plan: Annotated[Kode, Meta(description=f"Ernæringsplan finnes: {_JA_NEI_IKKE_RELEVANT}")] | None = None
    ernaring_plan_dato: Annotated[date, Meta(description="Dato for ernæringsplanen.")] | None = None
    fra_dato: FraDato | None = None
    til_dato: TilDato | None = None
