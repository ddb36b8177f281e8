"""Put letters back on the bus, through the front door; or say of them that nothing more is to be done."""

from collections.abc import AsyncIterator

from adapter.letters.box import Box
from adapter.letters.consider import Considered, consider
from adapter.letters.dealing import Dealing, Who
from adapter.letters.selection import Selection
from adapter.letters.verdict import Read, Terms, Verdict, goes
from adapter.sealing import Sealer
from adapter.settings.config import Config


async def replay(
    config: Config, box: Box, selection: Selection, sealer: Sealer, read: Read, terms: Terms, who: Who
) -> AsyncIterator[Considered]:
    """Each letter that is meant, with the verdict; those that go have gone when this has ended.

    Raises `FencedError` and what Kafka raises. What was done by then is marked: the next time goes on with the rest.
    """
    async with Dealing(config, "replayed", who) as dealing:
        async for one in consider(config, box, selection, sealer, read, terms):
            if goes(one.verdict, terms):
                await dealing.take(one.head, one.letter)
            yield one


async def discard(config: Config, box: Box, selection: Selection, who: Who) -> AsyncIterator[Considered]:
    """Mark every letter that is meant as discarded, unopened. Raises as `replay` does."""
    async with Dealing(config, "discarded", who) as dealing:
        async for one in meant(box, selection):
            await dealing.take(one.head)
            yield one


async def meant(box: Box, selection: Selection) -> AsyncIterator[Considered]:
    """Each letter that would be discarded."""
    async for found in box.letters():
        if selection.takes(found.head):
            yield Considered(found.head, Verdict("discard"))
