"""`iplos-adapter year`, with the shipped packs and with a made-up year in a folder of one's own."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapter.cli.year import app
from adapter.domain.pack_check import CODED_FIELDS
from adapter.packs import load_pack

CODES = "\n".join(f"{name} = [1, 2, 9]" for name in CODED_FIELDS)

PACK = f"""
aar = 2030
pakkeversjon = "egen-1"
tittel = "Et oppdiktet år"
tabeller = ["koder.toml"]

[melding]
versjon = "9.0"
navnerom = "urn:eksempel:fag"
ident_versjon = "60"
ident_navnerom = "urn:eksempel:ident"
meldingstype_fag = "KPR_IPL"
meldingstype_ident = "KPR_IDE"
xsd_fag = "fag.xsd"
xsd_ident = "ident.xsd"
xsd_hode = "hode.xsd"
xsd_sending_fag = "hode.xsd"
xsd_sending_ident = "hode.xsd"

[frister]
innsending_fra = 2031-01-02
innsending_til = 2031-01-15

[antakelser]
mottar_nei = 9

[kontrolltall]
tjenestetyper = 2
funksjonstyper = 1
opplysningskoder = {len(CODED_FIELDS)}
"""

KODER = f"""
tjenestetyper = [
  {{ kode = 15, navn = "Helsetjenester i hjemmet", gruppe = "hjemme", orgnummer = "skal", timer = true }},
  {{ kode = 40, navn = "Noe helt nytt", gruppe = "teknologi", orgnummer = "ukjent" }},
]
funksjonstyper = [{{ kode = 1, navn = "Sosial deltakelse" }}]
funksjonsverdier = [1, 2, 3, 4, 5, 9]
[opplysningskoder]
{CODES}
"""


def xsd(namespace: str, root: str, version: str) -> str:
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}">'
        f'<xs:element name="{root}"><xs:complexType>'
        f'<xs:attribute name="versjon" type="xs:string" use="required" fixed="{version}"/>'
        "</xs:complexType></xs:element></xs:schema>"
    )


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of packs with a sound one for 2030."""
    folder = tmp_path / "2030"
    folder.mkdir()
    (folder / "pack.toml").write_text(PACK, "utf-8")
    (folder / "koder.toml").write_text(KODER, "utf-8")
    (folder / "fag.xsd").write_text(xsd("urn:eksempel:fag", "Fag", "9.0"), "utf-8")
    (folder / "ident.xsd").write_text(xsd("urn:eksempel:ident", "Ident", "60"), "utf-8")
    (folder / "hode.xsd").write_text(xsd("urn:eksempel:hode", "Hode", "1"), "utf-8")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "200"})


def run_json(*arguments: str | Path) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def failed(*arguments: str | Path) -> dict[str, str]:
    result = run("check", *arguments, "--json")
    assert result.exit_code == 1, result.output
    return {one["id"]: one["text"] for one in json.loads(result.stdout)["checks"] if not one["ok"]}


def test_all_shipped_packs_are_sound() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert lines[-1] == f"{len(lines) - 1} checks, 0 failed"
    assert {line.split()[1] for line in lines[:-1]} == {"2018", "2019", "2020", "2021"}


def test_2018_is_looked_at_by_two_readers_of_schemas() -> None:
    ids = {one["id"] for one in run_json("check", "2018")["checks"]}
    schemas = ("xsd_fag", "xsd_ident", "xsd_hode", "xsd_sending_fag", "xsd_sending_ident")
    assert {f"{schema}-{reader}" for schema in schemas for reader in ("libxml2", "xmlschema")} <= ids


def test_a_year_of_ones_own_is_loaded_checked_and_compared(own: Path) -> None:
    pack = load_pack(2030, own)
    assert (pack.tittel, [kind.kode for kind in pack.tjenestetyper]) == ("Et oppdiktet år", [15, 40])
    for named in (("2030", "--packs", own), (own / "2030",)):
        assert run("check", *named).exit_code == 0, run("check", *named).output
    differences = run_json("diff", "2018", "2030", "--packs", own)
    assert {"part": "melding", "kind": "changed", "key": "versjon", "before": "3.5", "after": "9.0"} in differences
    added = [one["key"] for one in differences if one["part"] == "tjenestetyper" and one["kind"] == "added"]
    assert added == ["40"]
    assert [one["year"] for one in run_json("list", "--packs", own)] == [2018, 2019, 2020, 2021, 2030]


@pytest.mark.parametrize(
    ("file", "old", "new", "check_id", "says"),
    [
        ("koder.toml", "kode = 40", "kode = 15", "service-codes", "15 stands 2 times"),
        ("koder.toml", '"Noe helt nytt"', '""', "service-codes-labels", "code 40 has no label"),
        ("koder.toml", "gruppe =", "grupp =", "loads", "[unknown-key]"),
        ("pack.toml", "tjenestetyper = 2", "tjenestetyper = 3", "total-tjenestetyper", "2 tjenestetyper, not 3"),
        ("pack.toml", "2031-01-02", "2030-01-02", "deadlines", "must be in 2031"),
        ("pack.toml", "aar = 2030", "aar = 2029", "folder-is-the-year", "named 2030 and says aar = 2029"),
        ("pack.toml", '"fag.xsd"', '"borte.xsd"', "xsd_fag", "there is no file"),
        ("pack.toml", 'versjon = "9.0"', 'versjon = "9.1"', "xsd_fag-version", "version is 9.0, the pack says 9.1"),
        ("fag.xsd", "urn:eksempel:fag", "urn:annet", "xsd_fag-namespace", "namespace is urn:annet"),
        ("fag.xsd", "xs:string", "xs:sstring", "xsd_fag-libxml2", "sstring"),
        ("fag.xsd", "xs:string", "xs:sstring", "xsd_fag-xmlschema", "fag.xsd: "),
        ("fag.xsd", "</xs:schema>", "", "xsd_fag-libxml2", "fag.xsd: "),
        ("fag.xsd", "</xs:schema>", "", "xsd_fag-xmlschema", "fag.xsd: "),
    ],
)
def test_a_broken_pack_fails_the_check_that_is_about_it(
    own: Path, file: str, old: str, new: str, check_id: str, says: str
) -> None:
    path = own / "2030" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = failed(own / "2030")
    assert says in found[check_id]


def test_a_schema_may_not_bring_entities(own: Path) -> None:
    path = own / "2030" / "fag.xsd"
    path.write_text(f'<!DOCTYPE x [<!ENTITY a "b">]>{path.read_text("utf-8")}', "utf-8")
    assert "xsd_fag-xmlschema" in failed(own / "2030")


def test_checking_nothing_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapter.cli.year.available_years", lambda _: {})
    result = run("check")
    assert result.exit_code == 1
    assert "nothing was checked" in result.stderr
    assert run_json("check") == {"ok": False, "failed": 0, "checks": []}


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "2031"),
        ("check", "nowhere"),
        ("check", "--packs", "nowhere"),
        ("list", "--packs", "nowhere"),
        ("diff", "2018"),
        ("diff", "2018", "2031"),
        ("sjekk",),
    ],
)
def test_a_question_that_is_not_understood_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [("list",), ("diff", "2018", "2030")])
def test_a_pack_that_cannot_be_read_is_exit_code_1(own: Path, arguments: tuple[str, ...]) -> None:
    (own / "2030" / "koder.toml").unlink()
    result = run(*arguments, "--packs", own)
    assert result.exit_code == 1
    assert "[unreadable]" in result.stderr


def test_the_list_says_what_each_year_lacks() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "2019, 2020, 2021: Skjemaet for melding 3.7" in result.stdout
    rows = {row["year"]: row for row in run_json("list")}
    assert rows[2018]["complete"] is True
    assert rows[2019]["complete"] is False


def test_the_differences_are_shown_as_a_table() -> None:
    result = run("diff", "2018", "2019")
    assert result.exit_code == 0
    assert "Omsorgsbolig" in result.stdout
    assert run("diff", "2018", "2018").stdout == "no differences\n"
    assert run_json("diff", "2018", "2018") == []
