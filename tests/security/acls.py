"""Accesses given and taken, as the one who administers the cluster does it."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest

from adapter.kafka.topic_acl import Grant

_RESOURCES = {"topic": 2, "group": 3, "cluster": 4, "transactional_id": 5}
_LITERAL, _PREFIXED, _ALLOW, _ANYWHERE = 3, 4, 3, "*"
_OPERATIONS = {
    "read": 3, "write": 4, "create": 5, "alter": 7, "describe": 8, "describe_configs": 10, "alter_configs": 11,
}  # fmt: skip


class Acls:
    """`async with Acls(caretaker) as acls: await acls.give(...)`. Brokers learn of it some moments later."""

    def __init__(self, bootstrap: str) -> None:
        self._host, _, port = bootstrap.rpartition(":")
        self._port = int(port)
        self._door: AIOKafkaConnection

    async def __aenter__(self) -> Self:
        self._door = await create_conn(self._host, self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()

    async def give(self, grants: Iterable[Grant]) -> None:
        for one in grants:
            answer = await self._door.send(CreateAclsRequest(*_binding(one)))
            assert answer.creation_responses == [(0, None)] or answer.creation_responses[0][0] == 0, answer

    async def take(self, grants: Iterable[Grant]) -> None:
        for one in grants:
            answer = await self._door.send(DeleteAclsRequest(*_binding(one)))
            ((error, _, matching),) = answer.filter_responses
            assert not error, answer
            assert matching, f"was not given: {one}"


def _binding(one: Grant) -> tuple[int, str, int, str, str, int, int]:
    pattern = _PREFIXED if one.prefixed else _LITERAL
    resource, operation = _RESOURCES[one.resource], _OPERATIONS[one.operation]
    return resource, one.name, pattern, f"User:{one.who}", _ANYWHERE, operation, _ALLOW
