"""What comes seldom and is carried out one at a time, by faust's agents: commands and receipts.

faust counts an event as handled when its turn ends, however it ends: a process that is told to stop in the middle would
commit the offset of a command it never carried out. So a turn says itself that it is done (`noack`, `ack`), and
what was not done when the process went comes again to the next one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import faust
import msgspec
import structlog
from aiokafka.errors import KafkaError

from adapter.report.command import decode
from adapter.report.receipts import ReceiptDesk
from adapter.report.runner import Runner
from adapter.settings.config import Config

log = structlog.get_logger()

RETRY_SECONDS = 1.0


def add_agents(app: faust.App, config: Config, runner: Runner, desk: ReceiptDesk) -> None:
    """Give `app` the two agents."""
    commands = app.topic(config.topics.kommando, value_serializer="raw", key_serializer="raw", partitions=1)

    @app.agent(commands)  # type: ignore[untyped-decorator]
    async def carry_out(stream: Any) -> None:
        """One command at a time."""
        async for event in stream.noack().events():
            try:
                command = decode(event.value)
            except msgspec.MsgspecError:
                log.error("a command that cannot be read was passed over")  # noqa: TRY400  # the trace would quote it
            else:
                await until_done(partial(runner.run, command), "command")
            event.ack()

    receipts = app.topic(config.topics.kvittering, value_serializer="raw", key_serializer="raw")

    @app.agent(receipts)  # type: ignore[untyped-decorator]
    async def take_receipt(stream: Any) -> None:
        """One receipt at a time, again and again until the ledger has it."""
        async for event in stream.noack().events():
            await until_done(partial(desk.take, event.value), "receipt")
            event.ack()


async def until_done(attempt: Callable[[], Awaitable[object]], what: str) -> None:
    """Try until Kafka lets it: what failed is not brought back before another process starts."""
    wait = RETRY_SECONDS
    while True:
        try:
            await attempt()
        except (KafkaError, OSError) as error:
            log.warning("not carried out, trying again", what=what, error=type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)
        else:
            return
