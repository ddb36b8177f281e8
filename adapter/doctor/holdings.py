"""Judgements over what the service goes on from: the state and its keys, the year pack, the settings. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from adapter.doctor.check import Check, Unknown, Verdict, unknown


class StateSeen(NamedTuple):
    """The state topic read through: persons, key ids of which one identity could be opened, and what was wrong.

    `split` are persons whose state lies in more than one partition.
    """

    persons: int
    tried: tuple[str, ...]
    problem: str = ""
    split: int = 0


def judge_state(seen: StateSeen | Unknown) -> Check:
    """It can be read, it is whole, and the key file opens it."""
    if isinstance(seen, Unknown):
        return unknown("state", seen)
    if seen.problem:
        what, _, todo = seen.problem.partition(". ")
        return Check("state", "wrong", what, todo or "start the service: its log says what must be done")
    if not seen.persons:
        return Check("state", "ok", "the state holds nobody yet")
    if seen.split:
        return Check(
            "state",
            "advice",
            f"{seen.split:,} of {seen.persons:,} persons have their state in more than one partition: reports join it, "
            "the open findings on metrics and status page do not",
            "have all who publish on the bus choose a key's partition in the same way (topics/README.md, mistake 10). "
            "To bring the parts together, and to erase such a person for good, begin with an empty state topic under "
            "a new name and the bus from its start",
        )
    keys = f"one identity for each of the keys {', '.join(seen.tried)} opens" if seen.tried else "no identity in it"
    return Check("state", "ok", f"the state is whole: {seen.persons:,} persons; {keys}")


class PackSeen(NamedTuple):
    """The pack of the round that is on; `problem` when there is none to use."""

    year: int
    problem: str
    lacks: Sequence[str]
    due: tuple[date, date] | None


def judge_pack(seen: PackSeen, send: str) -> Check:
    """A report of the year people work on can be made."""
    todo = (
        f"get a complete pack for {seen.year} into a folder named by `pakker`: `iplos-adapter year check {seen.year}`"
    )
    if seen.problem:
        return Check("year-pack", "wrong", seen.problem, todo)
    if seen.lacks:
        verdict: Verdict = "advice" if send == "never" else "wrong"
        return Check("year-pack", verdict, f"the pack of {seen.year} is incomplete: {' '.join(seen.lacks)}", todo)
    when = f", due {seen.due[0]} to {seen.due[1]}" if seen.due else ""
    return Check("year-pack", "ok", f"the pack of {seen.year} is complete{when}")


def judge_settings(unknown_kommuner: Sequence[str], kommuner: Sequence[str], *, receiver: bool, send: str) -> Check:
    """What every report needs is set."""
    if not kommuner:
        return Check("configuration", "wrong", "no municipality is set", "name at least one under [[kommuner]]")
    if unknown_kommuner:
        wrong = ", ".join(unknown_kommuner)
        return Check(
            "configuration", "wrong", f"no municipality ever had the number {wrong}", "correct [[kommuner]] nummer"
        )
    if not receiver:
        return Check("configuration", "wrong", "the register's address is missing", "set [mottaker]")
    if send == "never":
        return Check("configuration", "advice", "nothing is ever sent", 'set [rapport] send = "test" or "production"')
    return Check("configuration", "ok", f"municipalities {', '.join(kommuner)}; [rapport] send = {send!r}")
