"""The HTTP side: metrics, health and the pages it is given; nothing about a single person, GET only, on 127.0.0.1
unless told otherwise.

What a connection may do is `http_guard`'s.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from adapter.ops.http_guard import GuardedHandler, only_reading, secure
from adapter.ops.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Health:
    """An answer to a probe: yes or no, and why."""

    ok: bool
    why: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a page answers; `policy` is the Content-Security-Policy it needs."""

    body: bytes
    content_type: str
    policy: str


Probe = Callable[[], Health]
# By path.
Pages = Mapping[str, Callable[[], Awaitable[Page]]]


class HttpSide:
    """Serves `/metrics`, `/health/live`, `/health/ready` and the pages."""

    def __init__(
        self, host: str, port: int, metrics: Metrics, live: Probe, ready: Probe, pages: Pages | None = None
    ) -> None:
        self._host, self._wanted = host, port
        self._metrics = metrics
        app = web.Application(middlewares=[only_reading])
        app.add_routes(
            [
                web.get("/metrics", self._exposition),
                web.get("/health/live", self._probe(live)),
                web.get("/health/ready", self._probe(ready)),
                *(web.get(path, self._page(page)) for path, page in (pages or {}).items()),
            ]
        )
        app.on_response_prepare.append(secure)
        self._runner = web.AppRunner(app)
        self._listener: asyncio.Server | None = None
        self.port = port

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self._runner.setup()
        server = self._runner.server
        if server is None:
            raise RuntimeError("the server was not set up")
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: GuardedHandler(server), self._host, self._wanted)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.close()
        await self._runner.cleanup()

    async def _exposition(self, _: web.Request) -> web.Response:
        return web.Response(body=self._metrics.exposition(), content_type="text/plain", charset="utf-8")

    @staticmethod
    def _probe(probe: Probe) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(_: web.Request) -> web.StreamResponse:
            health = probe()
            body = json.dumps({"ok": health.ok, "why": health.why})
            return web.Response(text=body, status=200 if health.ok else 503, content_type="application/json")

        return answer

    @staticmethod
    def _page(page: Callable[[], Awaitable[Page]]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(_: web.Request) -> web.StreamResponse:
            made = await page()
            own = {"Content-Security-Policy": made.policy}
            return web.Response(body=made.body, content_type=made.content_type, charset="utf-8", headers=own)

        return answer
