"""Whoever asks over HTTP may ask with an identity number: in path, query, header, and in what is no request at all."""

import asyncio
import contextlib

from tests.security.canary.persons import marked
from tests.security.canary.stage import Stage

REQUESTS = [
    "GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /metrics?fnr={} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Pasient: {}\r\nCookie: p={}\r\nConnection: close\r\n\r\n",
    "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{}",
    "{} /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /metrics HTTP/{}\r\n\r\n",
    "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -{}\r\n\r\n",
    "GET /metrics HTTP/1.1\r\nHost: x\r\n{}\r\n\r\n",
    "{}\r\n\r\n",
]


async def play(stage: Stage) -> None:
    """Byte for byte, since no client would send most of these."""
    [service] = [one for one in stage.services if one.running]
    for number, request in enumerate(REQUESTS):
        who = marked(f"HTTP request {number}")
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        writer.write(request.replace("{}", who.number).encode())
        await writer.drain()
        with contextlib.suppress(TimeoutError, ConnectionError):
            answer = await asyncio.wait_for(reader.read(), 5)
            kept = stage.echoes if b" 400 " in answer.partition(b"\r\n")[0] else stage.answers
            kept[f"HTTP request {number}"] = answer
        writer.close()
