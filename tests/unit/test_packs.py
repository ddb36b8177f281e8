"""Year packs: the shipped ones hold what the sources say, and a pack with a mistake says where and what to do."""

import shutil
from datetime import date
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from adapter.domain.yearpack import Plikt, YearPack
from adapter.packs import PACK_CODES, PackError, available_years, load_pack, load_places, pack_folder, schema_files
from adapter.shipped import shipped

SCHEMAS = Path(__file__).parents[2] / "schemas"

HOME, INSTITUTION, HOUSING, COERCION, TECHNOLOGY = "hjemme", "institusjon", "bolig", "tvang", "teknologi"

# Table 5.1 by hand: code, in 2018, in 2021, group. A question mark there counts as «in» (they are in 2018 and in 2025).
TABLE_5_1 = [
    (1, True, True, HOME),
    (2, True, True, HOME),
    (3, True, True, HOME),
    (4, True, True, HOME),
    (5, True, True, HOME),
    (6, True, True, HOME),
    (7, True, True, HOME),
    (8, True, True, INSTITUTION),
    (9, True, True, HOME),
    (10, False, False, None),
    (11, True, True, HOME),
    (12, True, False, HOUSING),
    (13, True, False, HOUSING),
    (14, True, True, COERCION),
    (15, True, True, HOME),
    (16, True, False, HOME),
    (17, True, True, INSTITUTION),
    (18, True, True, INSTITUTION),
    (19, True, True, INSTITUTION),
    (20, True, True, INSTITUTION),
    (21, True, True, INSTITUTION),
    (22, True, True, INSTITUTION),
    (23, True, True, COERCION),
    (24, True, True, COERCION),
    (25, True, True, INSTITUTION),
    (26, True, True, TECHNOLOGY),
    (27, False, True, TECHNOLOGY),
    (28, False, True, TECHNOLOGY),
    (29, False, True, HOUSING),
]

# Section 5.3 by hand.
MUST = {1, 2, 3, 4, 8, 15, 17, 18, 19, 20, 21, 22, 25}
MAY = {5, 6, 7, 9, 11, 16}
MUST_NOT = {12, 13, 26}
NOT_MENTIONED = {14, 23, 24}


def by_duty(pack: YearPack) -> dict[str, set[int]]:
    return {duty: {kind.kode for kind in pack.tjenestetyper if kind.orgnummer == duty} for duty in get_args(Plikt)}


@pytest.fixture(scope="module")
def pack_2018() -> YearPack:
    return load_pack(2018)


@pytest.mark.parametrize(("year", "column"), [(2018, 1), (2019, 2), (2020, 2), (2021, 2)])
def test_the_service_codes_are_those_of_table_5_1(year: int, column: int) -> None:
    expected = {row[0]: row[3] for row in TABLE_5_1 if row[column]}
    assert {kind.kode: kind.gruppe for kind in load_pack(year).tjenestetyper} == expected


def test_the_organisation_number_duty_of_2018_is_that_of_5_3(pack_2018: YearPack) -> None:
    assert by_duty(pack_2018) == {"skal": MUST, "kan": MAY, "skal-ikke": MUST_NOT, "ukjent": NOT_MENTIONED}


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_later_years_leave_the_duty_of_27_and_28_open(year: int) -> None:
    assert by_duty(load_pack(year)) == {
        "skal": MUST,
        "kan": MAY - {16},
        "skal-ikke": {26, 29},
        "ukjent": NOT_MENTIONED | {27, 28},
    }


@pytest.mark.parametrize(
    ("year", "codes"), [(2018, {1, 2, 3, 4, 7, 9, 11, 15, 17, 22}), (2021, {1, 2, 3, 4, 7, 9, 11, 15, 17, 22})]
)
def test_hours_are_expected_where_statistics_norway_uses_them(year: int, codes: set[int]) -> None:
    assert {kind.kode for kind in load_pack(year).tjenestetyper if kind.timer} == codes


def test_2018_has_the_dates_of_its_round(pack_2018: YearPack) -> None:
    assert (pack_2018.start, pack_2018.slutt) == (date(2018, 1, 1), date(2018, 12, 31))
    frister = pack_2018.frister
    assert (frister.prove_fra, frister.prove_til) == (date(2018, 11, 1), date(2018, 12, 31))
    assert (frister.innsending_fra, frister.innsending_til) == (date(2019, 1, 2), date(2019, 1, 15))
    assert frister.rettelser_til == date(2019, 3, 21)


def test_2018_has_a_format_and_nothing_missing(pack_2018: YearPack) -> None:
    melding = pack_2018.melding
    assert melding is not None
    assert pack_2018.mangler == []
    assert (melding.versjon, melding.navnerom) == ("3.5", "http://www.npr.no/xmlstds/iplos/2018")
    assert (melding.ident_versjon, melding.ident_navnerom) == ("53.1.2", "http://www.npr.no/xmlstds/53_1_2_ide")
    assert (melding.meldingstype_fag, melding.meldingstype_ident) == ("KPR_IPL", "KPR_IDE")
    files = schema_files(pack_folder(2018), pack_2018)
    assert {key: path.relative_to(SCHEMAS).as_posix() for key, path in files.items()} == {
        "xsd_fag": "2018/xsd/iplos.xsd",
        "xsd_ident": "2018/xsd/ident.xsd",
        "xsd_hode": "felles/xsd/msghead.xsd",
        "xsd_sending_fag": "2018/xsd/sending-ipl.xsd",
        "xsd_sending_ident": "2018/xsd/sending-ide.xsd",
    }


def test_2018_has_the_person_codes_its_schema_lets_through(pack_2018: YearPack) -> None:
    yes_no, three, with_9 = [1, 2], [1, 2, 3], [1, 2, 9]
    assert pack_2018.opplysningskoder == {
        "husstand": three,
        "omsorg_barn": yes_no,
        "privat_hjelp": [1, 2, 3, 4, 5, 6],
        "bolig_tilrettelagt": yes_no,
        "individuell_plan": [1, 2, 3, 9],
        "har_koordinator": with_9,
        "arbeid_bistand_behov": with_9,
        "fritid_bistand_behov": with_9,
        "arbeid_bistand_mottar": three,
        "fritid_bistand_mottar": three,
        "arbeid_transport_behov": with_9,
        "fritid_transport_behov": with_9,
        "arbeid_transport_mottar": three,
        "fritid_transport_mottar": three,
        "legemiddelgjennomgang": with_9,
        "ernaring_kartlagt": with_9,
        "ernaring_risiko": with_9,
        "ernaring_plan": with_9,
    }
    assert pack_2018.opplysningskode("fritid_bistand_mottar", 9) == 3


def test_2018_writes_out_every_setting_and_limit() -> None:
    text = (SCHEMAS / "2018" / "pack.toml").read_text("utf-8")
    pack = load_pack(2018)
    for section in (pack.antakelser, pack.grenser):
        missing = [name for name in section.__struct_fields__ if f"\n{name} = " not in text]
        assert missing == []


def test_2018_has_eighteen_function_variables_and_the_scale(pack_2018: YearPack) -> None:
    assert [kind.kode for kind in pack_2018.funksjonstyper] == list(range(1, 19))
    named = {kind.kode: kind.navn for kind in pack_2018.funksjonstyper}
    assert (named[1], named[13], named[18]) == ("Sosial deltakelse", "Syn", "Ivareta egen økonomi")
    assert pack_2018.funksjonsverdier == [1, 2, 3, 4, 5, 9]


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_a_year_without_a_format_says_what_is_missing(year: int) -> None:
    pack = load_pack(year)
    assert pack.melding is None
    assert "melding 3.7" in pack.mangler[0]
    assert pack.mottaker is not None
    assert pack.mottaker.her_id == "134197"
    assert pack.frister.rettelser_til is None


def test_the_shipped_years() -> None:
    assert list(available_years()) == [2018, 2019, 2020, 2021]


def test_the_tables_of_places_are_read() -> None:
    assert load_places().name("0301", 2018) == "Oslo"


def test_a_missing_year_names_the_years_there_are() -> None:
    with pytest.raises(PackError, match="no year pack for 2031; there is one for 2018, 2019, 2020, 2021") as caught:
        load_pack(2031)
    assert caught.value.code == "no-pack"


# --- Mistakes: a copy of 2018 with one thing changed -----------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of one's own with 2018 and what it needs."""
    shutil.copytree(SCHEMAS / "2018", tmp_path / "2018")
    shutil.copytree(SCHEMAS / "felles", tmp_path / "felles")
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "says"),
    [
        (
            "pack.toml",
            "apen_funksjon =",
            "apen_funkson =",
            "unknown-key",
            "`antakelser.apen_funkson`; did you mean `apen_f",
        ),
        (
            "pack.toml",
            "pakkeversjon =",
            "paketversjon =",
            "unknown-key",
            "`paketversjon`; did you mean `pakkeversjon`?",
        ),
        ("pack.toml", "mangler =", "zzz =", "unknown-key", "`zzz`; known here: aar, antakelser"),
        (
            "tjenestetyper.toml",
            "gruppe =",
            "grupe =",
            "unknown-key",
            "tjenestetyper.toml: unknown key `tjenestetyper[0].grupe`",
        ),
        ("personopplysning.toml", "husstand =", "hustand =", "unknown-key", "hustand`; did you mean `husstand`?"),
        ("personopplysning.toml", "\nhusstand =", "\n#", "missing-key", "`opplysningskoder.husstand` is missing"),
        ("pack.toml", "\ninnsending_fra =", "\n# ", "missing-key", "`frister.innsending_fra` is missing"),
        ("pack.toml", "2019-01-02", '"2. januar"', "wrong-type", "pack.toml: `frister.innsending_fra`: "),
        ("pack.toml", 'uten_bydel = "00"', 'uten_bydel = "0"', "wrong-type", "`antakelser.bydelsnummer_uten_bydel`"),
        ("tjenestetyper.toml", '"hjemme"', '"hjem"', "wrong-type", "tjenestetyper.toml: `tjenestetyper[0].gruppe`"),
        ("pack.toml", 'tabeller = ["tjen', 'tabeller = ["ten', "unreadable", "tenestetyper.toml"),
        ("pack.toml", 'tabeller = ["tjenestetyper.toml"', "tabeller = [1", "wrong-type", "list of file names"),
        ("pack.toml", 'tittel = "', "tittel = ", "not-toml", "at line"),
        ("funksjoner.toml", "funksjonsverdier", "tittel", "key-in-two-files", "`tittel` stands in"),
        ("pack.toml", "aar = 2018", "aar = 2017", "wrong-year", "says aar = 2017"),
        ("pack.toml", "xsd/iplos.xsd", "xsd/ipplos.xsd", "no-schema-file", "copy of schemas/felles"),
        ("tjenestetyper.toml", "kode = 2,", "kode = 1,", "inconsistent", "1 stands 2 times"),
        ("tjenestetyper.toml", '"Støttekontakt"', '" "', "inconsistent", "code 9 has no label"),
        ("pack.toml", "mottar_nei = 3", "mottar_nei = 9", "inconsistent", "`mottar_nei` is 9"),
        ("pack.toml", "alder_maned = 12", "alder_maned = 6", "inconsistent", "`alder_maned` 6 has no day 31"),
        ("pack.toml", "2019-01-15", "2018-01-15", "inconsistent", "must be in 2019"),
        ("pack.toml", "2019-03-21", "2019-01-14", "inconsistent", "(2019-01-14) is before `frister.innsending_til`"),
        ("pack.toml", "mangler = []", 'mangler = ["alt"]', "inconsistent", "`mangler` says: alt"),
        ("pack.toml", "tjenestetyper = 25", "tjenestetyper = 26", "inconsistent", "25 tjenestetyper, not 26"),
        ("pack.toml", "vedtak_avslag = 2", "vedtak_avslag = 1", "inconsistent", "are the same"),
        ("pack.toml", "rullerende_nei = 2", "rullerende_nei = 1", "inconsistent", "are the same"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_remedy(
    own: Path, file: str, old: str, new: str, code: str, says: str
) -> None:
    change(own / "2018" / file, old, new)
    with pytest.raises(PackError) as caught:
        load_pack(2018, own)
    assert caught.value.code == code
    assert code in PACK_CODES
    assert says in caught.value.text


def test_a_pack_of_ones_own_wins_over_the_shipped_one(own: Path) -> None:
    change(own / "2018" / "pack.toml", 'pakkeversjon = "1"', 'pakkeversjon = "1-egen"')
    assert load_pack(2018, own).pakkeversjon == "1-egen"
    assert pack_folder(2018, own) == own / "2018"
    assert pack_folder(2019, own) == SCHEMAS / "2019"


def test_a_folder_of_packs_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="correct the setting `pakker`"):
        load_pack(2018, tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("overrides", "field", "value"),
    [
        ({"bydelsnummer_uten_bydel": "  "}, "bydelsnummer_uten_bydel", "  "),
        ({"alder_dag": "30"}, "alder_dag", 30),
        ({"send_undertype": "true"}, "send_undertype", True),
        ({"apen_diagnose": "99991231"}, "apen_diagnose", "99991231"),
    ],
)
def test_the_configuration_overrides_a_setting_and_leaves_the_rest(
    overrides: dict[str, object], field: str, value: object
) -> None:
    before = msgspec.structs.asdict(load_pack(2018).antakelser)
    assert msgspec.structs.asdict(load_pack(2018, overrides=overrides).antakelser) == {**before, field: value}


@pytest.mark.parametrize(
    ("overrides", "code", "says"),
    [
        (
            {"mottar_nie": 3},
            "unknown-override",
            "antakelser.2018.mottar_nie: unknown setting; did you mean `mottar_nei`?",
        ),
        ({"qqqq": 3}, "unknown-override", "known here: alder_dag"),
        ({"apen_funksjon": "aldri"}, "wrong-override", "antakelser.2018.apen_funksjon is 'aldri': invalid enum value"),
        ({"alder_maned": 13}, "wrong-override", "antakelser.2018.alder_maned is 13"),
        ({"mottar_nei": 9}, "inconsistent", "`mottar_nei` is 9"),
    ],
)
def test_an_override_that_cannot_be_used_says_so(overrides: dict[str, object], code: str, says: str) -> None:
    with pytest.raises(PackError) as caught:
        load_pack(2018, overrides=overrides)
    assert caught.value.code == code
    assert says in caught.value.text


def test_places_that_cannot_be_read_name_the_table(own: Path) -> None:
    change(own / "felles" / "kommuner.csv", "2016-01-01", "1.1.2016")
    with pytest.raises(PackError, match="kommuner, line 2") as caught:
        load_places(own / "felles")
    assert caught.value.code == "places-unreadable"


# --- Where the shipped folders are -----------------------------------------------------------------------------------


def test_an_installed_wheel_has_its_data_inside_the_package(tmp_path: Path) -> None:
    inside = tmp_path / "site-packages" / "adapter" / "_shipped" / "schemas"
    inside.mkdir(parents=True)
    assert shipped("schemas", inside.parents[1]) == inside


def test_a_checkout_has_it_beside_the_package() -> None:
    assert shipped("schemas") == SCHEMAS
    assert shipped("topics") == SCHEMAS.parent / "topics"


def test_somebody_elses_folder_beside_an_installed_package_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "adapter").mkdir()
    (tmp_path / "schemas").mkdir()
    with pytest.raises(FileNotFoundError, match="from its wheel, or run it from a full checkout"):
        shipped("schemas", tmp_path / "adapter")
