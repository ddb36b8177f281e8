"""What differs between two year packs: codes, settings, deadlines, format. Pure; values are compared as text."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

import msgspec

from adapter.domain.yearpack import YearPack

_ROWS = ("tjenestetyper", "funksjonstyper")
_SECTIONS = ("melding", "mottaker", "frister", "opplysningskoder", "antakelser", "grenser")


class Forskjell(NamedTuple):
    """One difference. `key` is a code, or the name of a setting; `before` is empty for what was added, and so on."""

    part: str
    kind: Literal["added", "removed", "changed"]
    key: str
    before: str
    after: str


def diff(old: YearPack, new: YearPack) -> list[Forskjell]:
    """The differences in the order of the pack: added, removed and changed codes, fields and settings."""
    one, other = _flat(old), _flat(new)
    return [found for part in one for found in _differences(part, one[part], other[part])]


def _differences(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Forskjell]:
    for key in {**before, **after}:
        if key not in before:
            yield Forskjell(part, "added", key, "", _text(after[key]))
        elif key not in after:
            yield Forskjell(part, "removed", key, _text(before[key]), "")
        elif isinstance(before[key], dict):
            # A code that is in both: each of its columns for itself.
            for column in _differences(part, before[key], after[key]):
                yield column._replace(key=f"{key} {column.key}")
        elif before[key] != after[key]:
            yield Forskjell(part, "changed", key, _text(before[key]), _text(after[key]))


def _flat(pack: YearPack) -> dict[str, dict[str, Any]]:
    """Each part of the pack by key: codes with their columns, settings with their values. None is left out."""
    tree = msgspec.to_builtins(pack, builtin_types=(date,))
    parts = {name: {key: value for key, value in (tree[name] or {}).items() if value is not None} for name in _SECTIONS}
    rows = {name: {str(row.pop("kode")): row for row in tree[name]} for name in _ROWS}
    scores = {str(value): "" for value in pack.funksjonsverdier}
    return {**rows, "funksjonsverdier": scores, **parts}


def _text(value: Any) -> str:
    match value:
        case {"navn": navn}:
            return str(navn)
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
