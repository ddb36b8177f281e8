"""Tjeneste: en rad i et vedtak om en helse- og omsorgstjeneste, eller et avslag (TJENESTE, domain/iplos.md 3.6)."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from adapter.domain.records.fields import SYSTEM_ID, FraDato, Innhold, Kode, Orgnummer, TilDato

Vedtak = Literal["innvilget", "avslag"]

# The message carries at most 999.99; more is kept so that the care office sees it, but never as much as 11 digits.
Timer = Annotated[float, Meta(ge=-99999, le=99999)]


class Tjeneste(Innhold, frozen=True):
    """One row of a decision. A change of hours gives the decision (`vedtak_id`) a new row (`vedtak_rad`)."""

    tjenestetype: Annotated[Kode, Meta(description="Tjenestetype, kodeverk 9151 (for eksempel 15 og 21).")]
    undertype: Annotated[Kode, Meta(description="Undertype. Kodeverket er ikke kjent.")] | None = None
    vedtak_id: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=64,
                pattern=SYSTEM_ID,
                description="Vedtakets id i fagsystemet; felles for alle rader i vedtaket. Aldri et identitetsnummer.",
            ),
        ]
        | None
    ) = None
    vedtak_rad: Annotated[int, Meta(ge=1, le=32767, description="Radens nummer i vedtaket, fra 1.")] | None = None
    vedtak: Annotated[Vedtak, Meta(description="Utfallet av vedtaket: innvilget eller avslag.")] | None = None
    soknad_dato: Annotated[date, Meta(description="Dato søknaden kom inn.")] | None = None
    vedtak_dato: Annotated[date, Meta(description="Vedtaksdato.")] | None = None
    timer_per_uke: Annotated[Timer, Meta(description="Tildelte timer per uke; månedstimer deles på 4.")] | None = None
    rest_timer_per_uke: (
        Annotated[Timer, Meta(description="Feltet tjResTimerUke. Betydningen er ikke kjent.")] | None
    ) = None
    rullerende: Annotated[bool, Meta(description="Rullerende opphold.")] | None = None
    orgnummer: Orgnummer | None = None
    fra_dato: FraDato | None = None
    til_dato: TilDato | None = None
    klage_mottatt_dato: Annotated[date, Meta(description="Dato en klage på vedtaket kom inn.")] | None = None
    klage_besvart_dato: Annotated[date, Meta(description="Dato klagen ble besvart.")] | None = None
