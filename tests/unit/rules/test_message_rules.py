"""Rules of the message as a whole: M1-M6 and Y1."""

from datetime import date

from adapter.domain.enhet import Enhet
from adapter.domain.rules.m1_schema_faults import RULE as M1
from adapter.domain.rules.m2_period_and_version import RULE as M2
from adapter.domain.rules.m3_municipality_of_the_year import RULE as M3
from adapter.domain.rules.m4_district import RULE as M4
from adapter.domain.rules.m5_contacts import RULE as M5
from adapter.domain.rules.m6_the_pair import RULE as M6
from adapter.domain.rules.y1_change_from_last_year import RULE as Y1
from adapter.domain.yearpack import Grenser
from tests.sound import fakta, pack
from tests.unit.rules.tables import findings, rule_test

test_m1 = rule_test(
    M1,
    [
        ("no fault", fakta(), None),
        (
            "two faults",
            fakta(skjemafeil=("peAlder: SCHEMAV_CVC_TYPE", "peKjonn: X")),
            "block: Rett meldingen: den bryter skjemaet for 2018 2 ganger; først: peAlder: SCHEMAV_CVC_TYPE",
        ),
    ],
)


def test_m1_repeats_no_identity_number_out_of_a_fault() -> None:
    for quoted in ("06054012345", "060540 12345", "060540-12345", "20060540123451"):
        [text] = findings(M1, fakta(skjemafeil=(f"fid: «{quoted}» is refused",)))
        assert "12345" not in text
        assert "***" in text


test_m2 = rule_test(
    M2,
    [
        ("the calendar year", fakta(), None),
        (
            "begins on 2 January",
            fakta(fra_dato=date(2018, 1, 2)),
            "block: Rett perioden: meldingen gjelder 2018-01-02 til 2018-12-31",
        ),
        ("ends on 30 December", fakta(til_dato=date(2018, 12, 30)), "block: Rett perioden"),
        (
            "another year's version",
            fakta(versjon="3.7"),
            "block: Rett versjonen: meldingen har 3.7, men 2018 skal ha 3.5",
        ),
        (
            "a pack without format",
            fakta(pack=pack(melding=None)),
            "block: Legg inn meldingsformatet for 2018",
        ),
    ],
)

test_m3 = rule_test(
    M3,
    [
        ("in use", fakta(), None),
        (
            "a number of later years",
            fakta(enhet=Enhet("4601")),
            "block: Rett kommunenummeret: 4601 var ikke i bruk i 2018",
        ),
        ("no such number", fakta(enhet=Enhet("9999")), "block: Rett kommunenummeret"),
        ("the old number in 2019", fakta(pack=pack(aar=2019)), None),
        ("the old number in 2020", fakta(pack=pack(aar=2020)), "block: Rett kommunenummeret: 1201"),
        ("the new number in 2020", fakta(pack=pack(aar=2020), enhet=Enhet("4601")), None),
    ],
)

test_m4 = rule_test(
    M4,
    [
        ("no districts, none given", fakta(), None),
        ("no districts known, one given", fakta(enhet=Enhet("1201", "01")), "warn: Kontroller bydelen: 01 er satt"),
        ("first district of Oslo", fakta(enhet=Enhet("0301", "01")), None),
        ("last district of Oslo", fakta(enhet=Enhet("0301", "15")), None),
        (
            "Sentrum is an area, not a district",
            fakta(enhet=Enhet("0301", "16")),
            "block: Rett bydelen: 16 er ingen bydel i kommune 0301",
        ),
        ("Oslo without district", fakta(enhet=Enhet("0301")), "block: Registrer bydel"),
        ("a district before it was made", fakta(enhet=Enhet("0301", "01"), pack=pack(aar=2003)), "block: Rett bydelen"),
    ],
)

test_m5 = rule_test(
    M5,
    [
        ("types 1 and 2", fakta(), None),
        ("types 1, 2 and 3", fakta(kontakttyper=(3, 1, 2)), None),
        (
            "one contact",
            fakta(kontakttyper=(1,)),
            ("block: Rett kontaktpersonene", "block: Registrer kontaktperson av type 2"),
        ),
        (
            "no IPLOS contact",
            fakta(kontakttyper=(1, 3)),
            "block: Registrer kontaktperson av type 2, IPLOS kontaktperson",
        ),
        (
            "nobody responsible",
            fakta(kontakttyper=(2, 3)),
            "block: Registrer kontaktperson av type 1, innsendingsansvarlig",
        ),
        (
            "four contacts",
            fakta(kontakttyper=(1, 2, 3, 3)),
            "block: Rett kontaktpersonene: meldingen skal ha to eller tre",
        ),
    ],
)

test_m6 = rule_test(
    M6,
    [
        ("a pair", fakta(), None),
        ("other running number", fakta(lopenr_ident="18"), "block: Rett løpenummeret"),
        ("one person less", fakta(personer_ident=9), "block: Rett meldingene: fagmeldingen har 10 personer"),
        ("as many, but others", fakta(samme_personer=False), "block: Rett meldingene"),
    ],
)

test_y1 = rule_test(
    Y1,
    [
        ("last year is unknown", fakta(tjenester={15: 500}, orgnumre=9), None),
        ("this year is not counted", fakta(tjenester_i_fjor={15: 500}), None),
        ("doubled", fakta(tjenester={15: 100}, tjenester_i_fjor={15: 50}), None),
        (
            "more than doubled",
            fakta(tjenester={15: 101}, tjenester_i_fjor={15: 50}),
            "warn: Kontroller og forklar: tjeneste 15 Helsetjenester i hjemmet har 101 mottakere, mot 50 året før",
        ),
        ("one above half", fakta(tjenester={15: 51}, tjenester_i_fjor={15: 100}), None),
        ("halved", fakta(tjenester={15: 50}, tjenester_i_fjor={15: 100}), "warn: Kontroller og forklar: tjeneste 15"),
        ("gone", fakta(tjenester={}, tjenester_i_fjor={12: 500}), "warn: Kontroller og forklar: tjeneste 12"),
        ("new", fakta(tjenester={6: 20}, tjenester_i_fjor={}), "warn: Kontroller og forklar: tjeneste 6"),
        ("few in both years", fakta(tjenester={6: 19}, tjenester_i_fjor={6: 2}), None),
        (
            "none in either year, and no smallest base",
            fakta(tjenester={}, tjenester_i_fjor={}, pack=pack(grenser=Grenser(minste_grunnlag=0))),
            None,
        ),
        ("few last year only", fakta(tjenester={6: 20}, tjenester_i_fjor={6: 2}), "warn: Kontroller og forklar"),
        ("a code that was withdrawn", fakta(tjenester={}, tjenester_i_fjor={99: 500}), None),
        ("twice as many units", fakta(orgnumre=6, orgnumre_i_fjor=3), None),
        (
            "more than twice as many units",
            fakta(orgnumre=7, orgnumre_i_fjor=3),
            "warn: Kontroller og forklar: meldingen har 7 ulike organisasjonsnumre, mot 3 året før",
        ),
        ("no units last year", fakta(orgnumre=7, orgnumre_i_fjor=0), None),
    ],
)
