"""Any registrations at all: within the bounds of the contract, with dates and codes as wrong as people make them."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from adapter.domain.enhet import Enhet
from adapter.domain.records import (
    Diagnose,
    Dogntilbud,
    ForsegletIdent,
    Funksjon,
    Person,
    Personopplysning,
    Record,
    Tjeneste,
)
from adapter.domain.tilstand import Linje
from tests.sound import ORGNR, PACK, linje, person

UNITS = (Enhet("1201"), Enhet("0301", "01"), Enhet("4601"))

# Most dates lie close to the borders of 2018, where the rules turn.
dates = st.one_of(
    st.sampled_from([date(2017, 12, 31), date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 1), date(1979, 12, 31)]),
    st.dates(date(2018, 1, 1), date(2018, 12, 31)),
    st.dates(date(2016, 1, 1), date(2020, 12, 31)),
    st.dates(),
)
maybe_date = st.none() | dates
system_ids = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:/-]{0,14}\Z")
# Eleven digits in a row are not forbidden in the journal system's own names.
names = st.one_of(system_ids, st.sampled_from(["06054012345", "a", "b", "c"]))
short_codes = st.integers(0, 20)
orgnumre = st.sampled_from([ORGNR, "123456786", "12345678", "Ola Nordm"])
hours = st.one_of(st.sampled_from([0.0, 168.0, 168.01, 999.99, 1000.0, -0.01, 7.125]), st.floats(-99999, 99999))


def _period() -> dict[str, Any]:
    return {"fra_dato": maybe_date, "til_dato": maybe_date}


idents = st.builds(
    ForsegletIdent,
    nokkel_id=st.just("k1"),
    forseglet=st.binary(max_size=4),
    avtrykk=st.sampled_from([b"one.....", b"two....."]),
    type=st.sampled_from(["1", "2", "3", "9", "12"]),
    gyldig=st.booleans(),
    problem=st.sampled_from([None, "length", "characters", "date", "check_digit"]),
    syntetisk=st.booleans(),
    tvetydig=st.booleans(),
    fodselsdato=maybe_date,
    kjonn=st.sampled_from([None, "M", "K"]),
)
random_persons = st.builds(
    Person,
    kommunenummer=st.sampled_from(["1201", "0301"]),
    bydelsnummer=st.sampled_from([None, "01"]),
    fra_dato=maybe_date,
    fodselsdato=maybe_date,
    kjonn=st.sampled_from([None, "M", "K"]),
    dod_dato=maybe_date,
    endret_dato=maybe_date,
    ident=st.none() | idents,
)
# Half of the persons can be sent, so that the rules of their rows decide.
persons = st.just(person()) | random_persons
services = st.builds(
    Tjeneste,
    tjenestetype=st.sampled_from([1, 6, 12, 14, 15, 21, 999]),
    vedtak_id=st.none() | names,
    vedtak_rad=st.none() | st.integers(1, 3),
    vedtak=st.sampled_from([None, "innvilget", "avslag"]),
    soknad_dato=maybe_date,
    vedtak_dato=maybe_date,
    timer_per_uke=st.none() | hours,
    rest_timer_per_uke=st.none() | hours,
    rullerende=st.none() | st.booleans(),
    orgnummer=st.none() | orgnumre,
    klage_mottatt_dato=maybe_date,
    klage_besvart_dato=maybe_date,
    **_period(),
)
scores = st.builds(Funksjon, funksjonstype=short_codes, verdi=short_codes, **_period())
diagnoses = st.builds(
    Diagnose,
    kodeverk=st.sampled_from(["ICPC-2", "ICD-10"]),
    kode=st.sampled_from(["P70", "F00.1", "Ola Nordm", "<&>"]),
    **_period(),
)
stays = st.builds(Dogntilbud, orgnummer=st.none() | orgnumre, **_period())
informations = st.builds(
    Personopplysning,
    **{field: st.none() | short_codes for field in PACK.opplysningskoder},
    vurdert_lege=st.sampled_from([None, "2018-02"]),
    **_period(),
)
rows: st.SearchStrategy[Record] = st.one_of(services, scores, diagnoses, stays, informations)


@st.composite
def lines_of(draw: st.DrawFn, records: st.SearchStrategy[Record], unit: st.SearchStrategy[Enhet]) -> tuple[str, Linje]:
    return linje(draw(records), draw(names), draw(unit), annullert=draw(st.integers(0, 9)) == 0)


def histories(unit: st.SearchStrategy[Enhet], most: int = 12) -> st.SearchStrategy[dict[str, Linje]]:
    """The lines of one person's state: record key to newest line."""
    some_persons, some_rows = lines_of(persons, unit), lines_of(rows, unit)
    return st.tuples(st.lists(some_persons, max_size=2), st.lists(some_rows, max_size=most)).map(
        lambda lines: dict([*lines[0], *lines[1]])
    )
