"""What the cluster is asked. No question changes anything; one that is not answered is an `Unknown` with the reason."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from aiokafka.errors import KafkaError

from adapter.doctor.check import Unknown
from adapter.doctor.cluster import BrokerSeen, GroupSeen
from adapter.kafka.closed_door import problem_of
from adapter.kafka.cluster_clock import Apart, clocks_apart
from adapter.kafka.doors import look
from adapter.kafka.groups import group_of, offsets_kept_minutes
from adapter.kafka.offsets import NoSuchTopicError, committed, end_offsets, first_offset
from adapter.kafka.problem import Knock, Problem
from adapter.kafka.topic_acl import Grant
from adapter.kafka.topic_admin import TopicAdminError, brokers_of, check
from adapter.kafka.topic_plan import Difference
from adapter.settings.config import Config
from adapter.settings.planned_topics import planned

T = TypeVar("T")


async def look_at_broker(config: Config) -> BrokerSeen:
    """Whether and how we come in."""
    kafka = config.kafka
    seen = BrokerSeen(kafka.bootstrap, kafka.sikkerhet.protocol, kafka.sikkerhet.bruker, None)
    try:
        return seen._replace(brokers=await brokers_of(kafka))
    except (KafkaError, OSError, TimeoutError) as error:
        problem = problem_of(error, Knock(kafka.bootstrap))
        return seen._replace(problem=problem or Problem("unreachable", f"{kafka.bootstrap} cannot be used ({error})"))


async def look_at_accesses(config: Config, wanted: Sequence[Grant]) -> Problem | Unknown | None:
    """What of the plan this client may not do."""
    return await _asked(lambda: look(config.kafka, wanted), "what this client may do", "")


async def look_at_topics(config: Config) -> list[Difference] | Unknown:
    """How the topics differ from the plan."""
    todo = "run doctor as somebody who may describe the topics and their settings (drift in the plan)"
    return await _asked(lambda: check(config.kafka, planned(config)), "the settings of the topics", todo)


async def look_at_offsets_retention(config: Config) -> int | Unknown:
    """For how many minutes the brokers keep the offsets of a group that is away."""
    todo = "ask those who run the brokers for offsets.retention.minutes (43200 or more)"
    return await _asked(lambda: offsets_kept_minutes(config.kafka), "the brokers' own settings", todo)


async def look_at_clock(config: Config) -> Apart | Unknown:
    """How far the clocks are apart."""
    todo = "see that machine and brokers use the same time service; with `describe` on the cluster doctor can tell"
    return await _asked(lambda: clocks_apart(config.kafka), "the cluster's clock", todo)


async def look_at_group(config: Config) -> GroupSeen | Unknown:
    """Who reads the bus, and how far they are."""
    todo = "run doctor as somebody who may read the group and the bus (adapter in the plan)"
    return await _asked(lambda: _group(config), "the consumer group", todo)


async def _group(config: Config) -> GroupSeen:
    kafka, bus = config.kafka, config.topics.buss
    group = await group_of(kafka, kafka.gruppe)
    ends = await end_offsets(kafka, bus)
    commits = await committed(kafka, kafka.gruppe, bus, [*ends])
    firsts = {number: await first_offset(kafka, bus, number) for number in ends}
    begun = {number: commit.offset for number, commit in commits.items() if commit.offset >= 0}
    return GroupSeen(
        kafka.gruppe,
        group.state,
        group.members,
        behind=sum(end - max(begun.get(number, 0), firsts[number]) for number, end in ends.items()),
        lost=sum(max(firsts[number] - offset, 0) for number, offset in begun.items() if offset),
        begun=bool(begun),
    )


async def _asked(question: Callable[[], Awaitable[T]], what: str, todo: str) -> T | Unknown:
    """The answer, or why there is none."""
    try:
        return await question()
    except NoSuchTopicError as error:
        return Unknown(f"{what} cannot be seen before there is a topic {error.topic}")
    except TopicAdminError as error:
        return Unknown(f"{what} cannot be seen: {error}", todo)
    except (KafkaError, OSError, TimeoutError, NotImplementedError) as error:
        return Unknown(f"{what} cannot be seen from here ({type(error).__name__})", todo)
