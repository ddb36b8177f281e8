"""The accesses of the plan, one by one, and as commands for the one who administers the cluster.

They are shown, not carried out: the program has no right to hand out rights. What the plan grants is all that is
needed, and all of it is needed.
"""

import shlex
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from adapter.kafka.topic_plan import Acl, Operation, Resource, TopicPlan

_FLAGS = {"topic": "--topic", "group": "--group", "transactional_id": "--transactional-id"}
_OPERATIONS = {"describe_configs": "DescribeConfigs", "alter_configs": "AlterConfigs"}


class Grant(NamedTuple):
    """One operation that one principal needs. `prefixed`: on everything whose name begins with `name`."""

    who: str
    resource: Resource
    name: str
    prefixed: bool
    operation: Operation


def grants(plan: TopicPlan, group: str) -> Iterator[Grant]:
    """Every operation of every line of the plan; `group` is the consumer group."""
    for acl in plan.acl:
        for operation in acl.operations:
            yield Grant(acl.who, acl.resource, _name(plan, acl, group), bool(acl.prefix), operation)


def acl_commands(plan: TopicPlan, principals: Mapping[str, str], bootstrap: str, group: str) -> Iterator[str]:
    """One `kafka-acls` command for each line of the plan.

    `principals` gives the cluster's own names (without `User:`) to those of the plan; `group` is the consumer group.
    """
    for acl in plan.acl:
        words = ["kafka-acls", "--bootstrap-server", bootstrap, "--add"]
        words += ["--allow-principal", f"User:{principals.get(acl.who, acl.who)}"]
        for operation in acl.operations:
            words += ["--operation", _OPERATIONS.get(operation, operation.capitalize())]
        words += [_FLAGS[acl.resource], _name(plan, acl, group)]
        if acl.prefix:
            words += ["--resource-pattern-type", "prefixed"]
        yield shlex.join(words)


def _name(plan: TopicPlan, acl: Acl, group: str) -> str:
    return acl.prefix.replace("{gruppe}", group) if acl.role is None else plan.topics[acl.role].name
