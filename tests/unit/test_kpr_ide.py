"""KPR_IDE: who the persons are, and nothing else about them."""

from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from adapter.domain.records import Ident
from adapter.message.kpr_ide import IPLOS_CONTACT, person
from adapter.message.kpr_ipl import Kontaktinfo
from tests.sound import tjeneste
from tests.unit.pair import (
    CONTACTS,
    MOMENT,
    SEALER,
    SETUP,
    Pair,
    build,
    elements,
    ordinary,
    row,
    state,
    who,
    with_settings,
)


def message(pair: Pair) -> etree._Element:
    (found,) = elements(pair.ide, "Melding")
    return found


def one_with(number: str, declared: str | None = None) -> tuple[str | None, str | None]:
    """fid and typeID of the only person of a message."""
    ident = SEALER.seal_ident(Ident(nummer=number, type=declared), "a")  # type: ignore[arg-type]  # what the bus lets in
    pair = build({"a": state(row(who("a", "x", ident=ident), "p"), row(tjeneste(), "t"))})
    assert pair.valid
    (found,) = elements(pair.ide, "PasientIdent")
    return found.get("fid"), found.get("typeID")


def test_the_message_tells_its_period_in_iso_dates_its_maker_and_its_number() -> None:
    found = message(build([ordinary(1)]))
    assert {str(name): str(value) for name, value in found.attrib.items()} == {
        "versjon": "53.1.2",
        "meldingstype": "B",
        "fraDatoPeriode": "2018-01-01",
        "tilDatoPeriode": "2018-12-31",
        "uttakDato": "2019-01-07",
        "leverandor": "iplos-adapter",
        "navnEPJ": "iplos-adapter",
        "versjonEPJ": found.get("versjonUt"),
        "versjonUt": found.get("versjonEPJ"),
        "lopenr": "17",
    }


def test_the_day_of_the_extract_is_the_day_of_the_run() -> None:
    pair = build([ordinary(1)], tidspunkt=MOMENT.replace(month=3, day=21))
    assert message(pair).get("uttakDato") == date(2019, 3, 21).isoformat()


def test_the_running_number_is_the_same_in_both_messages() -> None:
    pair = build([ordinary(1)], lopenr="004711")
    assert message(pair).get("lopenr") == elements(pair.ipl, "iiLopenr")[0].text == "004711"


@pytest.mark.parametrize("kind", ["B", "E"])
def test_the_kind_of_message_is_a_setting(kind: str) -> None:
    pair = build([ordinary(1)], replace(SETUP, pack=with_settings(ident_meldingstype=kind)))
    assert pair.valid
    assert message(pair).get("meldingstype") == kind


def test_every_contact_is_an_iplos_contact_as_the_format_of_the_year_has_it() -> None:
    third = Kontaktinfo(3, 'Å "Ø" & <Æ>\n', "", "c@prove.invalid")
    pair = build([ordinary(1)], replace(SETUP, kontakter=(*CONTACTS, third)))
    found = elements(pair.ide, "Kontaktperson")
    assert [one.get("typeKontaktperson") for one in found] == [str(IPLOS_CONTACT)] * 3 == ["16"] * 3
    assert [one.get("kontPerson") for one in found] == ["Kari Prøve", "Ola Prøve", 'Å "Ø" & <Æ>\n']
    assert [one.get("meldTelefon") for one in found] == ["11111111", "22222222", ""]
    assert [one.get("meldEpost1") for one in found] == ["kari@prove.invalid", "ola@prove.invalid", "c@prove.invalid"]


def test_the_institution_is_the_municipality_by_its_organisation_number() -> None:
    assert [one.get("institusjonID") for one in elements(build([ordinary(1)]).ide, "Institusjon")] == ["123456785"]


def test_a_person_is_three_values_and_no_more() -> None:
    pair = build([ordinary(1)])
    (found,) = elements(pair.ide, "PasientIdent")
    assert set(found.attrib) == {"pid", "fid", "typeID"}
    assert len(found) == 0
    assert found.get("pid") == pair.pids[0]


@pytest.mark.parametrize(
    ("number", "declared", "type_id"),
    [
        ("14833800095", "1", "1"),
        ("14833800095", None, "1"),
        ("54833800089", "1", "2"),
        ("14833800096", "1", "9"),
        ("00000000000", None, "9"),
        ("P1234567", "4", "4"),
        ("19380314-1234", "5", "5"),
        ("  12 ", "9", "9"),
        ("ukjent", None, "9"),
    ],
)
def test_the_number_stands_as_it_was_registered_with_the_type_it_proved_to_be(
    number: str, declared: str | None, type_id: str
) -> None:
    assert one_with(number, declared) == (number, type_id)


def test_a_leading_zero_is_kept() -> None:
    assert one_with("02875100117") == ("02875100117", "1")


@pytest.mark.parametrize("number", ['"/><PasientIdent pid="1', "a&b<c>'d'", "\t\n", "x" * 32])
def test_no_number_can_break_out_of_its_attribute(number: str) -> None:
    element = etree.fromstring(person(5, number, "9"))
    assert (element.get("pid"), element.get("fid"), element.get("typeID")) == ("5", number, "9")
    assert len(element.attrib) == 3
