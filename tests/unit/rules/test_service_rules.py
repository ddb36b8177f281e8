"""Rules of services: S1-S9."""

from datetime import date

import msgspec

from adapter.domain.records import Tjeneste
from adapter.domain.rules.s1_service_code import RULE as S1
from adapter.domain.rules.s2_start_date import RULE as S2
from adapter.domain.rules.s3_end_before_start import RULE as S3
from adapter.domain.rules.s4_decision_date import RULE as S4
from adapter.domain.rules.s5_performing_unit import RULE as S5
from adapter.domain.rules.s6_hours import RULE as S6
from adapter.domain.rules.s7_same_service_twice import RULE as S7
from adapter.domain.rules.s8_refusal import RULE as S8
from adapter.domain.rules.s9_home_service_in_long_stay import RULE as S9
from adapter.domain.yearpack import Grenser
from tests.sound import PACK, aar, avslag, pack, person, sak, tjeneste
from tests.unit.rules.tables import rule_test

test_s1 = rule_test(
    S1,
    [
        ("valid in the year", tjeneste(tjenestetype=15), None),
        ("housing in 2018", tjeneste(tjenestetype=12), None),
        (
            "housing in 2019",
            sak(
                aar(person(), tjeneste(tjenestetype=12)),
                pack=pack(aar=2019, tjenestetyper=[kind for kind in PACK.tjenestetyper if kind.kode != 12]),
            ),
            "withhold: Rett tjenestetypen: kode 12 gjelder ikke i 2019",
        ),
        ("never a code", tjeneste(tjenestetype=999), "withhold: Rett tjenestetypen: kode 999 gjelder ikke i 2018"),
        ("a refusal has a code too", avslag(tjenestetype=0), "withhold: Rett tjenestetypen: kode 0"),
    ],
)

NEWBORN = person(fodselsdato=date(2017, 11, 30))

test_s2 = rule_test(
    S2,
    [
        ("granted with start", tjeneste(), None),
        ("granted without start", tjeneste(fra_dato=None), "withhold: Registrer startdato: tjenesten er innvilget"),
        ("refused without start", avslag(), None),
        ("no outcome and no start", tjeneste(vedtak=None, fra_dato=None), None),
        ("1 January 1980", tjeneste(fra_dato=date(1980, 1, 1)), None),
        (
            "31 December 1979",
            tjeneste(fra_dato=date(1979, 12, 31)),
            "withhold: Rett startdatoen: tjenesten starter 1979-12-31, og tidligst mulig er 1980-01-01",
        ),
        ("31 December of the year", tjeneste(fra_dato=date(2018, 12, 31)), None),
        (
            "1 January after",
            tjeneste(fra_dato=date(2019, 1, 1)),
            "withhold: Kontroller startdatoen: tjenesten starter 2019-01-01, etter 2018",
        ),
        (
            "no outcome, start after",
            tjeneste(vedtak=None, fra_dato=date(2019, 1, 1)),
            "withhold: Kontroller startdatoen",
        ),
        ("refused with a start after", avslag(fra_dato=date(2019, 1, 1)), None),
        ("refused with a start long ago", avslag(fra_dato=date(1900, 1, 1)), None),
        ("in the birth year, before the birth", [NEWBORN, tjeneste(fra_dato=date(2017, 1, 1))], None),
        (
            "before the birth year",
            [NEWBORN, tjeneste(fra_dato=date(2016, 12, 31))],
            "withhold: Rett startdatoen: tjenesten starter 2016-12-31, før året personen ble født",
        ),
        ("no person row", aar(None, tjeneste()), None),
    ],
)

test_s3 = rule_test(
    S3,
    [
        ("ends after it starts", tjeneste(), None),
        ("ends the day it starts", tjeneste(fra_dato=date(2018, 5, 5), til_dato=date(2018, 5, 5)), None),
        (
            "ends the day before",
            tjeneste(fra_dato=date(2018, 5, 5), til_dato=date(2018, 5, 4)),
            "withhold: Rett datoene: tjenesten starter 2018-05-05 og slutter 2018-05-04",
        ),
        ("open", tjeneste(til_dato=None), None),
        ("ended on 1 January", tjeneste(fra_dato=date(2017, 1, 1), til_dato=date(2018, 1, 1)), None),
        (
            "ended on 31 December before",
            tjeneste(fra_dato=date(2017, 1, 1), til_dato=date(2017, 12, 31)),
            "withhold: Kontroller sluttdatoen: tjenesten sluttet 2017-12-31",
        ),
        ("refused, dates before the year", avslag(fra_dato=date(2017, 1, 1), til_dato=date(2017, 5, 1)), None),
    ],
)

test_s4 = rule_test(
    S4,
    [
        ("application, decision, start", tjeneste(), None),
        ("all on one day", tjeneste(soknad_dato=date(2018, 2, 1), vedtak_dato=date(2018, 2, 1)), None),
        ("no decision date", tjeneste(vedtak_dato=None), "withhold: Registrer vedtaksdato"),
        ("refusal without decision date", avslag(vedtak_dato=None), "withhold: Registrer vedtaksdato"),
        (
            "decided the day after the start",
            tjeneste(vedtak_dato=date(2018, 2, 2)),
            "warn: Kontroller datoene: tjenesten starter 2018-02-01, før vedtaket 2018-02-02",
        ),
        ("refused after a start it should not have", avslag(fra_dato=date(2018, 1, 9)), None),
        (
            "decided the day before the application",
            tjeneste(soknad_dato=date(2018, 1, 21)),
            "warn: Kontroller datoene: vedtaket er fra 2018-01-20, før søknaden 2018-01-21",
        ),
        ("no application date", tjeneste(soknad_dato=None), None),
    ],
)

test_s5 = rule_test(
    S5,
    [
        ("must have, has", tjeneste(), None),
        (
            "must have, has not",
            tjeneste(orgnummer=None),
            "warn: Registrer organisasjonsnummer for den utførende enheten: tjeneste 15 Helsetjenester i hjemmet",
        ),
        ("must have, has not, refused", avslag(), None),
        ("may have, has", tjeneste(tjenestetype=6), None),
        ("may have, has not", tjeneste(tjenestetype=6, orgnummer=None), None),
        ("unknown, has", tjeneste(tjenestetype=14), None),
        ("unknown, has not", tjeneste(tjenestetype=14, orgnummer=None), None),
        (
            "must not have, has",
            tjeneste(tjenestetype=12),
            "warn: Rett organisasjonsnummeret: tjeneste 12 Omsorgsbolig skal ikke ha det",
        ),
        ("must not have, has not", tjeneste(tjenestetype=12, orgnummer=None), None),
        (
            "check digit",
            tjeneste(orgnummer="123456786"),
            "warn: Rett organisasjonsnummeret 123456786: kontrollsifferet stemmer ikke",
        ),
        ("eight digits", tjeneste(orgnummer="12345678"), "warn: Rett organisasjonsnummeret: det skal være ni sifre"),
        (
            "a name is not repeated",
            tjeneste(orgnummer="Sykehjem1"),
            "warn: Rett organisasjonsnummeret: det skal være ni",
        ),
        (
            "a digit of another kind",
            tjeneste(orgnummer="12345678¹"),
            "warn: Rett organisasjonsnummeret: det skal være ni",
        ),
        ("a code of another year is for S1", tjeneste(tjenestetype=999, orgnummer=None), None),
    ],
)

test_s6 = rule_test(
    S6,
    [
        ("168.00", tjeneste(timer_per_uke=168.0), None),
        (
            "168.01",
            tjeneste(timer_per_uke=168.01),
            "withhold: Rett timene: 168,01 timer per uke er mer enn 168.",
        ),
        ("none at all", tjeneste(timer_per_uke=0.0), None),
        ("below zero is for X7", tjeneste(timer_per_uke=-1.0), None),
        (
            "missing where hours count",
            tjeneste(timer_per_uke=None),
            "warn: Registrer timer per uke: tjeneste 15 Helsetjenester i hjemmet",
        ),
        ("missing where they do not", tjeneste(tjenestetype=21, timer_per_uke=None), None),
        ("missing on a refusal", avslag(), None),
        (
            "another limit",
            sak(aar(person(), tjeneste(timer_per_uke=40.5)), pack=pack(grenser=Grenser(timer_per_uke=40.25))),
            "withhold: Rett timene: 40,5 timer per uke er mer enn 40,25.",
        ),
    ],
)


JUNE_29, JUNE_30, JULY_1 = date(2018, 6, 29), date(2018, 6, 30), date(2018, 7, 1)


def but(**fields: object) -> Tjeneste:
    return msgspec.structs.replace(tjeneste(), **fields)


test_s7 = rule_test(
    S7,
    [
        ("one row", tjeneste(), None),
        (
            "the same twice",
            [tjeneste(), but(vedtak_id="v2", timer_per_uke=9.0)],
            "warn: Kontroller om tjeneste 15 fra 2018-02-01 til 2018-06-30 er ført to ganger",
        ),
        ("three times", [tjeneste(), tjeneste(), tjeneste()], ("warn: Kontroller", "warn: Kontroller")),
        (
            "open, twice",
            [but(til_dato=None), but(til_dato=None)],
            "warn: Kontroller om tjeneste 15 fra 2018-02-01 uten sluttdato",
        ),
        ("another service", [tjeneste(), but(tjenestetype=1)], None),
        ("another unit", [tjeneste(), but(orgnummer="987654325")], None),
        ("no unit, twice", [but(orgnummer=None), but(orgnummer=None)], "warn: Kontroller"),
        ("ends a day later", [tjeneste(), but(til_dato=date(2018, 7, 1))], None),
        ("overlapping only", [tjeneste(), but(fra_dato=date(2018, 3, 1))], None),
        ("without start", [but(fra_dato=None), but(fra_dato=None)], None),
        ("refused twice, with dates", [avslag(fra_dato=JULY_1), avslag(fra_dato=JULY_1)], None),
    ],
)

test_s8 = rule_test(
    S8,
    [
        ("granted", tjeneste(), None),
        ("refused", avslag(), None),
        (
            "refused with a start",
            avslag(fra_dato=date(2018, 3, 1)),
            "warn: Rett avslaget: det har tjenesteperiode fra 2018-03-01 uten sluttdato",
        ),
        (
            "refused with an end",
            avslag(til_dato=date(2018, 3, 1)),
            "warn: Rett avslaget: det har tjenesteperiode uten startdato til 2018-03-01",
        ),
        (
            "no outcome",
            tjeneste(vedtak=None),
            "warn: Registrer utfallet av vedtaket 2018-01-20: innvilget eller avslag",
        ),
        ("not decided yet", tjeneste(vedtak=None, vedtak_dato=None), None),
    ],
)


def stay(fra: date, til: date | None = None) -> Tjeneste:
    return tjeneste(tjenestetype=21, fra_dato=fra, til_dato=til)


test_s9 = rule_test(
    S9,
    [
        ("home service alone", tjeneste(), None),
        ("long stay alone", stay(JULY_1), None),
        ("one day apart", [tjeneste(), stay(JULY_1)], None),
        ("moving day", [tjeneste(), stay(JUNE_30)], None),
        (
            "a day together",
            [tjeneste(), stay(JUNE_29)],
            "warn: Kontroller om tjeneste 15 skal løpe under langtidsoppholdet fra 2018-06-29 uten sluttdato",
        ),
        ("home again after the stay", [tjeneste(), stay(date(2017, 1, 1), date(2018, 2, 1))], None),
        (
            "home again too early",
            [tjeneste(), stay(date(2017, 1, 1), date(2018, 2, 2))],
            "warn: Kontroller om tjeneste 15",
        ),
        ("both open", [but(til_dato=None), stay(JULY_1)], "warn: Kontroller om tjeneste 15"),
        ("two stays, one finding", [tjeneste(), stay(date(2018, 3, 1)), stay(date(2018, 4, 1))], "warn: Kontroller"),
        ("housing is no home service", [but(tjenestetype=12, orgnummer=None), stay(date(2018, 3, 1))], None),
        ("refused stay", [tjeneste(), avslag(tjenestetype=21, fra_dato=date(2018, 3, 1))], None),
        ("refused home service", [avslag(fra_dato=date(2018, 3, 1)), stay(date(2018, 3, 1))], None),
        ("stay without start", [tjeneste(), but(tjenestetype=21, fra_dato=None)], None),
    ],
)
