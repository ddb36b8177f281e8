"""KPR_IPL: the care data of a message, element by element; and every setting for what the sources leave open."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapter.domain.records import Ident, Record, Tjeneste
from adapter.domain.yearpack import YearPack
from adapter.domain.yearview import Rad
from adapter.message.kpr_ipl import OPPLYSNING_ELEMENTS, Kontaktinfo, PersonWriter, hours
from tests.sound import aar, avslag, diagnose, dogntilbud, funksjon, opplysning, person, tjeneste
from tests.unit.pair import (
    CONTACTS,
    MOMENT,
    PACK,
    SEALER,
    SETUP,
    Pair,
    build,
    elements,
    number_of,
    ordinary,
    row,
    state,
    who,
    with_settings,
)


def pair_of(*records: Record, pack: YearPack = PACK, **fields: Any) -> Pair:
    """The pair of one person with these rows; `fields` are of the person row."""
    lines = [row(record, f"r{number}") for number, record in enumerate(records)]
    pair = build({"a": state(row(who("a", number_of(1), **fields), "p"), *lines)}, replace(SETUP, pack=pack))
    assert pair.valid or pair.resultat.stoppet_av
    return pair


def cells(element: etree._Element) -> dict[str, str]:
    return {etree.QName(one).localname: one.text or "" for one in element if not len(one)}


def the(pair: Pair, name: str) -> dict[str, str]:
    """The cells of the only element of this name."""
    (found,) = elements(pair.ipl, name)
    return cells(found)


def text_of(pair: Pair, name: str) -> list[str | None]:
    return [one.text for one in elements(pair.ipl, name)]


# ---- INNHINFO -------------------------------------------------------------------------------------------------------


def test_the_content_information_tells_unit_period_maker_and_number() -> None:
    found = the(build([ordinary(1)]), "INNHINFO")
    version = found.pop("iiSysVersjon")
    assert 0 < len(version) <= 15
    assert found == {
        "iiInnhType": "P",
        "iiKomnr": "5001",
        "iiBydelsnr": "00",
        "iiFraDato": "20180101",
        "iiTilDato": "20181231",
        "iiLagetDato": "20190107",
        "iiSysID": "iplos-adapter",
        "iiLopenr": "17",
    }


def test_contacts_stand_in_the_order_of_the_configuration() -> None:
    third = Kontaktinfo(3, "Å & <Ø>", "", "c@prove.invalid")
    pair = build([ordinary(1)], replace(SETUP, kontakter=(third, *CONTACTS)))
    assert [cells(one) for one in elements(pair.ipl, "iiKontakt")] == [
        {"Type": "3", "Navn": "Å & <Ø>", "Telefon": "", "Epost": "c@prove.invalid"},
        {"Type": "1", "Navn": "Kari Prøve", "Telefon": "11111111", "Epost": "kari@prove.invalid"},
        {"Type": "2", "Navn": "Ola Prøve", "Telefon": "22222222", "Epost": "ola@prove.invalid"},
    ]


def test_the_day_it_was_made_is_the_day_of_the_run() -> None:
    assert text_of(build([ordinary(1)], tidspunkt=MOMENT.replace(month=3, day=21)), "iiLagetDato") == ["20190321"]


@pytest.mark.parametrize(
    ("utc", "day"),
    [("2019-01-01T22:59:59", "20190101"), ("2019-01-01T23:00:00", "20190102"), ("2019-03-31T22:30:00", "20190401")],
)
def test_the_day_it_was_made_is_norways(utc: str, day: str) -> None:
    pair = build([ordinary(1)], tidspunkt=datetime.fromisoformat(f"{utc}+00:00"))
    assert text_of(pair, "iiLagetDato") == [day]
    assert str(elements(pair.ide, "Melding")[0].get("uttakDato")).replace("-", "") == day


# ---- PERSON ---------------------------------------------------------------------------------------------------------


def test_a_person_has_the_fields_of_the_row_and_the_number_that_the_ident_message_has() -> None:
    pair = pair_of(tjeneste(), bydelsnummer="07", kommunenummer="0301")
    assert the(pair, "PERSON") == {
        "peAlder": "78",
        "peKjonn": "K",
        "peKomnr": "0301",
        "peBydelsnr": "07",
        "peFraDato": "20150301",
        "peEndrDato": "20180201",
    }
    assert pair.pids == list(pair.idents)


@pytest.mark.parametrize(
    ("died", "written"),
    [(date(2018, 1, 1), ["20180101"]), (date(2018, 12, 31), ["20181231"]), (date(2019, 1, 1), []), (None, [])],
)
def test_a_death_is_told_when_it_came_within_the_year(died: date | None, written: list[str]) -> None:
    assert text_of(pair_of(tjeneste(), dod_dato=died), "peDodDato") == written


def test_age_and_sex_are_read_from_the_number_when_the_row_has_none() -> None:
    ident = SEALER.seal_ident(Ident(nummer="14833800095"), "a")
    pair = pair_of(tjeneste(), fodselsdato=None, kjonn=None, ident=ident)
    assert (text_of(pair, "peAlder"), text_of(pair, "peKjonn")) == (["80"], ["K"])


@pytest.mark.parametrize(
    ("month", "day", "born", "age"),
    [
        (12, 31, date(1940, 12, 31), "78"),
        (12, 31, date(1940, 1, 1), "78"),
        (1, 1, date(1940, 1, 1), "78"),
        (1, 1, date(1940, 1, 2), "77"),
        (7, 1, date(1940, 7, 2), "77"),
        (2, 28, date(1940, 2, 29), "77"),
        (3, 1, date(1940, 2, 29), "78"),
        (12, 31, date(2018, 12, 31), "0"),
    ],
)
def test_the_day_age_is_counted_at_is_a_setting(month: int, day: int, born: date, age: str) -> None:
    pack = with_settings(alder_maned=month, alder_dag=day)
    assert text_of(
        pair_of(tjeneste(fra_dato=date(2018, 12, 31), til_dato=None), pack=pack, fodselsdato=born), "peAlder"
    ) == [age]


@pytest.mark.parametrize("stand_in", ["00", "  ", "99"])
def test_what_stands_where_there_is_no_district_is_a_setting(stand_in: str) -> None:
    pair = pair_of(tjeneste(), pack=with_settings(bydelsnummer_uten_bydel=stand_in))
    assert (text_of(pair, "iiBydelsnr"), text_of(pair, "peBydelsnr")) == ([stand_in], [stand_in])


@pytest.mark.parametrize(
    ("setting", "field", "element"),
    [("mangler_fra_dato", "fra_dato", "peFraDato"), ("mangler_endret_dato", "endret_dato", "peEndrDato")],
)
def test_a_missing_date_has_the_first_day_of_the_year_or_holds_the_person_back(
    setting: str, field: str, element: str
) -> None:
    filled = pair_of(tjeneste(), pack=with_settings(**{setting: "periodestart"}), **{field: None})
    assert text_of(filled, element) == ["20180101"]
    held = pair_of(tjeneste(), pack=with_settings(**{setting: "hold-tilbake"}), **{field: None})
    assert held.pids == []
    assert held.resultat.holdt_etter_regel == {"X2": 1}
    present = pair_of(tjeneste(), pack=with_settings(**{setting: "hold-tilbake"}))
    assert len(present.pids) == 1


# ---- TJENESTE -------------------------------------------------------------------------------------------------------

FULL = tjeneste(
    tjenestetype=7,
    undertype=4,
    vedtak_rad=3,
    rest_timer_per_uke=1.25,
    rullerende=True,
    klage_mottatt_dato=date(2018, 2, 10),
    klage_besvart_dato=date(2018, 3, 15),
)


def test_a_service_with_every_field_leaves_out_only_what_nobody_knows_the_meaning_of() -> None:
    assert the(pair_of(FULL), "TJENESTE") == {
        "tjTjenType": "7",
        "tjSoknadDato": "20180108",
        "tjVedtDato": "20180120",
        "tjVedtak": "1",
        "tjTimerUke": "3.5",
        "tjRullerende": "1",
        "tjInstOrgnr": "123456785",
        "tjFraDato": "20180201",
        "tjTilDato": "20180630",
        "tjKlageMottatt": "20180210",
        "tjKlageBesvart": "20180315",
    }


@pytest.mark.parametrize(
    ("setting", "element", "value"),
    [("send_undertype", "tjTjenUnderType", "4"), ("send_rest_timer", "tjResTimerUke", "1.25")],
)
def test_what_nobody_knows_the_meaning_of_can_be_sent_by_a_setting(setting: str, element: str, value: str) -> None:
    assert element not in the(pair_of(FULL, pack=with_settings(**{setting: False})), "TJENESTE")
    assert the(pair_of(FULL, pack=with_settings(**{setting: True})), "TJENESTE")[element] == value


def test_a_bare_service_is_type_and_decision() -> None:
    bare = Tjeneste(tjenestetype=6, vedtak_dato=date(2018, 5, 2), fra_dato=date(2018, 5, 2))
    assert the(pair_of(bare), "TJENESTE") == {"tjTjenType": "6", "tjVedtDato": "20180502", "tjFraDato": "20180502"}


def test_a_refusal_says_so_and_has_no_service_dates() -> None:
    found = the(pair_of(avslag()), "TJENESTE")
    assert found["tjVedtak"] == "2"
    assert not {"tjFraDato", "tjTilDato", "tjTimerUke", "tjInstOrgnr"} & set(found)


@pytest.mark.parametrize(("granted", "refused"), [(1, 2), (2, 1)])
def test_the_codes_of_granted_and_refused_are_settings(granted: int, refused: int) -> None:
    pack = with_settings(vedtak_innvilget=granted, vedtak_avslag=refused)
    pair = pair_of(tjeneste(vedtak_id="a"), avslag(vedtak_id="b"), tjeneste(vedtak_id="c", vedtak=None), pack=pack)
    assert text_of(pair, "tjVedtak") == [str(granted), str(refused)]


@pytest.mark.parametrize(("yes", "no"), [(1, 2), (2, 1)])
def test_the_codes_of_rolling_stays_are_settings(yes: int, no: int) -> None:
    pack = with_settings(rullerende_ja=yes, rullerende_nei=no)
    rows = [tjeneste(vedtak_id=name, rullerende=rolling) for name, rolling in (("a", True), ("b", False), ("c", None))]
    assert text_of(pair_of(*rows, pack=pack), "tjRullerende") == [str(yes), str(no)]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.01, "0.01"),
        (0.1, "0.1"),
        (7.5, "7.5"),
        (10.0, "10"),
        (100.0, "100"),
        (168.0, "168"),
        (168.25, "168.25"),
        (999.99, "999.99"),
        (7.505, None),
        (0.1 + 0.2, None),
        (1e-10, None),
        (-1.0, None),
        (-0.01, None),
        (999.995, None),
        (1000.0, None),
        (1e5, None),
        (None, None),
    ],
)
def test_hours_are_written_exactly_or_not_at_all(value: float | None, written: str | None) -> None:
    assert hours(value) == written


@given(st.integers(0, 99_999))
def test_every_number_of_hours_the_format_has_room_for_is_written_in_full(hundredths: int) -> None:
    text = hours(hundredths / 100)
    assert text is not None
    assert round(float(text) * 100) == hundredths
    assert len(text.replace(".", "")) <= 5
    assert not text.startswith("-")


@pytest.mark.parametrize(
    ("value", "sent", "rules"),
    [
        (168.0, "168", set()),
        (168.25, "held", {"S6"}),
        (1000.0, "held", {"S6"}),
        (7.505, "left out", {"X7"}),
        (-1.0, "left out", {"X7"}),
        (0.0, "0", set()),
    ],
)
def test_hours_by_the_rules(value: float, sent: str, rules: set[str]) -> None:
    pair = pair_of(tjeneste(timer_per_uke=value), funksjon())
    found = {"held": [], "left out": [None]}.get(sent, [sent])
    assert [cells(one).get("tjTimerUke") for one in elements(pair.ipl, "TJENESTE")] == found
    assert {funn.rule for _, funn in pair.funn if funn.kind == "tjeneste"} == rules


# ---- decisions and their rows ---------------------------------------------------------------------------------------


def decisions(*services: Tjeneste) -> list[tuple[str, int, int]]:
    """(orgnummer as a mark, tjVeID, tjVeNrID) in the order of the message."""
    pair = pair_of(*services)
    return [
        (cells(one)["tjInstOrgnr"], int(str(one.get("tjVeID"))), int(str(one.get("tjVeNrID"))))
        for one in elements(pair.ipl, "TJENESTE")
    ]


def part(mark: str, vedtak_id: str | None, vedtak_rad: int | None, start: int = 1) -> Tjeneste:
    return tjeneste(orgnummer=mark, vedtak_id=vedtak_id, vedtak_rad=vedtak_rad, fra_dato=date(2018, 2, start))


def test_the_rows_of_a_decision_keep_the_numbers_the_journal_gave_them() -> None:
    assert decisions(part("c", "v", 7), part("a", "v", 1), part("b", "v", 3)) == [("a", 1, 1), ("b", 1, 3), ("c", 1, 7)]


def test_rows_without_a_number_are_counted_by_their_start() -> None:
    assert decisions(part("c", "v", None, 9), part("a", "v", None, 2), part("b", "v", None, 5)) == [
        ("a", 1, 1),
        ("b", 1, 2),
        ("c", 1, 3),
    ]


def test_two_rows_with_one_number_are_told_apart() -> None:
    assert decisions(part("b", "v", 2, 5), part("a", "v", 2, 1), part("c", "v", 3, 1)) == [
        ("a", 1, 2),
        ("b", 1, 3),
        ("c", 1, 4),
    ]


def test_every_row_without_a_decision_is_a_decision_of_its_own() -> None:
    assert decisions(part("a", None, None), part("b", None, 4), part("c", "v", 1)) == [
        ("a", 1, 1),
        ("b", 2, 4),
        ("c", 3, 1),
    ]


def test_decisions_of_the_same_name_of_two_persons_are_two() -> None:
    states = {
        key: state(row(who(key, number_of(serial)), "p"), row(tjeneste(vedtak_id="v"), "t"))
        for serial, key in enumerate("abc")
    }
    assert [one.get("tjVeID") for one in elements(build(states).ipl, "TJENESTE")] == ["1", "2", "3"]


parts_of_decisions = st.lists(
    st.tuples(st.sampled_from([None, "v1", "v2", "v3"]), st.none() | st.integers(1, 4) | st.just(32767)), max_size=9
)


@given(parts_of_decisions)
def test_row_numbers_of_a_decision_grow_and_never_fall_below_the_journals(
    drawn: list[tuple[str | None, int | None]],
) -> None:
    services = [tjeneste(vedtak_id=name, vedtak_rad=number) for name, number in drawn]
    view = aar(person(), *sorted(services, key=lambda one: (one.vedtak_id or "", one.vedtak_rad or 0)))
    written = etree.fromstring(PersonWriter(PACK).person(view, person(), 1))
    found = [(int(str(one.get("tjVeID"))), int(str(one.get("tjVeNrID")))) for one in written.iter("TJENESTE")]
    assert len(set(found)) == len(found) == len(drawn)
    assert found == sorted(found)
    for (_, number), rad in zip(found, view.tjenester, strict=True):
        assert number >= (rad.innhold.vedtak_rad or 1)
    by_decision: dict[int, set[str | None]] = {}
    for (decision, _), rad in zip(found, view.tjenester, strict=True):
        by_decision.setdefault(decision, set()).add(rad.innhold.vedtak_id)
    assert all(len(names) == 1 for names in by_decision.values())
    named = [names for names in by_decision.values() if names != {None}]
    assert len(named) == len({rad.innhold.vedtak_id for rad in view.tjenester} - {None})


# ---- ids of rows ----------------------------------------------------------------------------------------------------

ROW_IDS = ("poPoID", "fnFnID", "tjTjID", "diDiID", "dgDgID")
OWNERS = ("poPeID", "fnPeID", "tjPeID", "diPeID", "dgPeID")


def test_every_row_of_the_message_has_an_id_of_its_own_and_names_its_person() -> None:
    pair = build(
        ordinary(
            serial,
            row(funksjon(), f"f{serial}"),
            row(diagnose(), f"d{serial}"),
            row(dogntilbud(), f"s{serial}"),
            row(opplysning(), f"o{serial}"),
        )
        for serial in range(205)
    )
    ids = []
    for element in pair.persons:
        for child in element:
            ids += [int(str(child.get(name))) for name in ROW_IDS if child.get(name)]
            owner = [child.get(name) for name in OWNERS if child.get(name)]
            assert owner in ([], [element.get("pePeID")])
    assert sorted(ids) == list(range(1, 205 * 5 + 1))


def test_the_writer_counts_on_from_person_to_person() -> None:
    writer = PersonWriter(PACK)
    view = aar(person(), tjeneste(), funksjon())
    written = writer.person(view, person(), 1) + writer.person(view, person(), 2)
    found = [one.split('"')[1] for one in written.split("ID=") if one.startswith('"')]
    assert len(found) == 2 + 2 * (2 + 4)
    assert 'fnFnID="1"' in written
    assert 'tjTjID="2" tjVeID="1"' in written
    assert 'fnFnID="3"' in written
    assert 'tjTjID="4" tjVeID="2"' in written


# ---- PERSONOPPL -----------------------------------------------------------------------------------------------------


def test_every_field_of_the_record_has_an_element_in_the_order_of_the_format() -> None:
    assert sorted(field for _, field in OPPLYSNING_ELEMENTS) == sorted(opplysning().__struct_fields__)


def test_codes_that_the_year_does_not_have_are_left_out_and_told_and_the_rest_is_sent() -> None:
    pair = pair_of(opplysning(husstand=4, individuell_plan=3, vurdert_lege="2018-02", vurdert_tannhelse="2017-12"))
    assert the(pair, "PERSONOPPL") == {
        "poVurdTann": "201712",
        "poVurdLege": "201802",
        "poIndPlan": "3",
        "poFraDato": "20180115",
    }
    assert [funn.rule for _, funn in pair.funn if funn.kind == "personopplysning"] == ["X7"]


def test_a_set_in_which_nothing_can_be_sent_is_an_empty_set() -> None:
    assert the(pair_of(opplysning(husstand=8, fra_dato=None)), "PERSONOPPL") == {}


RECEIVED = ("arbeid_bistand_mottar", "fritid_bistand_mottar", "arbeid_transport_mottar", "fritid_transport_mottar")


@pytest.mark.parametrize("field", RECEIVED)
def test_no_to_what_is_received_is_the_schemas_no_whichever_way_it_was_written(field: str) -> None:
    for code, written in ((1, "1"), (2, "2"), (3, "3"), (9, "3")):
        found = the(pair_of(opplysning(**{field: code, "husstand": None, "fra_dato": None})), "PERSONOPPL")
        assert list(found.values()) == [written]


def test_a_year_whose_schema_has_nine_for_no_writes_nine_for_both() -> None:
    lists = PACK.opplysningskoder | {field: [1, 2, 9] for field in RECEIVED}
    later = msgspec.structs.replace(
        PACK, opplysningskoder=lists, antakelser=msgspec.structs.replace(PACK.antakelser, mottar_nei=9)
    )
    for code in (3, 9):
        view = aar(person(), opplysning(husstand=None, arbeid_bistand_mottar=code))
        assert "<poArbBistMottar>9<" in PersonWriter(later).person(view, person(), 1)


# ---- open ends ------------------------------------------------------------------------------------------------------

OPEN = [
    ("apen_funksjon", funksjon(til_dato=None), "fnTilDato"),
    ("apen_diagnose", diagnose(til_dato=None), "diTilDato"),
    ("apent_dogntilbud", dogntilbud(til_dato=None), "dgTilDato"),
]


@pytest.mark.parametrize(("setting", "record", "element"), OPEN, ids=[one[0] for one in OPEN])
@pytest.mark.parametrize(("policy", "written"), [("periodeslutt", "20181231"), ("99991231", "99991231")])
def test_what_is_open_ends_as_the_setting_says(
    setting: str, record: Record, element: str, policy: str, written: str
) -> None:
    others = {name: "periodeslutt" if policy == "99991231" else "99991231" for name, _, _ in OPEN if name != setting}
    pair = pair_of(record, pack=with_settings(**{setting: policy}, **others))
    assert text_of(pair, element) == [written]


@pytest.mark.parametrize(("setting", "record", "element"), OPEN, ids=[one[0] for one in OPEN])
def test_an_end_that_was_registered_stands(setting: str, record: Record, element: str) -> None:
    ended = msgspec.structs.replace(record, til_dato=date(2018, 6, 1))
    assert text_of(pair_of(ended, pack=with_settings(**{setting: "99991231"})), element) == ["20180601"]


def test_an_open_service_stays_open() -> None:
    assert "tjTilDato" not in the(pair_of(tjeneste(til_dato=None)), "TJENESTE")


# ---- DIAGNOSE -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kode", ["P70", "F00.1", "<&>\"'", "]]>", "æøåÆØÅ", "ten chars!"])
def test_a_diagnosis_code_stands_as_it_was_written(kode: str) -> None:
    found = the(pair_of(diagnose(kode=kode, kodeverk="ICD-10")), "DIAGNOSE")
    assert (found["diKodeVersjon"], found["diDiagKode"]) == ("ICD-10", kode)


def test_rows_stand_in_the_order_of_the_format_whatever_order_they_came_in() -> None:
    pair = pair_of(dogntilbud(), diagnose(), tjeneste(), funksjon(), opplysning())
    names = [etree.QName(one).localname for one in pair.persons[0] if len(one)]
    assert names == ["PERSONOPPL", "FUNKSJON", "TJENESTE", "DIAGNOSE", "DOGNTILBUD"]


def test_a_row_is_no_part_of_a_view_of_another_kind() -> None:
    assert isinstance(aar(person(), tjeneste()).tjenester[0], Rad)
