"""The plan of topics and accesses under the installation's own names."""

import msgspec

from adapter.kafka.topic_acl import Grant, grants
from adapter.kafka.topic_plan import TopicPlan, load
from adapter.settings.config import Config
from adapter.shipped import shipped


def planned(config: Config) -> TopicPlan:
    """The shipped plan, with the names of [topics]."""
    return load((shipped("topics") / "topics.toml").read_text("utf-8")).named(msgspec.to_builtins(config.topics))


def needed_by(who: str, config: Config) -> list[Grant]:
    """The accesses that the plan gives one of its principals."""
    return [one for one in grants(planned(config), config.kafka.gruppe) if one.who == who]
