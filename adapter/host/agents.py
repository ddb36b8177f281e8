"""What comes seldom and is carried out one at a time, by faust's agents: commands and receipts."""

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
        """One command at a time. Nothing may raise here: faust would take the command as done."""
        async for value in stream:
            try:
                command = decode(value)
            except msgspec.MsgspecError:
                log.error("a command that cannot be read was passed over")  # noqa: TRY400  # the trace would quote it
                continue
            await until_done(partial(runner.run, command), "command")

    receipts = app.topic(config.topics.kvittering, value_serializer="raw", key_serializer="raw")

    @app.agent(receipts)  # type: ignore[untyped-decorator]
    async def take_receipt(stream: Any) -> None:
        """One receipt at a time, again and again until the ledger has it: faust would not bring it back."""
        async for value in stream:
            await until_done(partial(desk.take, value), "receipt")


async def until_done(attempt: Callable[[], Awaitable[object]], what: str) -> None:
    """Try until Kafka lets it: faust counts an event as handled whatever came of it."""
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
