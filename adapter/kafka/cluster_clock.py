"""What time it is in the cluster, asked without leaving anything there.

No ordinary answer of Kafka carries a time. The one that describes the controllers (DescribeQuorum) does: for the
leader, the moment it was last up to date is the moment it answers. Whoever asks needs `describe` on the cluster.
"""

import time
from typing import Any, NamedTuple

from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import CompactArray, CompactString, Int16, Int32, Int64, Schema, TaggedFields

from adapter.kafka.clients import Access, knock


class Apart(NamedTuple):
    """How far this machine's clock is ahead of the cluster's, in seconds, and how much of that is not known."""

    seconds: float
    give_or_take: float


async def clocks_apart(access: Access) -> Apart:
    """Raises what Kafka raises: `ClusterAuthorizationFailedError` when we may not ask, and when it does not tell."""
    door = await knock(access)
    try:
        before = time.time()
        answer = await door.send(_DescribeQuorum())
        after = time.time()
    finally:
        door.close()
    return apart(before, after, _leaders_moment(answer))


def apart(before: float, after: float, told: float) -> Apart:
    """The cluster's clock was read some time between `before` and `after`."""
    return Apart((before + after) / 2 - told, (after - before) / 2)


def _leaders_moment(answer: Any) -> float:
    """Seconds since 1970."""
    [(_, [(_, error, leader, _, _, voters, *_), *_], *_)] = answer.topics or [("", [(0, answer.error_code, *[0] * 4)])]
    if answer.error_code or error:
        raise for_code(answer.error_code or error)("DescribeQuorum")
    return float(next(moment for replica, _, _, moment, _ in voters if replica == leader)) / 1000


_REPLICA = Schema(
    ("replica_id", Int32),
    ("log_end_offset", Int64),
    ("last_fetch_timestamp", Int64),
    ("last_caught_up_timestamp", Int64),
    ("tags", TaggedFields),
)


class _DescribeQuorumResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 55
    API_VERSION = 1
    SCHEMA = Schema(
        ("error_code", Int16),
        (
            "topics",
            CompactArray(
                ("topic_name", CompactString("utf-8")),
                (
                    "partitions",
                    CompactArray(
                        ("partition_index", Int32),
                        ("error_code", Int16),
                        ("leader_id", Int32),
                        ("leader_epoch", Int32),
                        ("high_watermark", Int64),
                        ("current_voters", CompactArray(_REPLICA)),
                        ("observers", CompactArray(_REPLICA)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _DescribeQuorumStruct(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = 55
    API_VERSION = 1
    RESPONSE_TYPE = _DescribeQuorumResponse
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(
                ("topic_name", CompactString("utf-8")),
                ("partitions", CompactArray(("partition_index", Int32), ("tags", TaggedFields))),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _DescribeQuorum(Request[_DescribeQuorumStruct]):  # type: ignore[misc]
    """The controllers of the cluster; aiokafka itself does not ask."""

    API_KEY = 55

    def build(self, request_struct_class: type[Any]) -> Any:
        return request_struct_class([("__cluster_metadata", [(0, {})], {})], {})
