"""What would become of a letter if it were put on the bus again, and how it goes there. Pure.

The names are stable: scripts read them.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from aiokafka.codec import lz4_encode

from adapter.domain.fold import Change
from adapter.domain.outcome import NotForUs, Parked
from adapter.letters.letter import Letter, Origin

# Headers of a record that was put on the bus again: where the letter came from, and how many times that has been done.
REPLAY_OF, REPLAY_COUNT = "iplos-replay-of", "iplos-replay-count"
# After this the fault does not lie in what a replay can mend.
MOST_REPLAYS = 3
# What Kafka puts round a record, and our two headers: some 500 bytes at most.
ROUND_A_RECORD = 1024

VerdictName: TypeAlias = Literal[
    "accepted",
    "not-for-us",
    "parked-again",
    "replayed-enough",
    "other-bus",
    "cannot-open",
    "incomplete",
    "too-large",
    "discard",
]

# How this installation reads an event now.
Read: TypeAlias = Callable[[Letter], Change | NotForUs | Parked]


class Verdict(NamedTuple):
    """What would become of it; the code and field of a letter that would be parked, the reason of one not for us."""

    name: VerdictName
    code: str = ""
    field: str = ""


class Terms(NamedTuple):
    """What the operator allows beyond what would be accepted: letters parked again, and one time more than enough."""

    also_broken: bool = False
    force: bool = False


def judge(letter: Letter, read: Read, terms: Terms) -> Verdict:
    """The verdict on a letter that could be opened."""
    if replays_of(letter) >= MOST_REPLAYS and not terms.force:
        return Verdict("replayed-enough")
    match read(letter):
        case Parked(code=code, field=field):
            return Verdict("parked-again", code, field)
        case NotForUs(reason=reason):
            return Verdict("not-for-us", reason)
        case _:
            return Verdict("accepted")


def fits(letter: Letter, largest: int) -> bool:
    """Whether the bus takes the record, compressed as our producers do it. It may have taken larger ones once."""
    around = letter.size - len(letter.value or b"") + ROUND_A_RECORD
    return letter.size + ROUND_A_RECORD <= largest or len(lz4_encode(letter.value or b"")) + around <= largest


def goes(verdict: Verdict, terms: Terms) -> bool:
    """Whether what was asked is done with it."""
    return verdict.name in {"accepted", "discard"} or (verdict.name == "parked-again" and terms.also_broken)


def replays_of(letter: Letter) -> int:
    """How many times it has been put on the bus again; what a producer wrote there that is no number counts as none."""
    texts = [value or b"" for name, value in letter.headers if name == REPLAY_COUNT]
    return max((int(text) for text in texts if text.isdigit() and len(text) < 7), default=0)


def bus_headers(origin: Origin, letter: Letter) -> list[tuple[str, bytes | None]]:
    """The headers as they were, with where it comes from now and one more time."""
    kept = [(name, value) for name, value in letter.headers if name not in {REPLAY_OF, REPLAY_COUNT}]
    count = str(replays_of(letter) + 1)
    return [*kept, (REPLAY_OF, str(origin).encode()), (REPLAY_COUNT, count.encode())]
