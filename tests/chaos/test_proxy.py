"""The network as it is told to be: bytes pass, come late, hang, or the connection breaks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapter.sandbox.ports import HOST, free_ports
from tests.chaos.proxy import Line, Way


@asynccontextmanager
async def network() -> AsyncIterator[tuple[Line, int]]:
    """A server that answers each byte with itself, and a line before it; the port to reach it by."""
    port, advertised = free_ports(2)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while byte := await reader.read(1):
            writer.write(byte)
        writer.close()

    async with await asyncio.start_server(echo, HOST, port), Line([Way(advertised, port)]) as line:
        yield line, advertised


async def say(writer: asyncio.StreamWriter, reader: asyncio.StreamReader, byte: bytes) -> bytes:
    writer.write(byte)
    return await reader.read(1)


async def test_what_is_sent_comes_through_and_so_does_the_answer() -> None:
    async with network() as (_, port):
        reader, writer = await asyncio.open_connection(HOST, port)
        assert await say(writer, reader, b"a") == b"a"


async def test_a_cut_line_resets_what_there_is_and_what_comes_until_it_is_mended() -> None:
    async with network() as (line, port):
        reader, writer = await asyncio.open_connection(HOST, port)
        assert await say(writer, reader, b"a") == b"a"
        line.cut()
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
        reader, writer = await asyncio.open_connection(HOST, port)
        with pytest.raises(ConnectionResetError):
            await say(writer, reader, b"b")
        line.mend()
        reader, writer = await asyncio.open_connection(HOST, port)
        assert await say(writer, reader, b"c") == b"c"


async def test_what_is_dropped_is_there_when_the_line_is_mended_and_not_before() -> None:
    async with network() as (line, port):
        reader, writer = await asyncio.open_connection(HOST, port)
        assert await say(writer, reader, b"a") == b"a"
        line.drop()
        answer = asyncio.create_task(say(writer, reader, b"b"))
        assert await asyncio.wait((answer,), timeout=0.2) == (set(), {answer})
        line.mend()
        assert await answer == b"b"


async def test_a_slow_line_lets_everything_through_later() -> None:
    async with network() as (line, port):
        reader, writer = await asyncio.open_connection(HOST, port)
        line.delay(0.1)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        assert await say(writer, reader, b"a") == b"a"
        assert loop.time() - begun > 0.1  # there and back, a tenth of a second each way


async def test_a_broker_that_is_not_there_is_a_connection_that_is_reset() -> None:
    port, advertised = free_ports(2)
    async with Line([Way(advertised, port)]):
        reader, writer = await asyncio.open_connection(HOST, advertised)
        with pytest.raises(ConnectionResetError):
            await say(writer, reader, b"a")
