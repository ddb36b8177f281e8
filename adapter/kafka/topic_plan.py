"""The topics as planned (`topics/topics.toml`) against the topics as they are. Pure: every verdict can be tested.

A difference says who can put it right: `apply` (the program), the topic's `owner`, or somebody by `hand`.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

Role: TypeAlias = Literal[
    "buss", "tilstand", "avvist", "revisjon", "rapport", "kommando", "transport_ipl", "transport_ide", "kvittering"
]
Owner: TypeAlias = Literal["adapter", "buss", "transport"]
Operation: TypeAlias = Literal["read", "write", "create", "alter", "describe", "describe_configs", "alter_configs"]
Resource: TypeAlias = Literal["topic", "group", "transactional_id"]

Code: TypeAlias = Literal[
    "topic-missing", "partitions-too-few", "partitions-too-many", "config-differs", "replication-low", "few-brokers"
]
Fix: TypeAlias = Literal["apply", "owner", "hand"]

IN_SYNC = "min.insync.replicas"


class TopicPlanError(ValueError):
    """The plan cannot be used; the text says where it is wrong."""


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One topic as planned. `topics.toml` says what the fields mean."""

    name: str
    owner: Owner
    why: str
    config: dict[str, str]
    replication: int
    partitions: int = 0
    partitions_as: Role | None = None
    exact: bool = False


class Acl(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one principal may do with one topic of the plan (`role`), or with whatever begins with `prefix`."""

    who: str
    operations: list[Operation]
    why: str
    resource: Resource = "topic"
    role: Role | None = None
    prefix: str = ""


class TopicPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All topics by role, and who may do what."""

    topics: dict[Role, Topic]
    acl: list[Acl]

    def named(self, names: Mapping[str, str]) -> "TopicPlan":
        """The same plan with the installation's own names, by role."""
        own = {role: replace(topic, name=names.get(role, topic.name)) for role, topic in self.topics.items()}
        return replace(self, topics=own)

    def owning(self, owners: Collection[str]) -> "TopicPlan":
        """The plan of one who may create the topics of these owners too, as a demo with a broker of its own may."""

        def taken(topic: Topic) -> Topic:
            return replace(topic, owner="adapter") if topic.owner in owners else topic

        return replace(self, topics={role: taken(topic) for role, topic in self.topics.items()})

    def for_cluster(self, brokers: int) -> "TopicPlan":
        """The plan as a cluster of this size can hold it: no more copies than brokers, and one copy may be away."""

        def fitted(topic: Topic) -> Topic:
            copies = max(min(topic.replication, brokers), 1)
            in_sync = str(min(int(topic.config.get(IN_SYNC, "1")), max(copies - 1, 1)))
            return replace(topic, replication=copies, config=topic.config | {IN_SYNC: in_sync})

        return replace(self, topics={role: fitted(topic) for role, topic in self.topics.items()})


@dataclass(frozen=True, slots=True)
class ActualTopic:
    """A topic as the cluster has it. `config` holds every setting, those of the broker included."""

    partitions: int
    replication: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Actual:
    """What the cluster has: its brokers, and the topics that are there, by name."""

    brokers: int
    topics: Mapping[str, ActualTopic]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as planned. `advice` is worth knowing, but nothing stops working."""

    code: Code
    role: Role | None
    topic: str
    fix: Fix
    text: str
    advice: bool = False
    setting: str = ""


def load(text: str) -> TopicPlan:
    """Read `topics.toml`. Raises `TopicPlanError`."""
    try:
        plan = msgspec.convert(tomllib.loads(text), TopicPlan)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TopicPlanError(f"topics.toml: {error}") from None
    for role, topic in plan.topics.items():
        if (topic.partitions > 0) is (topic.partitions_as is not None):
            raise TopicPlanError(f"topics.toml: {role} needs partitions (1 or more) or partitions_as, and not both")
        if topic.partitions_as is not None and topic.partitions_as not in plan.topics:
            raise TopicPlanError(
                f"topics.toml: {role} is to have as many partitions as {topic.partitions_as}, not there"
            )
    for acl in plan.acl:
        if (acl.role is not None) is bool(acl.prefix) or (acl.role is not None and acl.role not in plan.topics):
            raise TopicPlanError(f"topics.toml: an [[acl]] of {acl.who} needs a role of the plan, or a prefix")
    return plan


def wanted_partitions(plan: TopicPlan, role: Role, actual: Actual) -> int:
    """How many partitions the topic of this role should have in this cluster."""
    topic = plan.topics[role]
    if topic.partitions_as is None:
        return topic.partitions
    model = plan.topics[topic.partitions_as]
    there = actual.topics.get(model.name)
    return there.partitions if there else wanted_partitions(plan, topic.partitions_as, actual)


def difference(plan: TopicPlan, actual: Actual) -> list[Difference]:
    """Everything that is not as planned, topic by topic in the plan's order."""
    found = list(_few_brokers(plan, actual))
    fitted = plan.for_cluster(actual.brokers)
    for role, topic in fitted.topics.items():
        there = actual.topics.get(topic.name)
        if there is None:
            found.append(_missing(role, topic, _model_to_come(fitted, topic, actual)))
            continue
        found += _partitions(role, topic, wanted_partitions(fitted, role, actual), there)
        found += _config(role, topic, there)
        found += _replication(role, topic, there)
    return found


def _few_brokers(plan: TopicPlan, actual: Actual) -> Iterable[Difference]:
    wanted = max((topic.replication for topic in plan.topics.values()), default=1)
    if actual.brokers < wanted:
        text = (
            f"the cluster has {actual.brokers} broker(s), {wanted} are recommended: fewer copies are kept than planned"
        )
        yield Difference("few-brokers", None, "", "hand", text, advice=True)


def _model_to_come(plan: TopicPlan, topic: Topic, actual: Actual) -> str:
    """The name of the topic whose partitions this one copies, when that is not there and not ours to create."""
    model = plan.topics[topic.partitions_as] if topic.partitions_as else None
    return model.name if model and model.owner != "adapter" and model.name not in actual.topics else ""


def _missing(role: Role, topic: Topic, model_to_come: str) -> Difference:
    if model_to_come:
        text = f"{topic.name} is not there: it gets as many partitions as {model_to_come}, which must be there first"
        return Difference("topic-missing", role, topic.name, "owner", text)
    if topic.owner == "adapter":
        text = f"{topic.name} is not there: run `iplos-adapter topics apply`"
        return Difference("topic-missing", role, topic.name, "apply", text)
    text = f"{topic.name} is not there: ask its owner ({topic.owner}) to create it, or set another name for {role}"
    return Difference("topic-missing", role, topic.name, "owner", text)


def _partitions(role: Role, topic: Topic, wanted: int, there: ActualTopic) -> Iterable[Difference]:
    if there.partitions == wanted or not (topic.exact or topic.partitions_as):
        return
    why = f"{topic.name} has {there.partitions} partitions, {wanted} are needed"
    # Kafka cannot take partitions away; and where the count follows the bus, the bus itself has changed, so that
    # persons have moved to other partitions than their state lies in.
    if topic.partitions_as:
        todo = f"give {role} a new name and let the state be built anew from the bus"
    else:
        todo = f"partitions cannot be taken away: give {role} a new name, or delete the topic and run `topics apply`"
    code: Code = "partitions-too-few" if there.partitions < wanted else "partitions-too-many"
    yield Difference(code, role, topic.name, "hand", f"{why}: {todo}")


def _config(role: Role, topic: Topic, there: ActualTopic) -> Iterable[Difference]:
    ours = topic.owner == "adapter"
    todo = "run `iplos-adapter topics apply`" if ours else f"its owner ({topic.owner}) decides; the plan says why"
    for setting, value in topic.config.items():
        has = there.config.get(setting, "")
        if has != value:
            text = f"{topic.name} has {setting}={has or '(unset)'}, planned is {value}: {todo}"
            fix: Fix = "apply" if ours else "owner"
            yield Difference("config-differs", role, topic.name, fix, text, advice=not ours, setting=setting)


def _replication(role: Role, topic: Topic, there: ActualTopic) -> Iterable[Difference]:
    if there.replication < topic.replication:
        text = (
            f"{topic.name} is kept in {there.replication} copies, planned are {topic.replication}: "
            "reassign its partitions with kafka-reassign-partitions"
        )
        ours = topic.owner == "adapter"
        yield Difference("replication-low", role, topic.name, "hand" if ours else "owner", text, advice=True)
