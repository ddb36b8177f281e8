"""The network between one worker and the brokers: connections that pass, come late, hang or break, as it is told.

What is dropped is held back, not thrown away: to both ends of a TCP connection a network that loses packets for some
seconds looks just like that, since they are sent again.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Iterable
from types import TracebackType
from typing import NamedTuple, Self

from adapter.sandbox.ports import HOST

CHUNK = 65_536
# Closing with this option set sends a reset instead of an orderly end.
_RESET = struct.pack("ii", 1, 0)


class Way(NamedTuple):
    """From the port that clients are sent to, to the port where the broker listens."""

    advertised: int
    port: int


class Line:
    """`async with Line(ways) as line:` passes everything on, until it is told otherwise."""

    def __init__(self, ways: Iterable[Way]) -> None:
        self._ways = tuple(ways)
        self._servers: list[asyncio.Server] = []
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._late = 0.0
        self._cut = False
        self._passes = asyncio.Event()
        self._passes.set()

    def cut(self) -> None:
        """Reset every connection there is, and from now on every new one."""
        self._cut = True
        for end in self._ends:
            _reset(end)

    def drop(self) -> None:
        """Let nothing through, and tell nobody."""
        self._passes.clear()

    def delay(self, seconds: float) -> None:
        """Let everything come so much later."""
        self._late = seconds

    def mend(self) -> None:
        """All as it should be."""
        self._late, self._cut = 0.0, False
        self._passes.set()

    async def __aenter__(self) -> Self:
        for way in self._ways:
            self._servers.append(await asyncio.start_server(self._taker(way), HOST, way.advertised))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
        # Nothing is cancelled: with its connections gone each task ends by itself.
        self.mend()
        self.cut()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    def _taker(self, way: Way) -> "asyncio.streams._ClientConnectedCallback":
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            carrying = asyncio.current_task()
            assert carrying is not None
            self._carrying.add(carrying)
            try:
                await self._connect(reader, writer, way.port)
            finally:
                self._carrying.discard(carrying)

        return take

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        """One connection, from its beginning to its end. A broker that is not there is a connection that is reset."""
        ends = [writer]
        self._ends.add(writer)
        try:
            if self._cut:
                return
            there, back = await asyncio.open_connection(HOST, port)
            ends.append(back)
            self._ends.add(back)
            ways = [asyncio.ensure_future(self._carry(reader, back)), asyncio.ensure_future(self._carry(there, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in ways:
                    one.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            pass
        finally:
            for end in ends:
                self._ends.discard(end)
                _reset(end)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass on what comes, until one of the ends is closed."""
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK):
                await self._passes.wait()
                if self._late:
                    await asyncio.sleep(self._late)
                target.write(data)
                await target.drain()


def _reset(end: asyncio.StreamWriter) -> None:
    raw = end.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    end.transport.abort()
