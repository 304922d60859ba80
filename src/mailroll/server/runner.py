"""The server itself, with every limit set: the commands run it, and so do the tests."""

import asyncio
from collections.abc import Callable
from typing import Any

import uvicorn

from mailroll.server.limits import BACKLOG, ServerLimits
from mailroll.server.protocol import PunctualHttp


def configured(application: str | Any, host: str = "127.0.0.1", port: int = 0) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        http=PunctualHttp,
        ws="none",
        lifespan="off",
        log_config=None,
        server_header=False,
        # Only `MAILROLL_TRUSTED_PROXIES` says who is believed; uvicorn would believe this machine.
        proxy_headers=False,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=ServerLimits().head_bytes,
    )


class WatchedServer(uvicorn.Server):
    """A server that ends by itself once `look` finds a reason to, which is asked every so many seconds in a thread.

    `greet` is called in a thread, too, once its port is its own.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        look: Callable[[], Exception | None],
        every: float,
        greet: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(config)
        self._look, self._every, self._greet = look, every, greet
        self.reason: Exception | None = None

    async def main_loop(self) -> None:
        await asyncio.to_thread(self._greet)
        watch = asyncio.create_task(self._watch())
        try:
            await super().main_loop()
        finally:
            watch.cancel()
            await asyncio.wait({watch})

    async def _watch(self) -> None:
        while self.reason is None:
            await asyncio.sleep(self._every)
            self.reason = await asyncio.to_thread(self._look)
        self.should_exit = True
