"""What on the topics a key has sealed, asked before it is taken away."""

from datetime import UTC, datetime
from typing import NamedTuple

from adapter.domain.tilstand import Tilstand
from adapter.kafka.clients import Access
from adapter.kafka.log_reader import read_to_end


class Letters(NamedTuple):
    """Dead letters that are still there, and when the newest of them was written."""

    number: int
    newest: datetime | None


async def persons_sealed_with(access: Access, topic: str, key_id: str) -> int:
    """How many persons of the state topic have an identity sealed with this key."""
    mark, found = key_id.encode(), set[bytes]()
    async for chunk in read_to_end(access, topic):
        for record in chunk.records:
            found.discard(record.key or b"")
            # A key's id stands in the state as it is, so most need not be decoded.
            if record.value and mark in record.value and key_id in Tilstand.decode(record.value).key_ids():
                found.add(record.key or b"")
    return len(found)


async def letters_sealed_with(access: Access, topic: str, key_id: str) -> Letters:
    """The dead letters this key has sealed. What their topic let go by its retention is not missed."""
    number, newest = 0, 0
    async for chunk in read_to_end(access, topic):
        for record in chunk.records:
            headers = dict(record.headers)
            if headers.get("key-id") == key_id.encode():
                number += headers.get("part") == b"1"
                newest = max(newest, record.timestamp)
    return Letters(number, datetime.fromtimestamp(newest / 1000, UTC) if newest else None)
