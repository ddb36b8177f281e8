"""What a stranger's connection may do to us: one short request, soon, and few strangers at a time.

A probe or a scrape is a line and some headers, answered in milliseconds. Whoever sends more, or dawdles over sending or
reading, is cut off; aiohttp alone would keep a connection open for as long as somebody likes.
"""

import asyncio

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

log = structlog.get_logger()

# Line and headers; a browser behind a proxy sends two or three thousand bytes.
REQUEST_BYTES = 16 * 1024
LINE_BYTES = HEADER_BYTES = 4 * 1024
HEADERS = 64
# From the first byte to the last of the answer.
SECONDS = 10.0
CONNECTIONS = 64

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class GuardedHandler(web.RequestHandler):
    """One connection, and one request on it."""

    __slots__ = ("_cut", "_got")

    def __init__(self, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # as aiohttp's own runner passes it
            keepalive_timeout=SECONDS,
            lingering_time=0,
            max_line_size=LINE_BYTES,
            max_field_size=HEADER_BYTES,
            max_headers=HEADERS,
        )
        self._cut: asyncio.TimerHandle | None = None
        self._got = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, or drop it at once when there are enough."""
        super().connection_made(transport)
        if self._manager is not None and len(self._manager.connections) > CONNECTIONS:
            self._abort()
            return
        self._cut = self._loop.call_later(SECONDS, self._abort)

    def data_received(self, data: bytes) -> None:
        """Take what has come, until it is too much."""
        self._got += len(data)
        if self._got > REQUEST_BYTES:
            self._abort()
            return
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget it."""
        if self._cut is not None:
            self._cut.cancel()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        """Answer what could not be read, or went wrong, with a bare number; nothing a stranger sent is repeated."""
        if status >= 500:
            log.error("an answer failed", error=type(exc).__name__)
        answer = web.Response(
            status=status, text=f"{status}\n", headers={**SECURITY_HEADERS, "Server": "-", "Connection": "close"}
        )
        answer.force_close()
        return answer

    def _abort(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


@web.middleware
async def only_reading(request: web.Request, handler: Handler) -> web.StreamResponse:
    """GET and HEAD on whatever path; one request a connection."""
    if request.method not in {"GET", "HEAD"}:
        raise web.HTTPMethodNotAllowed(request.method, ("GET", "HEAD"))
    return await handler(request)


async def secure(_: web.Request, response: web.StreamResponse) -> None:
    """Every answer's headers. A page that needs another policy for its contents has set it."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)
    response.headers["Connection"] = "close"
    response.force_close()
