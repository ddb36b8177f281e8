"""One person looked up in the state topic. Which partition a key lies in is the producers' choice, so all are read.

Producers who choose differently give a person a part of the state in each; together they are the person.
"""

from collections.abc import Callable
from typing import NamedTuple

from adapter.domain.tilstand import Tilstand
from adapter.state_topic import UNDECODABLE, StateTopic


class Found(NamedTuple):
    """The person's newest state, and the partitions it lies in."""

    partitions: tuple[int, ...]
    tilstand: Tilstand


async def find(topic: StateTopic, key: str, progress: Callable[[int, int], None]) -> Found | None:
    """None when nobody has this key. Raises `StateUnreadableError` and what Kafka raises."""
    newest: dict[int, bytes] = {}
    async for page in topic.read():
        for one in page.persons:
            if one.key != key:
                continue
            if one.state is None:
                newest.pop(one.partition, None)
            else:
                newest[one.partition] = one.state
        progress(page.done, page.total)
    if not newest:
        return None
    tilstand = Tilstand()
    for partition, state in newest.items():
        try:
            tilstand = tilstand.join(Tilstand.decode(state))
        except UNDECODABLE as error:
            raise topic.misread(partition, error) from None
    return Found(tuple(sorted(newest)), tilstand)
