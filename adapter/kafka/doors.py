"""Look whether Kafka lets us in, and lets us do all that the plan says we need. Every question changes nothing.

Topics tell which operations are ours (Metadata, version 8). A group, a transactional id and a topic that is not there
yet are asked for something that cannot succeed, and whether we may ask is told before that.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
from aiokafka.protocol.admin import CreateTopicsRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.group import HeartbeatRequest
from aiokafka.protocol.transaction import EndTxnRequest
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from adapter.kafka.clients import KNOCK_SECONDS, Access, connection, knock
from adapter.kafka.closed_door import problem_of
from adapter.kafka.problem import AccessError, Knock, Problem, denied, problem
from adapter.kafka.topic_acl import Grant

# Kafka's numbers of operations, which are bits of the answer too.
_BITS = {"read": 3, "write": 4, "create": 5, "alter": 7, "describe": 8, "describe_configs": 10, "alter_configs": 11}
# The answer of a broker that does not tell.
_NOT_TOLD = -(2**31)
_NOBODY = "nobody"


async def look(access: Access, wanted: Sequence[Grant]) -> Problem | None:
    """What keeps us out, or keeps one of `wanted` from us; None when all is open."""
    try:
        missing = await lacking(access, wanted)
    except (KafkaError, OSError, TimeoutError) as error:
        # Whatever it was, nobody has told us that all is open.
        asked = Knock(access.bootstrap)
        return problem_of(error, asked) or problem("unreachable", asked, type(error).__name__)
    return denied(missing, access.sikkerhet.bruker)


async def lacking(access: Access, wanted: Sequence[Grant]) -> list[Grant]:
    """Those of `wanted` that we do not have, in their order. Raises what Kafka raises when it does not let us in."""
    door = await knock(access)
    try:
        missing = [*await _missing_on_topics(access, door, wanted), *await _missing_elsewhere(door, wanted)]
    finally:
        door.close()
    return sorted(missing, key=wanted.index)


async def _missing_on_topics(access: Access, door: AIOKafkaConnection, wanted: Iterable[Grant]) -> list[Grant]:
    named = [one for one in wanted if one.resource == "topic" and not (one.prefixed and one.operation == "create")]
    answer = await door.send(_Authorized(sorted({one.name for one in named})))
    await _some_broker_opens(access, answer.brokers)
    told = {topic: operations for error, topic, _, _, operations in answer.topics if not error}
    closed = {topic for error, topic, *_ in answer.topics if error == TopicAuthorizationFailedError.errno}
    # A topic that is not there is somebody else's sentence.
    return [
        one
        for one in named
        if one.name in closed
        or (one.name in told and told[one.name] != _NOT_TOLD and not told[one.name] >> _BITS[one.operation] & 1)
    ]


async def _some_broker_opens(access: Access, brokers: Iterable[tuple[int, str, int, str]]) -> None:
    """The brokers have told their own addresses, and those are what every client goes on with."""
    problem: AccessError | None = None
    for _, host, port, _ in brokers:
        try:
            (await connection(access, host, port)).close()
        except AccessError as error:
            problem = error
        else:
            return
    if problem is not None:
        raise problem


async def _missing_elsewhere(door: AIOKafkaConnection, wanted: Iterable[Grant]) -> list[Grant]:
    missing = []
    for one in wanted:
        match one.resource, one.operation:
            case "group", "read":
                answer = await door.send(HeartbeatRequest(one.name, -1, _NOBODY))
                refused = answer.error_code == GroupAuthorizationFailedError.errno
            case "transactional_id", "write":
                answer = await door.send(EndTxnRequest(f"{one.name}.{_NOBODY}", 0, 0, transaction_result=False))
                refused = answer.error_code == TransactionalIdAuthorizationFailed.errno
            case "topic", "create" if one.prefixed:
                topic: Any = (f"{one.name}.{_NOBODY}", 1, 1, [], [])
                answer = await door.send(CreateTopicsRequest([topic], int(KNOCK_SECONDS * 1000), validate_only=True))
                refused = answer.topic_errors[0][1] == TopicAuthorizationFailedError.errno
            case _:
                continue
        if refused:
            missing.append(one)
    return missing


class _AuthorizedResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", Array(("node_id", Int32), ("host", String()), ("port", Int32), ("rack", String()))),
        ("cluster_id", String()),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String()),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _AuthorizedStruct(RequestStruct):  # type: ignore[misc]
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _AuthorizedResponse
    SCHEMA = Schema(
        ("topics", Array(String())),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _Authorized(Request[_AuthorizedStruct]):  # type: ignore[misc]
    """Metadata of these topics, with what we may do with each; aiokafka itself knows only older versions."""

    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[Any]) -> Any:
        return request_struct_class(self._topics, False, False, True)
