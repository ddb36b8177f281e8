"""Pages served as the service serves them: the real HTTP side, headers and policy included, in a thread of its own."""

import asyncio
import threading
from types import TracebackType
from typing import Self

from adapter.ops.http import Health, HttpSide, Page
from adapter.ops.metrics import Metrics
from adapter.report.status.render import POLICY, to_html
from adapter.report.status.status import Status


class Served:
    """`with Served(status) as side:` the status page at `side.url`; `side.status` may be changed meanwhile."""

    def __init__(self, status: Status, every: float) -> None:
        self.status, self._every = status, every
        self.asked = 0
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        well = Health(ok=True, why="running")
        self._side = HttpSide("127.0.0.1", 0, Metrics(), lambda: well, lambda: well, {"/": self._page})

    async def _page(self) -> Page:
        self.asked += 1
        return Page(to_html(self.status, self._every).encode(), "text/html", POLICY)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._side.start(), self._loop).result()
        self.url = f"http://127.0.0.1:{self._side.port}/"
        return self

    def gone(self) -> None:
        """The process is not there any more."""
        asyncio.run_coroutine_threadsafe(self._side.stop(), self._loop).result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gone()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
