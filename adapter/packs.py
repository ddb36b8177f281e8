"""Year packs from their folders: TOML in, `YearPack` out; whatever is wrong names the file, the key and the remedy.

A pack is looked for in the municipality's own folder of packs first, then among the shipped ones (schemas/README.md).
"""

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from adapter.domain.pack_check import CODED_FIELDS, content_checks
from adapter.domain.places import HEADINGS, Places, parse_places
from adapter.domain.yearpack import (
    Antakelser,
    Frister,
    Grenser,
    Kodeverdi,
    Kontrolltall,
    Meldingsformat,
    Mottaker,
    Tjenestetype,
    YearPack,
)
from adapter.shipped import shipped

PackCode: TypeAlias = Literal[
    "no-pack",
    "unreadable",
    "not-toml",
    "key-in-two-files",
    "unknown-key",
    "missing-key",
    "wrong-type",
    "wrong-year",
    "inconsistent",
    "no-schema-file",
    "unknown-override",
    "wrong-override",
    "places-unreadable",
]
PACK_CODES: tuple[PackCode, ...] = get_args(PackCode)

_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "": YearPack,
    "melding": Meldingsformat,
    "mottaker": Mottaker,
    "frister": Frister,
    "tjenestetyper": Tjenestetype,
    "funksjonstyper": Kodeverdi,
    "antakelser": Antakelser,
    "grenser": Grenser,
    "kontrolltall": Kontrolltall,
}


class PackError(ValueError):
    """A pack that cannot be used. `code` is for programs and stays; `text` is for the one who must act."""

    def __init__(self, code: PackCode, text: str) -> None:
        super().__init__(f"[{code}] {text}")
        self.code = code
        self.text = text


def load_pack(year: int, extra: Path | None = None, overrides: Mapping[str, object] | None = None) -> YearPack:
    """The pack of a year, whole and consistent, its schema files in place. Raises `PackError`.

    `extra` is a folder with packs of one's own, one folder a year. `overrides` are settings of `Antakelser` by name.
    """
    folder = pack_folder(year, extra)
    pack = read_pack(folder, overrides)
    if pack.aar != year:
        raise PackError("wrong-year", f"{folder / 'pack.toml'} says aar = {pack.aar}: correct it, or rename the folder")
    for check in content_checks(pack):
        if not check.ok:
            raise PackError("inconsistent", f"{folder}: {check.text} (iplos-adapter year check {folder})")
    for path in schema_files(folder, pack).values():
        if not path.is_file():
            raise PackError("no-schema-file", missing_schema(folder, path))
    return pack


def pack_folder(year: int, extra: Path | None = None) -> Path:
    """The folder the year's pack lies in; names of schema files are relative to it. Raises `PackError`."""
    folders = available_years(extra)
    if year not in folders:
        where = extra or "a folder of your own"
        raise PackError(
            "no-pack",
            f"there is no year pack for {year}; there is one for {', '.join(map(str, folders)) or 'no year'}. "
            f"Put one in {where} as {year}/pack.toml and name that folder in the setting `pakker` (schemas/README.md)",
        )
    return folders[year]


def available_years(extra: Path | None = None) -> dict[int, Path]:
    """The years there are packs for, in order, with their folders. Raises `PackError` when `extra` is no folder."""
    if extra is not None and not extra.is_dir():
        raise PackError("unreadable", f"{extra}: no such folder; correct the setting `pakker`, or leave it empty")
    found: dict[int, Path] = {}
    for root in (shipped("schemas"), extra):
        if root is not None:
            found |= {int(path.parent.name): path.parent for path in root.glob("[0-9][0-9][0-9][0-9]/pack.toml")}
    return dict(sorted(found.items()))


def read_pack(folder: Path, overrides: Mapping[str, object] | None = None) -> YearPack:
    """The pack in a folder as it is written, typed but not yet checked for sense. Raises `PackError`."""
    tree, source = _read_tables(folder)
    try:
        pack = msgspec.convert(tree, YearPack)
    except msgspec.ValidationError as error:
        raise _explained(str(error), folder, source) from None
    _fields_of_the_event(pack, source.get("opplysningskoder", folder))
    return _overridden(pack, overrides) if overrides else pack


def schema_files(folder: Path, pack: YearPack) -> dict[str, Path]:
    """The pack's XSD files by the name of their key in [melding]; none in a pack without a format."""
    if pack.melding is None:
        return {}
    named = msgspec.structs.asdict(pack.melding)
    return {key: (folder / name).resolve() for key, name in named.items() if key.startswith("xsd_")}


def missing_schema(folder: Path, path: Path) -> str:
    """What to do about a schema file that is not there."""
    return (
        f"{folder / 'pack.toml'}, [melding]: there is no file {path}. Paths are relative to the pack's folder; "
        "a pack outside schemas/ needs its own copy of schemas/felles beside it"
    )


def load_places(folder: Path | None = None) -> Places:
    """The dated tables of municipalities and districts. Raises `PackError`."""
    folder = folder or shipped("schemas") / "felles"
    try:
        kommuner, endringer, bydeler = ((folder / f"{name}.csv").read_text("utf-8") for name in HEADINGS)
        return parse_places(kommuner, endringer, bydeler)
    except (OSError, ValueError) as error:
        raise PackError("places-unreadable", f"{folder}: {error}") from None


def _read_tables(folder: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    """pack.toml and the tables it names as one tree, and which file each key came from."""
    tree = _read_toml(folder / "pack.toml")
    source = dict.fromkeys(tree, folder / "pack.toml")
    tables = tree.pop("tabeller", [])
    if not isinstance(tables, list) or not all(isinstance(name, str) for name in tables):
        raise PackError("wrong-type", f"{folder / 'pack.toml'}: `tabeller` is a list of file names")
    for name in tables:
        for key, value in _read_toml(folder / name).items():
            if key in source:
                raise PackError("key-in-two-files", f"`{key}` stands in {source[key]} and in {folder / name}: keep one")
            tree[key], source[key] = value, folder / name
    return tree, source


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PackError("unreadable", f"{path}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError("not-toml", f"{path} is not TOML: {error}") from None


def _explained(message: str, folder: Path, source: Mapping[str, Path]) -> PackError:
    """The sentence of msgspec with the file, the key and what to do."""
    problem, _, at = message.partition(" - at `$")
    path = at.rstrip("`").lstrip(".")
    section = path.partition(".")[0].partition("[")[0]
    file = source.get(section, folder / "pack.toml")
    key = problem.split("`")[1] if "`" in problem else ""
    if "unknown field" in problem:
        full = f"{path}.{key}" if path else key
        known = _SECTIONS[section].__struct_fields__ + (() if section else ("tabeller",))
        return PackError("unknown-key", f"{source.get(key, file)}: unknown key `{full}`; {nearest(key, known)}")
    if "missing required field" in problem:
        full = f"{path}.{key}" if path else key
        return PackError("missing-key", f"{file}: `{full}` is missing; see the pack for 2018 for what it holds")
    return PackError("wrong-type", f"{file}: `{path}`: {problem[:1].lower()}{problem[1:]}")


def nearest(name: str, known: Iterable[str]) -> str:
    """The remedy for a misspelt name."""
    near = get_close_matches(name, names := sorted(known), n=1)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(names)}"


def _fields_of_the_event(pack: YearPack, file: Path) -> None:
    """Every coded field of Personopplysning has its list, and no other name has one."""
    for name in pack.opplysningskoder:
        if name not in CODED_FIELDS:
            text = f"{file}: unknown key `opplysningskoder.{name}`; {nearest(name, CODED_FIELDS)}"
            raise PackError("unknown-key", text)
    for name in CODED_FIELDS:
        if name not in pack.opplysningskoder:
            raise PackError("missing-key", f"{file}: `opplysningskoder.{name}` is missing; list the codes it may have")


def _overridden(pack: YearPack, overrides: Mapping[str, object]) -> YearPack:
    known = Antakelser.__struct_fields__
    for name in overrides:
        if name not in known:
            raise PackError(
                "unknown-override", f"antakelser.{pack.aar}.{name}: unknown setting; {nearest(name, known)}"
            )
    try:
        # Lax, because a setting from the environment is text.
        antakelser = msgspec.convert({**msgspec.structs.asdict(pack.antakelser), **overrides}, Antakelser, strict=False)
    except msgspec.ValidationError as error:
        problem, _, at = str(error).partition(" - at `$.")
        name = at.rstrip("`")
        text = f"antakelser.{pack.aar}.{name} is {overrides.get(name)!r}: {problem[:1].lower()}{problem[1:]}"
        raise PackError("wrong-override", text) from None
    return msgspec.structs.replace(pack, antakelser=antakelser)
