"""Accesses looked for before anything is begun: a command that Kafka stops half way has done the other half."""

from collections.abc import Iterable

from adapter.cli.console import Exit, fail, run_async
from adapter.kafka.doors import lacking
from adapter.kafka.topic_acl import Grant
from adapter.kafka.topic_plan import Operation
from adapter.settings.config import Config


def must_have(config: Config, wanted: Iterable[tuple[Operation, str]], otherwise: str) -> None:
    """End with one sentence and exit code 4 when our user lacks one of these accesses to topics.

    `otherwise` says what has not been done, and what to do.
    """
    user = config.kafka.sikkerhet.bruker
    grants = [Grant(user, "topic", topic, prefixed=False, operation=operation) for operation, topic in wanted]
    if missing := run_async(lambda: lacking(config.kafka, grants)):
        accesses = " and ".join(f"{one.operation} to topic {one.name}" for one in missing)
        fail(f"{f'user {user}' if user else 'this client'} has no access {accesses}: {otherwise}", Exit.REFUSED)
