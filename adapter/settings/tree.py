"""Settings before they are typed: a tree from the file and the environment, and what is wrong with it.

Knows no setting by name; the shape it is held against is a msgspec Struct.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from adapter.settings.secret import Secret

ENV_PREFIX = "IPLOS_"


class ConfigError(ValueError):
    """The configuration cannot be used; the text names setting, value and remedy."""


# Settings that stand in no section; any other IPLOS_X without a section belongs to somebody else.
_WITHOUT_SECTION = frozenset(f"{ENV_PREFIX}{name.upper()}" for name in ("nokkelfil", "pakker"))


def read_file(path: Path | None) -> dict[str, Any]:
    """What the file says, as it says it. Raises `ConfigError`."""
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; start from what `iplos-adapter config example` prints") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML: {error}") from None


def in_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The variables that are settings, each with the setting's dotted name."""
    for name in environ:
        if name.startswith(ENV_PREFIX) and ("__" in name or name in _WITHOUT_SECTION):
            yield name, name.removeprefix(ENV_PREFIX).lower().replace("__", ".")


def refuse_near_misses(environ: Mapping[str, str]) -> None:
    """A variable that nearly has the name of a setting without a section is a slip. Raises `ConfigError`."""
    for name in environ:
        if name.startswith(ENV_PREFIX) and "__" not in name and name not in _WITHOUT_SECTION:
            for near in difflib.get_close_matches(name, _WITHOUT_SECTION, n=1, cutoff=0.85):
                raise ConfigError(f"{name}: unknown setting: did you mean {near}?")


def variable(place: str) -> str:
    """The variable of a setting, by its dotted name."""
    return ENV_PREFIX + place.upper().replace(".", "__")


def made(kind: type, text: object) -> object:
    """Of what a file or the environment says, the types msgspec does not know."""
    if kind is not Secret or not isinstance(text, str):
        raise NotImplementedError(kind)
    return Secret(text)


def override(tree: dict[str, Any], name: str, place: str, text: str) -> None:
    """Put a variable's text where its setting is."""
    *sections, leaf = place.split(".")
    for section in sections:
        tree = tree.setdefault(section, {})
        if not isinstance(tree, dict):
            raise ConfigError(f"{name}: {section!r} is not a section")
    tree[leaf] = text


def no_unknown(tree: object, shape: type[msgspec.Struct], path: str) -> None:
    """Refuse a misspelt setting with the name that was probably meant."""
    if not isinstance(tree, dict):
        return
    described = inspect.type_info(shape)
    assert isinstance(described, inspect.StructType)  # noqa: S101  # every section is a Struct
    fields = {field.encode_name: field.type for field in described.fields}
    for name, value in tree.items():
        if name not in fields:
            near = difflib.get_close_matches(name, fields, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(sorted(fields))}"
            raise ConfigError(f"unknown setting {path}{name}: {hint}")
        for inner in _structs(fields[name]):
            for item in value if isinstance(value, list) else (value,):
                no_unknown(item, inner, f"{path}{name}.")


def secrets(tree: object, shape: type[msgspec.Struct]) -> Iterator[str]:
    """The dotted names of the secrets that a tree holds."""
    yield from _secrets(tree, inspect.type_info(shape), "")


def _secrets(tree: object, kind: inspect.Type, place: str) -> Iterator[str]:
    match kind:
        case inspect.CustomType(cls=cls) if cls is Secret:
            yield place
        case inspect.Metadata(type=inner):
            yield from _secrets(tree, inner, place)
        case inspect.StructType(fields=fields) if isinstance(tree, dict):
            for field in fields:
                if field.encode_name in tree:
                    name = f"{place}.{field.encode_name}".lstrip(".")
                    yield from _secrets(tree[field.encode_name], field.type, name)


def _structs(kind: inspect.Type) -> list[type[msgspec.Struct]]:
    match kind:
        case inspect.StructType(cls=cls):
            return [cls]
        case inspect.Metadata(type=inner) | inspect.ListType(item_type=inner):
            return _structs(inner)
        case inspect.UnionType(types=types):
            return [found for one in types for found in _structs(one)]
        case _:
            return []


def blame(tree: object, message: str) -> tuple[str, object]:
    """The setting a conversion error speaks of, and the value it has."""
    _, _, path = message.partition(" - at `$")
    dotted = path.rstrip("`").lstrip(".")
    value: object = tree
    for part in dotted.replace("[", ".[").split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.startswith("["):
            index = part.strip("[]")
            value = value[int(index)] if index.isdigit() else None
    return dotted or "the configuration", value if isinstance(value, str | int | float) else None
