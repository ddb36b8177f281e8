"""What was found after the faults, and which promises it keeps. Pure: numbers in, sentences out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from tests.chaos.faults import Event, SleepWorker

Fate: TypeAlias = Literal["happened", "impossible", "not reached"]


# What is seen where something did not recover within what was allowed.
DID_NOT_COME_BACK, DID_NOT_STOP, NOT_READY = "did not come back", "did not stop", "not ready in time"
LASTING = frozenset({DID_NOT_COME_BACK, DID_NOT_STOP, NOT_READY})


@dataclass(frozen=True, slots=True)
class Record:
    """One event of the plan: whether it came about, when, and what was seen, in a few words."""

    lane: str
    event: Event
    fate: Fate
    at: float = 0.0
    seconds: float = 0.0
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Diff:
    """Two collections that should be equal: what only the first has, and what the second has besides or more often."""

    expected: int
    lost: int
    doubled: int

    @property
    def none(self) -> bool:
        return not self.lost and not self.doubled


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The installation when all was over. Lost and doubled are counts; `*_wrong` counts what is there and differs."""

    sent: int
    bus: Diff
    events_open: int
    states: Diff
    states_wrong: int
    letters: Diff
    pairs: Diff
    pairs_wrong: int
    commands: Diff
    runs: dict[str, int]
    last_reports: int
    last_reports_equal: int
    quiet_sent: int
    quiet_counted: int
    ready: bool
    exit_codes: tuple[int, ...]
    starts_refused: int
    ended_by_themselves: tuple[str, ...]
    fenced: int


class Promise(NamedTuple):
    name: str
    kept: bool
    found: str


def promises(records: Sequence[Record], aftermath: Aftermath) -> tuple[Promise, ...]:
    """Every promise with what was found; the run is good when all are kept."""
    return tuple(_promises(records, aftermath))


def _promises(records: Sequence[Record], found: Aftermath) -> Iterator[Promise]:
    bus, letters, pairs = found.bus, found.letters, found.pairs
    yield Promise("the load is on the bus, once", bus.none, f"{found.sent} sent, {_told(bus)}")
    yield Promise(
        "every event has one outcome", found.events_open == 0, f"{found.events_open} events without a committed offset"
    )
    yield Promise(
        "the state is the model's, byte for byte",
        found.states.none and not found.states_wrong,
        f"{found.states.expected} persons, {_told(found.states)}, {found.states_wrong} of other bytes",
    )
    yield Promise("one dead letter for each broken event", letters.none, f"{letters.expected} broken, {_told(letters)}")
    yield Promise(
        "one pair for each run that was sent, and no other",
        pairs.none and not found.pairs_wrong,
        f"{pairs.expected} parts of messages, {_told(pairs)}, {found.pairs_wrong} messages unlike the ledger",
    )
    yield Promise("every command has ended", found.commands.none, f"{_told(found.commands)}, runs {found.runs}")
    yield Promise(
        "the last reports are the model's, byte for byte",
        found.last_reports_equal == found.last_reports > 0,
        f"{found.last_reports_equal} of {found.last_reports}",
    )
    yield Promise(
        "counters tell of every event while nobody dies",
        found.quiet_counted == found.quiet_sent > 0,
        f"{found.quiet_counted} counted of {found.quiet_sent} sent when all was quiet",
    )
    yield Promise("all workers came back to work", found.ready, "ready, with every partition" if found.ready else "no")
    yield Promise(
        "no worker gave up",
        not found.ended_by_themselves,
        "; ".join(found.ended_by_themselves) or "none ended by itself",
    )
    yield Promise("told to stop, they stop in order", not any(found.exit_codes), f"exit codes {found.exit_codes}")
    yield from _about_faults(records, found)


def _about_faults(records: Sequence[Record], found: Aftermath) -> Iterator[Promise]:
    slept = sum(one.fate == "happened" and isinstance(one.event, SleepWorker) for one in records)
    yield Promise(
        "who slept is fenced when it writes", not slept or found.fenced > 0, f"{found.fenced} refused, {slept} slept"
    )
    lasting = [one for one in records if one.seen & LASTING]
    yield Promise(
        "what was broken came back",
        not lasting,
        "; ".join(f"{one.event}: {', '.join(sorted(one.seen))}" for one in lasting) or "every time",
    )
    missed = sum(one.fate == "not reached" for one in records)
    yield Promise("the whole plan was carried out", not missed, f"{missed} not reached" if missed else "all of it")


def _told(diff: Diff) -> str:
    return f"{diff.lost} lost, {diff.doubled} doubled"
