"""What is put right without guessing, and what is left for the strict reading to refuse. Forms by hand, one a line."""

from typing import Any

import pytest

from adapter.domain.records import Dogntilbud, Funksjon, Personopplysning, Tjeneste
from adapter.domain.records.diagnose import Diagnose
from adapter.domain.records.person import PersonInn
from adapter.ingest.contract import Annullert
from adapter.ingest.normalise import Repair, normalise

ABSENT = object()


@pytest.mark.parametrize(
    ("shape", "field", "written", "becomes", "repairs"),
    [
        # codes
        (Funksjon, "verdi", "3", 3, ["text-to-number"]),
        (Funksjon, "verdi", "03", 3, ["text-to-number"]),
        (Funksjon, "verdi", " 3 ", 3, ["blanks", "text-to-number"]),
        (Funksjon, "verdi", "0", 0, ["text-to-number"]),
        (Funksjon, "verdi", "000", 0, ["text-to-number"]),
        (Funksjon, "verdi", 3.0, 3, ["text-to-number"]),
        (Funksjon, "verdi", 3.5, 3.5, []),
        (Funksjon, "verdi", "-3", "-3", []),
        (Funksjon, "verdi", "³", "³", []),
        (Funksjon, "verdi", "٣", "٣", []),
        (Funksjon, "verdi", "tre", "tre", []),
        (Funksjon, "verdi", True, True, []),
        (Annullert, "versjon", "0" * 5000 + "7", 7, ["text-to-number"]),
        (Annullert, "versjon", "9" * 5000, int("9" * 20), ["text-to-number"]),
        # hours
        (Tjeneste, "timerPerUke", "7.5", 7.5, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "7,5", 7.5, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "7,5 timer", 7.5, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "15 Timer", 15.0, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "1 time", 1.0, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "2t", 2.0, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "2 h.", 2.0, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "+2", 2.0, ["text-to-number"]),
        (Tjeneste, "timerPerUke", "30 min", "30 min", []),
        (Tjeneste, "timerPerUke", "7:30", "7:30", []),
        (Tjeneste, "timerPerUke", "7-8 timer", "7-8 timer", []),
        (Tjeneste, "timerPerUke", "1.000,5", "1.000,5", []),
        (Tjeneste, "timerPerUke", "NaN", "NaN", []),
        (Tjeneste, "timerPerUke", "20 timer per måned", "20 timer per måned", []),
        (Tjeneste, "timerPerUke", 7, 7, []),
        # yes and no
        (Tjeneste, "rullerende", "true", True, ["text-to-number"]),
        (Tjeneste, "rullerende", "Nei", False, ["text-to-number"]),
        (Tjeneste, "rullerende", "kanskje", "kanskje", []),
        (Tjeneste, "rullerende", 1, 1, []),
        # dates
        (Tjeneste, "fraDato", "20180219", "2018-02-19", ["date-form"]),
        (Tjeneste, "fraDato", 20180219, "2018-02-19", ["date-form"]),
        (Tjeneste, "fraDato", "19.02.2018", "2018-02-19", ["date-form"]),
        (Tjeneste, "fraDato", "1.2.2018", "2018-02-01", ["date-form"]),
        (Tjeneste, "fraDato", "2018-02-19T00:00:00", "2018-02-19", ["date-form"]),
        (Tjeneste, "fraDato", "2018-02-19T00:00:00.000Z", "2018-02-19", ["date-form"]),
        (Tjeneste, "fraDato", "2018-02-19 00:00", "2018-02-19", ["date-form"]),
        (Tjeneste, "fraDato", " 2018-02-19", "2018-02-19", ["blanks"]),
        (Tjeneste, "tilDato", "99991231", "9999-12-31", ["date-form"]),
        (Tjeneste, "fraDato", "2018-02-18T23:00:00Z", "2018-02-18T23:00:00Z", []),
        (Tjeneste, "fraDato", "20180231", "20180231", []),
        (Tjeneste, "fraDato", "31.02.2018", "31.02.2018", []),
        (Tjeneste, "fraDato", "19.02.18", "19.02.18", []),
        (Tjeneste, "fraDato", "02/19/2018", "02/19/2018", []),
        (Tjeneste, "fraDato", 1519000000, "1519000000", []),
        (Tjeneste, "fraDato", True, True, []),
        (Personopplysning, "vurdertLege", "201802", "2018-02", ["date-form"]),
        (Personopplysning, "vurdertLege", 201802, "2018-02", ["date-form"]),
        (Personopplysning, "vurdertLege", "2018-02-19", "2018-02-19", []),
        # fixed values
        (Tjeneste, "vedtak", "Innvilget", "innvilget", ["letter-case"]),
        (Tjeneste, "vedtak", "AVSLAG ", "avslag", ["blanks", "letter-case"]),
        (Tjeneste, "vedtak", "avslått", "avslått", []),
        (PersonInn, "kjonn", "k", "K", ["letter-case"]),
        (PersonInn, "kjonn", "kvinne", "kvinne", []),
        (Diagnose, "kodeverk", "icd-10", "ICD-10", ["letter-case"]),
        (Diagnose, "kodeverk", "ICD10", "ICD10", []),
        # numbers of places and units
        (Annullert, "kommunenummer", 301, "0301", ["number-to-text"]),
        (Annullert, "kommunenummer", 5001, "5001", ["number-to-text"]),
        (Annullert, "kommunenummer", "301", "301", []),
        (Annullert, "bydelsnummer", 5, "05", ["number-to-text"]),
        (Dogntilbud, "orgnummer", 141002015, "141002015", ["number-to-text"]),
        (Dogntilbud, "orgnummer", "141 002 015", "141002015", ["blanks"]),
        (Dogntilbud, "orgnummer", "141\u00a0002\u00a0015", "141002015", ["blanks"]),
        (Dogntilbud, "orgnummer", "141.002.015", "141.002.015", []),
        (Annullert, "registreringsId", 551902, 551902, []),
        # nothing there
        (Tjeneste, "fraDato", "", ABSENT, ["empty-to-absent"]),
        (Tjeneste, "fraDato", " \t\n", ABSENT, ["empty-to-absent"]),
        (Tjeneste, "fraDato", None, ABSENT, []),
        (Tjeneste, "tjenestetype", "", ABSENT, ["empty-to-absent"]),
        (PersonInn, "ident", {}, ABSENT, ["empty-to-absent"]),
        (PersonInn, "ident", {"nummer": None}, ABSENT, ["empty-to-absent"]),
        (PersonInn, "ident", {"type": 1}, {"type": "1"}, ["number-to-text"]),
        (Tjeneste, "notat", "ring pårørende", ABSENT, ["unknown-field"]),
        (Tjeneste, "fra_dato", "2018-02-19", ABSENT, ["unknown-field"]),
        # other shapes are left alone
        (Tjeneste, "fraDato", [], [], []),
        (Tjeneste, "fraDato", {"aar": 2018}, {"aar": 2018}, []),
        (PersonInn, "ident", ["14833800842"], ["14833800842"], []),
    ],
)
def test_one_written_form(shape: Any, field: str, written: Any, becomes: Any, repairs: list[Repair]) -> None:
    noted: list[Repair] = []
    repaired = normalise({field: written}, shape, noted.append)
    assert repaired == ({} if becomes is ABSENT else {field: becomes})
    assert noted == repairs
    assert all(type(repaired[name]) is type(becomes) for name in repaired)


@pytest.mark.parametrize(
    ("written", "repairs"),
    [
        ({"verdi": "03", "fraDato": "20180219", "tull": 1}, ["text-to-number", "date-form", "unknown-field"]),
        ({"verdi": 3, "fraDato": "2018-02-19"}, []),
    ],
)
def test_each_repair_is_noted_once_for_each_field(written: dict[str, Any], repairs: list[Repair]) -> None:
    noted: list[Repair] = []
    assert normalise(written, Funksjon, noted.append) == {"verdi": 3, "fraDato": "2018-02-19"}
    assert noted == repairs


def test_what_has_been_put_right_needs_no_more_of_it() -> None:
    noted: list[Repair] = []
    once = normalise({"verdi": " 03", "fraDato": "1.2.2018", "tilDato": ""}, Funksjon, noted.append)
    noted.clear()
    assert normalise(once, Funksjon, noted.append) == once
    assert noted == []


def test_the_original_is_left_as_it_was() -> None:
    written = {"ident": {"nummer": " 14833800842 "}, "x": 1}
    normalise(written, PersonInn, lambda _: None)
    assert written == {"ident": {"nummer": " 14833800842 "}, "x": 1}
