"""The HTTP side against strangers: real sockets, raw bytes, and what comes back."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio

from adapter.ops import http_guard
from adapter.ops.http import Health, HttpSide
from adapter.ops.http_guard import CONNECTIONS, REQUEST_BYTES, SECURITY_HEADERS
from adapter.ops.metrics import Metrics
from tests.integration.house import wait_until

HOST = "127.0.0.1"
LIMIT = 15
MARK = b"01819912345"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@pytest_asyncio.fixture
async def side() -> AsyncIterator[HttpSide]:
    made = HttpSide(HOST, 0, Metrics(), lambda: Health(ok=True, why="running"), lambda: Health(ok=False, why="not yet"))
    await made.start()
    yield made
    await made.stop()


async def sent(side: HttpSide, text: bytes) -> bytes:
    """All that comes back until the other end closes, which it does."""
    reader, writer = await asyncio.open_connection(HOST, side.port)
    writer.write(text)
    try:
        return await asyncio.wait_for(reader.read(), LIMIT)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def read(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return Answer(int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body)


async def ask(side: HttpSide, line: str, *headers: str, body: bytes = b"") -> Answer:
    head = "\r\n".join([f"{line} HTTP/1.1", "Host: localhost", *headers, "", ""])
    return read(await sent(side, head.encode("latin-1") + body))


PATHS = ("/metrics", "/health/live", "/health/ready")


@pytest.mark.parametrize(("path", "status"), [("/metrics", 200), ("/health/live", 200), ("/health/ready", 503)])
async def test_it_answers_get_and_head_alike_but_for_the_body(side: HttpSide, path: str, status: int) -> None:
    got, head = await ask(side, f"GET {path}"), await ask(side, f"HEAD {path}")
    assert (got.status, head.status) == (status, status)
    assert got.body
    assert head.body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/metrics", "/health/live", "/nowhere"])
async def test_no_other_method_is_answered_anywhere(side: HttpSide, method: str, path: str) -> None:
    answer = await ask(side, f"{method} {path}", "Content-Length: 11", body=MARK)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,HEAD"
    assert MARK not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nowhere",
        "/metrics/",
        "//metrics",
        "/metrics/../metrics/x",
        "/health/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/metrics%00",
        "/METRICS",
        "/health",
        f"/person/{MARK.decode()}",
    ],
)
async def test_what_is_not_there_is_not_there(side: HttpSide, path: str) -> None:
    answer = await ask(side, f"GET {path}")
    assert answer.status == 404
    assert MARK not in answer.body


BROKEN = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"FINN /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /metrics HTTP/9.9\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET /" + MARK + b"a" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nHost: a\r\nX: " + MARK + b"a" * 5000 + b"\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(100)) + b"\r\n",
]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
async def test_what_cannot_be_read_is_refused_and_not_repeated(
    side: HttpSide, text: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = read(await sent(side, text))
    assert answer.status == 400
    assert answer.body == b"400\n"
    out, err = capfd.readouterr()
    assert MARK.decode() not in out + err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    "line", [*(f"GET {path}" for path in PATHS), "HEAD /metrics", "POST /metrics", "GET /nowhere", "GET"]
)
async def test_every_answer_has_the_security_headers_and_closes(side: HttpSide, line: str) -> None:
    answer = await ask(side, line)
    assert answer.headers | SECURITY_HEADERS == answer.headers
    assert answer.headers["Connection"] == "close"
    assert not re.search(r"(?i)python|aiohttp", str(answer.headers))


async def test_a_request_that_is_too_large_is_cut_off(side: HttpSide) -> None:
    endless = b"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n" + b"a" * (4 * REQUEST_BYTES)
    reply = await sent(side, endless)
    assert reply == b"" or read(reply).status == 200
    assert (await ask(side, "GET /health/live")).status == 200


@pytest.mark.parametrize(
    "first", [b"", b"GET /metrics HTTP/1.1\r\nHost: a\r\n", b"GET /metrics HTTP/1.1\r\nContent-Length: 9\r\n\r\n"]
)
async def test_whoever_dawdles_is_cut_off(side: HttpSide, first: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then keeps no connection open."""
    monkeypatch.setattr(http_guard, "SECONDS", 0.5)
    reader, writer = await asyncio.open_connection(HOST, side.port)
    writer.write(first)
    await asyncio.wait_for(dribbled_until_cut(reader, writer), LIMIT)


async def dribbled_until_cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while not reader.at_eof():
            writer.write(b"X")
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1000), 0.05)
    writer.close()


async def test_whoever_does_not_read_the_answer_is_cut_off(side: HttpSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_guard, "SECONDS", 0.5)
    monkeypatch.setattr(Metrics, "exposition", lambda _: b"x" * 50_000_000)
    reader, writer = await asyncio.open_connection(HOST, side.port, limit=1000)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(read_late(side, reader), LIMIT)
    writer.close()


async def read_late(side: HttpSide, reader: asyncio.StreamReader) -> None:
    """Begin to read when the side has let go."""

    async def nobody() -> bool:
        server = side._runner.server
        return server is not None and server.requests_count > 0 and not server.connections

    await wait_until(nobody, LIMIT, "the connection is cut off")
    await reader.readexactly(50_000_000)


async def test_more_than_a_crowd_is_turned_away_until_somebody_leaves(
    side: HttpSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_guard, "SECONDS", 3600.0)
    crowd = [await asyncio.open_connection(HOST, side.port) for _ in range(CONNECTIONS)]
    assert await sent(side, b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n") == b""
    for _, writer in crowd:
        writer.close()

    async def answered() -> bool:
        return (await sent(side, b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"))[:12] == b"HTTP/1.1 200"

    await wait_until(answered, LIMIT, "the probes get through again")


async def test_it_listens_where_it_is_told_and_nowhere_else(side: HttpSide) -> None:
    assert side._listener is not None
    assert [one.getsockname() for one in side._listener.sockets] == [(HOST, side.port)]
