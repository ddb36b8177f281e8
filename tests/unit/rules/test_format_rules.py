"""Rules of what the format cannot carry: X1-X7."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.records import Personopplysning
from adapter.domain.rules.x1_no_person_row import RULE as X1
from adapter.domain.rules.x2_person_fields import RULE as X2
from adapter.domain.rules.x3_no_identity_number import RULE as X3
from adapter.domain.rules.x4_score_without_start import RULE as X4
from adapter.domain.rules.x5_diagnosis_without_start import RULE as X5
from adapter.domain.rules.x6_stay_fields import RULE as X6
from adapter.domain.rules.x7_value_left_out import RULE as X7
from adapter.domain.rules.x7_value_left_out import code_carried, hours_carried
from adapter.domain.yearpack import Antakelser
from adapter.message.kpr_ipl import PersonWriter, hours
from tests.sound import PACK, aar, diagnose, dogntilbud, funksjon, ident, opplysning, pack, person, sak, tjeneste
from tests.unit.rules.tables import rule_test

test_x1 = rule_test(
    X1,
    [
        ("a person row", aar(person(), tjeneste()), None),
        ("none", aar(None, tjeneste()), "withhold: Kontroller at fagsystemet har sendt personen"),
    ],
)

SILENT = ident(kjonn=None, fodselsdato=None)
STRICT = pack(antakelser=Antakelser(mangler_fra_dato="hold-tilbake", mangler_endret_dato="hold-tilbake"))

test_x2 = rule_test(
    X2,
    [
        ("all there", person(), None),
        ("sex from the number", person(kjonn=None), None),
        ("no sex, no number", person(kjonn=None, ident=None), "withhold: Registrer kjønn"),
        ("no sex anywhere", person(kjonn=None, ident=SILENT), "withhold: Registrer kjønn"),
        ("age from the number", person(fodselsdato=None), None),
        ("no age anywhere", person(fodselsdato=None, ident=SILENT), "withhold: Registrer fødselsdato"),
        (
            "dates have a stand-in",
            person(fra_dato=None, endret_dato=None),
            "warn: Registrer fra-dato og endringsdato på personen; meldingen bruker første dag i året",
        ),
        (
            "dates have no stand-in",
            sak(aar(person(fra_dato=None), tjeneste()), pack=STRICT),
            "withhold: Registrer fra-dato på personen",
        ),
    ],
)

test_x3 = rule_test(
    X3,
    [
        ("a number", person(), None),
        ("a wrong number is a number", person(ident=ident(type="9", gyldig=False)), None),
        ("none", person(ident=None), "withhold: Registrer fødselsnummer eller D-nummer"),
    ],
)

test_x4 = rule_test(
    X4,
    [
        ("from a date", funksjon(), None),
        ("from no date", funksjon(fra_dato=None), "withhold: Registrer fra-dato på skåren for variabel 1"),
    ],
)

test_x5 = rule_test(
    X5,
    [
        ("from a date", diagnose(), None),
        ("from no date", diagnose(fra_dato=None), "withhold: Registrer fra-dato på diagnosen i ICPC-2"),
    ],
)

test_x6 = rule_test(
    X6,
    [
        ("unit and start", dogntilbud(), None),
        ("no unit", dogntilbud(orgnummer=None), "withhold: Registrer organisasjonsnummer på døgntilbudet"),
        ("eight digits", dogntilbud(orgnummer="12345678"), "withhold: Rett organisasjonsnummeret på døgntilbudet"),
        ("check digit", dogntilbud(orgnummer="123456786"), "warn: Rett organisasjonsnummeret 123456786"),
        ("no start", dogntilbud(fra_dato=None), "withhold: Registrer fra-dato på døgntilbudet"),
        (
            "neither",
            dogntilbud(orgnummer=None, fra_dato=None),
            ("withhold: Registrer organisasjonsnummer", "withhold: Registrer fra-dato"),
        ),
        ("open", dogntilbud(til_dato=None), None),
    ],
)

WITH_REST = pack(antakelser=Antakelser(send_rest_timer=True))

test_x7 = rule_test(
    X7,
    [
        ("codes of the list", opplysning(husstand=3, individuell_plan=9), None),
        ("nothing said", opplysning(husstand=None), None),
        (
            "not in the list",
            opplysning(husstand=4),
            "warn: Rett husstand (4): koden finnes ikke i 2018 og utelates",
        ),
        (
            "two of them",
            opplysning(husstand=0, omsorg_barn=9),
            "warn: Rett husstand (0) og omsorg barn (9)",
        ),
        ("a field the year does not have", opplysning(ernaring_plan=1), "warn: Rett ernaring plan (1)"),
        ("receives no help, as in the list", opplysning(arbeid_bistand_mottar=9), None),
        ("receives no help, as in the message", opplysning(arbeid_bistand_mottar=3), None),
        ("receives, unknown code", opplysning(arbeid_bistand_mottar=4), "warn: Rett arbeid bistand mottar (4)"),
        ("months are no codes", opplysning(vurdert_lege="2018-03"), None),
        ("two decimals", tjeneste(timer_per_uke=7.25), None),
        (
            "three decimals",
            tjeneste(timer_per_uke=7.125),
            "warn: Rett timer per uke: 7,125 kan ikke skrives i meldingen",
        ),
        ("zero", tjeneste(timer_per_uke=0.0), None),
        ("below zero", tjeneste(timer_per_uke=-0.5), "warn: Rett timer per uke: -0,5 kan ikke skrives"),
        ("too many are for S6", tjeneste(timer_per_uke=1000.0), None),
        ("no hours", tjeneste(timer_per_uke=None), None),
        ("no remaining hours", sak(aar(person(), tjeneste(rest_timer_per_uke=None)), pack=WITH_REST), None),
        ("remaining hours are not sent", tjeneste(rest_timer_per_uke=1000.0), None),
        (
            "remaining hours, 999.99",
            sak(aar(person(), tjeneste(rest_timer_per_uke=999.99)), pack=WITH_REST),
            None,
        ),
        (
            "remaining hours, 1000",
            sak(aar(person(), tjeneste(rest_timer_per_uke=1000.0)), pack=WITH_REST),
            "warn: Rett resttimer per uke: 1000 kan ikke skrives",
        ),
    ],
)

any_hours = st.one_of(
    st.floats(-99999, 99999),
    st.decimals(-1001, 1001, places=2).map(float),
    st.decimals(-1001, 1001, places=3).map(float),
)


@given(any_hours)
def test_the_writer_leaves_out_the_hours_that_x7_names(timer: float) -> None:
    assert hours_carried(timer) is (hours(timer) is not None)


@given(st.sampled_from(sorted(PACK.opplysningskoder)), st.integers(0, 12))
def test_the_writer_leaves_out_the_codes_that_x7_names(felt: str, kode: int) -> None:
    alone = msgspec.structs.replace(Personopplysning(), **{felt: kode})
    row = person()
    written = PersonWriter(PACK).person(aar(row, alone), row, 1)
    assert code_carried(felt, kode, PACK) is ("<po" in written)
