"""Samples of what the program writes and must read for ever: the values they were made of, and how they are made.

`python -m tests.golden.state_samples` writes the samples that are not there yet; one that is there is never renewed.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from adapter.domain.identity import synthetic_number
from adapter.domain.receipts import Svar
from adapter.domain.records import (
    Diagnose,
    Dogntilbud,
    Funksjon,
    Ident,
    Kind,
    Person,
    Personopplysning,
    Record,
    Sammenslaing,
    Tjeneste,
)
from adapter.domain.state_versions import SCHEMA_VERSION
from adapter.domain.tilstand import NOTHING, Linje, Tilstand, encode_record, record_key
from adapter.letters.letter import Letter, Origin
from adapter.report.ledger import Kjoring, Sendt, encode
from adapter.sealing import Sealer

FOLDER = Path(__file__).parent / "state"
# No secret: the samples hold made-up persons.
SEALER = Sealer({"prove-1": bytes(range(32))}, pseudonym=bytes(range(32, 64)))
PERSON_KEY = "pas-prove"
NUMBER = next(filter(None, (synthetic_number(date(1950, 2, 3), "K", at) for at in range(100))))
DAY, LATER = date(2018, 3, 1), date(2018, 9, 30)
MOMENT = datetime(2019, 1, 7, 5, 0, 1, 250_000, UTC)

# Every kind of record with every field, and none of them at its default. What a new field is called here tells that the
# version is a new one.
RECORDS: dict[Kind, Record] = {
    "person": Person(
        kommunenummer="5001",
        bydelsnummer="03",
        fra_dato=DAY,
        fodselsdato=date(1950, 2, 3),
        kjonn="K",
        dod_dato=LATER,
        endret_dato=LATER,
        ident=replace(
            SEALER.seal_ident(Ident(nummer=NUMBER), PERSON_KEY),
            problem="check_digit",
            tvetydig=True,
            fra_2032=True,
        ),
    ),
    "personopplysning": Personopplysning(
        husstand=1,
        omsorg_barn=2,
        privat_hjelp=3,
        bolig_tilrettelagt=1,
        vurdert_tannhelse="2018-02",
        vurdert_lege="2018-03",
        individuell_plan=9,
        har_koordinator=1,
        arbeid_bistand_behov=2,
        fritid_bistand_behov=1,
        arbeid_bistand_mottar=2,
        fritid_bistand_mottar=9,
        arbeid_transport_behov=1,
        fritid_transport_behov=2,
        arbeid_transport_mottar=1,
        fritid_transport_mottar=2,
        legemiddelgjennomgang=1,
        legemiddelgjennomgang_dato=DAY,
        ernaring_kartlagt=1,
        ernaring_kartlagt_dato=DAY,
        ernaring_risiko=2,
        ernaring_risiko_dato=DAY,
        ernaring_plan=1,
        ernaring_plan_dato=LATER,
        fra_dato=DAY,
        til_dato=LATER,
    ),
    "funksjon": Funksjon(funksjonstype=9, verdi=4, fra_dato=DAY, til_dato=LATER),
    "tjeneste": Tjeneste(
        tjenestetype=15,
        undertype=300,
        vedtak_id="v-1",
        vedtak_rad=2,
        vedtak="innvilget",
        soknad_dato=DAY,
        vedtak_dato=DAY,
        timer_per_uke=7.5,
        rest_timer_per_uke=0.25,
        rullerende=True,
        orgnummer="123456785",
        fra_dato=DAY,
        til_dato=LATER,
        klage_mottatt_dato=DAY,
        klage_besvart_dato=LATER,
    ),
    "diagnose": Diagnose(kodeverk="ICPC-2", kode="P70", fra_dato=DAY, til_dato=LATER),
    "dogntilbud": Dogntilbud(orgnummer="123456785", fra_dato=DAY, til_dato=LATER),
    "sammenslaing": Sammenslaing(videre_til="pas-ny"),
}

LINES: dict[str, Linje] = {
    **{
        record_key(kind, "r-1"): Linje(3, annullert=False, kommunenummer="5001", bydelsnummer="03", innhold=raw)
        for kind, raw in ((kind, encode_record(record)) for kind, record in RECORDS.items())
    },
    "tjeneste/r-2": Linje(2**40, annullert=True, kommunenummer="0301", bydelsnummer="", innhold=NOTHING),
}

ORIGIN = Origin("kommune.iplos.hendelser.v1", 3, 17, 1_546_837_201_250)
LETTER = Letter(b"pas-prove", b'{"halv', [("ce_type", b"x"), ("tom", None)])

RUN = Kjoring(
    kjoring="b3a6c1a0-0000-4000-8000-000000000003",
    kommando="b3a6c1a0-0000-4000-8000-000000000004",
    bestilt_av="kalender",
    enhet="5001-03",
    aar=2018,
    emisjon="produksjon",
    lopenr="17",
    tidspunkt=MOMENT,
    status="sendt",
    slag="ordinaer",
    arsak="kalender",
    grunn="ordinær",
    erstatter="b3a6c1a0-0000-4000-8000-000000000005",
    programversjon="0.1.0",
    pakkeversjon="1",
    offsets={"0": 17, "1": 0},
    gjenopprettet=True,
    kjoringer=["b3a6c1a0-0000-4000-8000-000000000006"],
    resultat={"personer_sendt": 12, "tjenestemottakere": {"15": 7}, "orgnumre": 3},
    meldinger=[Sendt(melding_id="m-1", type="KPR_IPL", bytes=1_000_000, sha256="ab" * 32, deler=2)],
    svar=[Svar("s-1", "m-1", "ok-med-feil", MOMENT, ("E10",))],
    ferdig=MOMENT,
)


def state_file(version: int) -> Path:
    """The sample of a version of the state."""
    return FOLDER / f"v{version}.msgpack"


LETTER_FILE = FOLDER / "letter-v1.sealed"
RUN_FILE = FOLDER / "run-v1.json"


def main() -> None:
    """Write what is not there."""
    made = {
        state_file(SCHEMA_VERSION): Tilstand(dict(LINES)).encode(),
        LETTER_FILE: SEALER.seal_bytes(msgspec.msgpack.encode(LETTER), ORIGIN.place),
        RUN_FILE: encode(RUN),
    }
    for path, content in made.items():
        if not path.exists():
            path.write_bytes(content)
            sys.stdout.write(f"written: {path.name}\n")


if __name__ == "__main__":
    main()
