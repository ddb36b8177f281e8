"""The settings as a table, all of it from the types: `python -m adapter.settings.table > deploy/CONFIGURATION.md`."""

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import NODEFAULT, inspect

from adapter.settings.config import Config
from adapter.settings.secret import Secret
from adapter.settings.tree import variable

HEAD = """\
# Settings

Made of the types themselves: `python -m adapter.settings.table`. Change a field of `adapter/settings/config.py` or
`adapter/kafka/sikkerhet.py`, not this file, then `make contract`.

One TOML file, and environment variables over it; `iplos-adapter config show` tells what holds and where it comes from.
A dot in a setting's name is a section: `kafka.gruppe` is `gruppe` under `[kafka]`. `[]` is one of several:
`kommuner[].nummer` is `nummer` under a `[[kommuner]]`. A list, and what stands in one, can only come from the file. A
secret only from the environment. A name that no setting has is an error that tells the nearest one, in both places.

| setting | environment | default | unit | values | secret | meaning |
|---|---|---|---|---|---|---|
"""


class Row(NamedTuple):
    """One setting as the table has it."""

    name: str
    environment: str
    default: str
    unit: str
    values: str
    secret: bool
    meaning: str


def rows() -> Iterator[Row]:
    """Every setting, in the order of the types."""
    yield from _fields(Config, "")


def table() -> str:
    """The document."""
    return HEAD + "".join(f"{_line(row)}\n" for row in rows())


def _fields(shape: type[msgspec.Struct], above: str) -> Iterator[Row]:
    described = inspect.type_info(shape)
    assert isinstance(described, inspect.StructType)  # noqa: S101  # every section is a Struct
    for field in described.fields:
        name = f"{above}{field.encode_name}"
        match _bare(field.type):
            case inspect.StructType(cls=inner):
                yield from _fields(inner, f"{name}.")
            case inspect.ListType(item_type=inspect.StructType(cls=inner)):
                yield from _fields(inner, f"{name}[].")
            case kind:
                yield _row(name, field, kind)


def _row(name: str, field: inspect.Field, kind: inspect.Type) -> Row:
    described = field.type
    extra = (described.extra or {}) if isinstance(described, inspect.Metadata) else {}
    schema = (described.extra_json_schema or {}) if isinstance(described, inspect.Metadata) else {}
    only_in_file = "[]" in name or isinstance(kind, inspect.ListType)
    return Row(
        name,
        "" if only_in_file else variable(name + (".…" if isinstance(kind, inspect.DictType) else "")),
        _default(field),
        str(extra.get("unit", "")),
        _values(kind),
        isinstance(kind, inspect.CustomType) and kind.cls is Secret,
        str(schema.get("description", "")),
    )


def _bare(kind: inspect.Type) -> inspect.Type:
    """Without the description, and without None."""
    match kind:
        case inspect.Metadata(type=inner):
            return _bare(inner)
        case inspect.UnionType(types=types):
            return next(_bare(one) for one in types if not isinstance(one, inspect.NoneType))
        case _:
            return kind


def _default(field: inspect.Field) -> str:
    default: Any = field.default
    if field.default_factory is not NODEFAULT:
        default = field.default_factory()
    if default is NODEFAULT:
        return "(must be set)"
    if default in ("", None) or (isinstance(default, Secret) and not default):
        return ""
    return msgspec.json.encode(default).decode()


def _values(kind: inspect.Type) -> str:
    """What the type allows beyond being of its kind."""
    match kind:
        case inspect.LiteralType(values=values):
            return ", ".join(msgspec.json.encode(value).decode() for value in values)
        case inspect.IntType(ge=low, le=high) | inspect.FloatType(ge=low, le=high):
            return " to ".join(f"{bound:,}" for bound in (low, high) if bound is not None) + (
                " or more" if low is not None and high is None else ""
            )
        case inspect.BoolType():
            return "true, false"
        case inspect.ListType(item_type=item):
            return f"a list of {_values(_bare(item)) or 'texts'}"
        case inspect.DictType():
            return "a table"
        case _:
            return ""


def _line(row: Row) -> str:
    """One row in Markdown."""
    code = [f"`{text}`" if text else "" for text in (row.name, row.environment, row.default)]
    if row.default == "(must be set)":
        code[2] = row.default
    cells = (*code, row.unit, row.values, "yes" if row.secret else "", row.meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.write(table())
