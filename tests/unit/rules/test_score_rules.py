"""Rules of function scores and diagnoses: F1, F2, D1."""

from datetime import date

import pytest

from adapter.domain.rules.d1_diagnosis_form import RULE as D1
from adapter.domain.rules.f1_scores_exist import RULE as F1
from adapter.domain.rules.f2_score_value import RULE as F2
from tests.sound import avslag, diagnose, funksjon, tjeneste
from tests.unit.rules.tables import findings, rule_test

test_f1 = rule_test(
    F1,
    [
        ("granted and scored", [tjeneste(), funksjon()], None),
        ("granted, never scored", tjeneste(), "warn: Registrer funksjonsskår: personen har en innvilget tjeneste"),
        ("only refused", avslag(), None),
        ("no outcome", tjeneste(vedtak=None), None),
        ("neither", diagnose(), None),
        ("one of two granted", [avslag(), tjeneste()], "warn: Registrer funksjonsskår"),
        ("a score that cannot be sent", [tjeneste(), funksjon(verdi=6)], "warn: Registrer funksjonsskår"),
        ("a score without date", [tjeneste(), funksjon(fra_dato=None)], "warn: Registrer funksjonsskår"),
        ("one that can beside it", [tjeneste(), funksjon(verdi=6), funksjon()], None),
        ("not relevant is a score", [tjeneste(), funksjon(verdi=9)], None),
    ],
)

test_f2 = rule_test(
    F2,
    [
        ("1", funksjon(verdi=1), None),
        ("5", funksjon(verdi=5), None),
        ("9", funksjon(verdi=9), None),
        (
            "0",
            funksjon(verdi=0),
            "withhold: Rett skåren 0 for variabel 1: gyldige verdier er 1, 2, 3, 4, 5 og 9",
        ),
        ("6", funksjon(verdi=6), "withhold: Rett skåren 6"),
        ("8", funksjon(verdi=8), "withhold: Rett skåren 8"),
        ("variable 18", funksjon(funksjonstype=18), None),
        ("variable 19", funksjon(funksjonstype=19), "warn: Kontroller funksjonsvariabelen: 19 er ikke kjent for 2018"),
        ("variable 0", funksjon(funksjonstype=0), "warn: Kontroller funksjonsvariabelen: 0"),
    ],
)

WRONG_ICPC = "warn: Rett diagnosekoden: en kode i ICPC-2 er en kapittelbokstav og to sifre"
WRONG_ICD = "warn: Rett diagnosekoden: en kode i ICD-10 er en bokstav, to sifre og inntil to til"


test_d1 = rule_test(
    D1,
    [
        ("ICPC-2", diagnose(kode="P70"), None),
        ("ICPC-2, enriched", diagnose(kode="P70.0001"), None),
        ("ICPC-2, one digit", diagnose(kode="P7"), WRONG_ICPC),
        ("ICPC-2, three digits", diagnose(kode="P701"), WRONG_ICPC),
        ("ICPC-2, five digits after the point", diagnose(kode="P70.00011"), WRONG_ICPC),
        ("ICPC-2, no such chapter", diagnose(kode="C70"), WRONG_ICPC),
        ("ICPC-2, small letter", diagnose(kode="p70"), WRONG_ICPC),
        ("ICPC-2, other digits", diagnose(kode="P٧0"), WRONG_ICPC),
        ("ICD-10, three places", diagnose(kodeverk="ICD-10", kode="F03"), None),
        ("ICD-10, four with point", diagnose(kodeverk="ICD-10", kode="G30.1"), None),
        ("ICD-10, four without", diagnose(kodeverk="ICD-10", kode="G301"), None),
        ("ICD-10, five with point", diagnose(kodeverk="ICD-10", kode="S72.00"), None),
        ("ICD-10, with a star", diagnose(kodeverk="ICD-10", kode="F00.1*"), None),
        ("ICD-10, chapters that ICPC-2 lacks", diagnose(kodeverk="ICD-10", kode="C50"), None),
        ("ICD-10, six places", diagnose(kodeverk="ICD-10", kode="S72.000"), WRONG_ICD),
        ("ICD-10, nothing after the point", diagnose(kodeverk="ICD-10", kode="S72."), WRONG_ICD),
        ("ICD-10, a word", diagnose(kodeverk="ICD-10", kode="demens"), WRONG_ICD),
    ],
)


@pytest.mark.parametrize("letter", "ABDFHKLNPRSTUWXYZ")
def test_d1_knows_every_chapter_of_icpc_2(letter: str) -> None:
    assert findings(D1, diagnose(kode=f"{letter}29")) == []


def test_d1_does_not_repeat_what_was_written() -> None:
    [text] = findings(D1, diagnose(kode="Kari Nord", fra_dato=date(2018, 1, 1)))
    assert "Kari" not in text
