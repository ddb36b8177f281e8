"""A configuration as people may see it: every setting, where it comes from, and no secret."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from adapter.settings.config import load
from adapter.settings.secret import MASK
from adapter.settings.tree import in_environment, read_file

DEFAULT = "default"


class Setting(NamedTuple):
    """One setting: its dotted name, the value that holds, and what set it (`default`, the file, or the variable)."""

    name: str
    value: object
    origin: str


def shown(path: Path | None, environ: Mapping[str, str]) -> list[Setting]:
    """Every setting as it holds. A secret that is set is a mask, by its type. Raises `ConfigError`."""
    settled = msgspec.to_builtins(load(path, environ), enc_hook=_masked)
    in_file = {name for name, _ in _flat(read_file(path))}
    variables = {place: name for name, place in in_environment(environ)}

    def origin(name: str) -> str:
        return variables.get(name) or (str(path) if name in in_file else DEFAULT)

    return [Setting(name, value, origin(name)) for name, value in _flat(settled)]


def _masked(secret: object) -> str:
    return MASK if secret else ""


def _flat(tree: object, name: str = "") -> Iterator[tuple[str, object]]:
    """The leaves of a tree by dotted name; a list of plain values is a leaf."""
    match tree:
        case dict():
            for key, inner in tree.items():
                yield from _flat(inner, f"{name}.{key}".lstrip("."))
        case [dict(), *_]:
            for number, inner in enumerate(tree):
                yield from _flat(inner, f"{name}[{number}]")
        case _:
            yield name, tree
