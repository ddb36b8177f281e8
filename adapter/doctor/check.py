"""What a check comes to, and what is to be done in which order. Pure."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

Verdict: TypeAlias = Literal["ok", "advice", "wrong", "unknown"]
# For ever: scripts key on them.
Code: TypeAlias = Literal[
    "configuration",
    "key-file",
    "certificates",
    "broker",
    "accesses",
    "topics",
    "offsets-retention",
    "clock",
    "group",
    "state",
    "year-pack",
    "disk",
    "memory",
    "http",
]


class Check(NamedTuple):
    """One line: what was found, and what to do about it."""

    code: Code
    verdict: Verdict
    text: str
    todo: str = ""


class Unknown(NamedTuple):
    """Of something that was looked for: why it cannot be known from here, and what would let it be known."""

    why: str
    todo: str = ""


def unknown(code: Code, seen: Unknown) -> Check:
    """The check that could not be made."""
    return Check(code, "unknown", seen.why, seen.todo)


def todo_list(checks: Sequence[Check]) -> list[str]:
    """What to do, in order: what is wrong in the order of the checks, which build on each other, then the advice."""
    ordered = [one for verdict in ("wrong", "advice", "unknown") for one in checks if one.verdict == verdict]
    # Two checks may ask for the same.
    return list(dict.fromkeys(one.todo for one in ordered if one.todo))


def size(number: float) -> str:
    """Bytes, as people read them."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
