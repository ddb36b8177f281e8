"""Judgements over the cluster: the way in, accesses, topics, how long offsets are kept, clocks, the group. Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adapter.doctor.check import Check, Unknown, unknown
from adapter.kafka.cluster_clock import Apart
from adapter.kafka.problem import Problem
from adapter.kafka.topic_plan import Difference

# A service may be away over a holiday; Kafka's own default is a week.
OFFSETS_KEPT_DAYS = 30
# The calendar goes by days, the register's answer by hours; but two clocks that differ make every log hard to read.
CLOCK_ADVICE_SECONDS = 5
CLOCK_WRONG_SECONDS = 60


class BrokerSeen(NamedTuple):
    """How the cluster was reached: addresses, protocol, user; `problem` when it was not."""

    bootstrap: str
    protocol: str
    user: str
    problem: Problem | None
    brokers: int = 0

    @property
    def stays_here(self) -> bool:
        """Whether nothing leaves this machine."""
        hosts = {one.strip().rpartition(":")[0] for one in self.bootstrap.split(",")}
        return hosts <= {"127.0.0.1", "localhost", "[::1]"}


def judge_broker(seen: BrokerSeen) -> Check:
    """The brokers let us in, and nobody listens on the way."""
    if seen.problem is not None:
        return Check("broker", "wrong", f"{seen.problem.text} ({seen.problem.code})", "mend the way to Kafka first")
    who = f"as {seen.user}" if seen.user else "without a user"
    text = f"{seen.bootstrap} answers over {seen.protocol}, {who}; {seen.brokers} broker(s)"
    if seen.protocol == "PLAINTEXT" and not seen.stays_here:
        return Check("broker", "advice", f"{text}. Nothing is encrypted on the way", "set [kafka.sikkerhet] tls = true")
    return Check("broker", "ok", text)


def judge_accesses(seen: Problem | Unknown | None, who: str, number: int) -> Check:
    """What the plan says this role needs is granted to this client."""
    if isinstance(seen, Unknown):
        return unknown("accesses", seen)
    if seen is not None:
        return Check("accesses", "wrong", seen.text, f"grant {who} what `iplos-adapter topics list` prints for it")
    others = "what others may cannot be asked from here: run doctor as each, or kafka-acls --list"
    return Check("accesses", "ok", f"all {number} accesses of {who} in the plan are there; {others}")


def judge_topics(seen: Sequence[Difference] | Unknown) -> Iterator[Check]:
    """The topics are as planned; one line for each difference."""
    if isinstance(seen, Unknown):
        yield unknown("topics", seen)
        return
    if not seen:
        yield Check("topics", "ok", "all topics are as planned")
    for one in seen:
        yield _difference(one)


def _difference(one: Difference) -> Check:
    what, _, todo = one.text.partition(": ")
    if one.fix == "apply":
        return Check("topics", "wrong", what, "iplos-adapter topics apply")
    if one.code == "few-brokers":
        return Check("topics", "advice", one.text)
    return Check("topics", "advice" if one.advice else "wrong", what, f"{one.topic}: {todo}")


def judge_offsets_retention(minutes: int | Unknown) -> Check:
    """How far the group has come is remembered for as long as the service may be away."""
    if isinstance(minutes, Unknown):
        return unknown("offsets-retention", minutes)
    days = minutes / 1440
    text = f"the brokers keep the offsets of a group that is away for {days:.1f} days"
    if days >= OFFSETS_KEPT_DAYS:
        return Check("offsets-retention", "ok", text)
    return Check(
        "offsets-retention",
        "advice",
        f"{text}; after that the whole bus is read anew and broken events become dead letters again",
        f"set offsets.retention.minutes of the brokers to {OFFSETS_KEPT_DAYS * 1440} or more",
    )


def judge_clock(seen: Apart | Unknown) -> Check:
    """The machine and the cluster agree on what time it is."""
    if isinstance(seen, Unknown):
        return unknown("clock", seen)
    # What the answer's own way may account for is nobody's fault.
    off = max(abs(seen.seconds) - seen.give_or_take, 0.0)
    side = "ahead of" if seen.seconds > 0 else "behind"
    text = f"this clock is {abs(seen.seconds):.1f} s {side} the cluster's (± {seen.give_or_take:.1f} s)"
    todo = "let one time service (NTP) set the clocks of this machine and of the brokers"
    if off < CLOCK_ADVICE_SECONDS:
        return Check("clock", "ok", text)
    return Check("clock", "wrong" if off >= CLOCK_WRONG_SECONDS else "advice", text, todo)


class GroupSeen(NamedTuple):
    """The consumer group: Kafka's word for its state, members, events not yet read, events deleted unread."""

    name: str
    state: str
    members: int
    behind: int
    lost: int = 0
    begun: bool = True


def judge_group(seen: GroupSeen | Unknown) -> Check:
    """Somebody reads the bus, and nothing was deleted before it was read."""
    if isinstance(seen, Unknown):
        return unknown("group", seen)
    text = (
        f"group {seen.name} is {seen.state or 'unknown'} with {seen.members} member(s), {seen.behind:,} events behind"
    )
    if seen.lost:
        return Check(
            "group",
            "wrong",
            f"{text}; the bus deleted {seen.lost:,} events before they were read",
            "have the journal system send anew what it registered since, and give the bus a longer retention",
        )
    if not seen.members:
        first = "" if seen.begun else "; it has never read anything"
        return Check("group", "advice", f"{text}{first}", "start the service: `iplos-adapter run`")
    if seen.state != "Stable":
        return Check("group", "advice", text, "partitions are being shared out: run doctor again in a minute")
    return Check("group", "ok", text)
