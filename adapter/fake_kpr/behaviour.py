"""How the stand-in is told to behave: a word for each way a register can answer, and plans of them.

    ok                 one receipt, as the checks say
    reject:T02         one rejection with this code
    silent             no receipt
    twice              the same receipt two times, under two ids
    contradict:T02     an acceptance and then a rejection
    late:3600          the receipt after so many seconds
    garbage            something that is no receipt

A plan is one word, or several with commas: the first for the first message, the last for all that follow. Before it may
stand a message type, `KPR_IDE=reject:E10`; without one it is for every type that has no plan of its own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

EVERY_TYPE = ""
_CODE = re.compile(r"[A-Z][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receipt says: accepted, or rejected with a code and a remark."""

    kode: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One record on the receipts topic, after `wait` seconds; without a verdict it is garbage."""

    verdict: Verdict | None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Ok:
    """Answer as the checks say."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Reject, whatever the checks say."""

    kode: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Do not answer."""


@dataclass(frozen=True, slots=True)
class Twice:
    """Answer two times."""


@dataclass(frozen=True, slots=True)
class Contradict:
    """Accept, then reject."""

    kode: str


@dataclass(frozen=True, slots=True)
class Late:
    """Answer after a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Garbage:
    """Send something that is no receipt."""


Behaviour: TypeAlias = Ok | Reject | Silent | Twice | Contradict | Late | Garbage


class BehaviourError(ValueError):
    """A plan that cannot be understood; the text says what can."""


class Plans:
    """Which behaviour the next message of a type gets."""

    def __init__(self, plans: Mapping[str, Sequence[Behaviour]]) -> None:
        self._plans = {EVERY_TYPE: (Ok(),), **plans}
        self._given: Counter[str] = Counter()

    def next(self, type_: str) -> Behaviour:
        """The behaviour for the next message of this type; types without a plan of their own count together."""
        key = type_ if type_ in self._plans else EVERY_TYPE
        plan = self._plans[key]
        self._given[key] += 1
        return plan[min(self._given[key], len(plan)) - 1]


def parse_plans(texts: Iterable[str]) -> Plans:
    """From the command line. Raises `BehaviourError`."""
    plans: dict[str, tuple[Behaviour, ...]] = {}
    for text in texts:
        type_, equals, words = text.rpartition("=")
        if equals and not type_:
            raise BehaviourError(f"{text!r}: there is no message type before the equals sign")
        plans[type_] = tuple(parse(word.strip()) for word in words.split(","))
    return Plans(plans)


def parse(word: str) -> Behaviour:
    """One word. Raises `BehaviourError`."""
    name, _, value = word.partition(":")
    match name:
        case "ok" if not value:
            return Ok()
        case "silent" if not value:
            return Silent()
        case "twice" if not value:
            return Twice()
        case "garbage" if not value:
            return Garbage()
        case "reject" if _CODE.fullmatch(value):
            return Reject(value)
        case "contradict" if _CODE.fullmatch(value):
            return Contradict(value)
        case "late" if value.isascii() and value.isdigit():
            return Late(float(value))
        case _:
            raise BehaviourError(
                f"{word!r} is no behaviour: ok, reject:T02, silent, twice, contradict:T02, late:SECONDS or garbage"
            )


def answers(behaviour: Behaviour, judged: Verdict) -> tuple[Answer, ...]:
    """What is sent, from how to behave and what the checks said."""
    match behaviour:
        case Ok():
            return (Answer(judged),)
        case Reject(kode):
            return (Answer(Verdict(kode)),)
        case Silent():
            return ()
        case Twice():
            return (Answer(judged), Answer(judged))
        case Contradict(kode):
            return (Answer(judged), Answer(Verdict(kode)))
        case Late(seconds):
            return (Answer(judged, wait=seconds),)
        case Garbage():
            return (Answer(None),)
        case _:
            assert_never(behaviour)
