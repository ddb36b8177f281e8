"""The accesses of the plan as commands for the one who administers the cluster.

They are shown, not carried out: the admin client the program uses cannot create them, and a broker without an
authorizer would refuse them. What the plan grants is all that is needed.
"""

import shlex
from collections.abc import Iterator, Mapping

from adapter.kafka.topic_plan import Acl, TopicPlan

_FLAGS = {"topic": "--topic", "group": "--group", "transactional_id": "--transactional-id"}
_OPERATIONS = {"describe_configs": "DescribeConfigs", "alter_configs": "AlterConfigs"}


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
