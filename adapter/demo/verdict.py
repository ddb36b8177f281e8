"""A promise and what is against it; and how two accounts of the same thing are compared."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Verdict(NamedTuple):
    """One promise, and what is against it: nothing, when it is kept."""

    promise: str
    off: list[str]


def same(what: str, one: object, where: str, other: object) -> Iterator[str]:
    """Nothing when the two are equal, else a line that shows both."""
    if one != other:
        yield f"{what}: {one}, {where}: {other}"


def same_counts(wanted: Mapping[str, int], found: Mapping[str, int]) -> Iterator[str]:
    """A line for each name whose numbers differ; a name that is missing counts 0."""
    for name in sorted({*wanted, *found}):
        yield from same(f"{name} expected", wanted.get(name, 0), "counted", found.get(name, 0))
