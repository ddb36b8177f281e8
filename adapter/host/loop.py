"""The event loop of the service: uvloop, which here does not wait for a broker's goodbye.

With TLS the end of a connection is agreed upon, and uvloop gives that 30 seconds. A broker answers only when it is done
with what it was asked (half a second of a fetch), and sometimes not at all: then a look at the ledger took half a
minute.
"""

import asyncio
from typing import Any

import uvloop

# All that matters was answered before anybody closes a connection.
GOODBYE_SECONDS = 0.1


class Loop(uvloop.Loop):
    """uvloop with short goodbyes."""

    async def create_connection(self, *args: Any, ssl: Any = None, **settings: Any) -> Any:
        if ssl:
            settings.setdefault("ssl_shutdown_timeout", GOODBYE_SECONDS)
        return await super().create_connection(*args, ssl=ssl, **settings)


class _Policy(uvloop.EventLoopPolicy):  # type: ignore[misc]  # made at run time
    def _loop_factory(self) -> Loop:
        return Loop()


def install() -> None:
    """Every loop that is made from now on, those of faust's threads too, is a `Loop`."""
    asyncio.set_event_loop_policy(_Policy())
