"""One person looked up in the state topic. Which partition a key lies in is the producers' choice, so all are read."""

from collections.abc import Callable
from typing import NamedTuple

from adapter.domain.tilstand import Tilstand
from adapter.state_topic import UNDECODABLE, StateTopic


class Found(NamedTuple):
    """The person's newest state, and where it lies."""

    partition: int
    tilstand: Tilstand


async def find(topic: StateTopic, key: str, progress: Callable[[int, int], None]) -> Found | None:
    """None when nobody has this key. Raises `StateUnreadableError` and what Kafka raises."""
    newest: tuple[int, bytes | None] = (0, None)
    async for page in topic.read():
        for one in page.persons:
            if one.key == key:
                newest = (one.partition, one.state)
        progress(page.done, page.total)
    partition, state = newest
    if state is None:
        return None
    try:
        return Found(partition, Tilstand.decode(state))
    except UNDECODABLE as error:
        raise topic.misread(partition, error) from None
