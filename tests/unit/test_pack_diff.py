"""What changed between two years, as the diff tells it."""

from datetime import date

import pytest
from msgspec.structs import replace

from adapter.domain.pack_diff import Forskjell, diff
from adapter.domain.yearpack import Antakelser, Frister, Kodeverdi, Mottaker, Tjenestetype, YearPack
from adapter.packs import load_pack

ALARM = Tjenestetype(kode=6, navn="Trygghetsalarm", gruppe="hjemme", orgnummer="kan")
HOUSING = Tjenestetype(kode=12, navn="Omsorgsbolig", gruppe="bolig", orgnummer="skal-ikke")

ONE = YearPack(
    aar=2030,
    pakkeversjon="1",
    tittel="Et oppdiktet år",
    frister=Frister(innsending_fra=date(2031, 1, 2), innsending_til=date(2031, 1, 15)),
    tjenestetyper=[ALARM, HOUSING],
    funksjonstyper=[Kodeverdi(kode=1, navn="Sosial deltakelse")],
    funksjonsverdier=[1, 2],
    opplysningskoder={"husstand": [1, 2]},
)


def test_a_pack_does_not_differ_from_itself() -> None:
    assert diff(ONE, ONE) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"tjenestetyper": [ALARM]}, ("tjenestetyper", "removed", "12", "Omsorgsbolig", "")),
        ({"tjenestetyper": [HOUSING, ALARM]}, None),
        (
            {"tjenestetyper": [replace(ALARM, gruppe="teknologi"), HOUSING]},
            ("tjenestetyper", "changed", "6 gruppe", "hjemme", "teknologi"),
        ),
        (
            {"tjenestetyper": [replace(ALARM, timer=True), HOUSING]},
            ("tjenestetyper", "changed", "6 timer", "false", "true"),
        ),
        (
            {"funksjonstyper": [*ONE.funksjonstyper, Kodeverdi(kode=19, navn="Ny")]},
            ("funksjonstyper", "added", "19", "", "Ny"),
        ),
        ({"funksjonsverdier": [1]}, ("funksjonsverdier", "removed", "2", "", "")),
        ({"opplysningskoder": {"husstand": [1, 9]}}, ("opplysningskoder", "changed", "husstand", "1, 2", "1, 9")),
        ({"antakelser": Antakelser(mottar_nei=9)}, ("antakelser", "changed", "mottar_nei", "3", "9")),
        (
            {"frister": replace(ONE.frister, rettelser_til=date(2031, 3, 21))},
            ("frister", "added", "rettelser_til", "", "2031-03-21"),
        ),
        (
            {"frister": replace(ONE.frister, innsending_til=date(2031, 1, 20))},
            ("frister", "changed", "innsending_til", "2031-01-15", "2031-01-20"),
        ),
        ({"mottaker": Mottaker(navn="FHI")}, ("mottaker", "added", "navn", "", "FHI")),
    ],
)
def test_one_change_is_one_difference(changed: dict[str, object], expected: tuple[str, ...] | None) -> None:
    assert diff(ONE, replace(ONE, **changed)) == ([] if expected is None else [Forskjell(*expected)])  # type: ignore[arg-type]


def test_2019_removed_three_services_and_added_three() -> None:
    found = [one for one in diff(load_pack(2018), load_pack(2019)) if one.part == "tjenestetyper"]
    assert {(one.kind, one.key) for one in found} == {
        ("removed", "12"),
        ("removed", "13"),
        ("removed", "16"),
        ("added", "27"),
        ("added", "28"),
        ("added", "29"),
        ("changed", "11 navn"),
        ("changed", "26 navn"),
    }


def test_the_format_of_2018_is_gone_in_2019() -> None:
    found = [one for one in diff(load_pack(2018), load_pack(2019)) if one.part == "melding"]
    assert {one.kind for one in found} == {"removed"}
    assert ("versjon", "3.5") in {(one.key, one.before) for one in found}


def test_2019_and_2020_differ_in_deadlines_only() -> None:
    assert {one.part for one in diff(load_pack(2019), load_pack(2020))} == {"frister"}
