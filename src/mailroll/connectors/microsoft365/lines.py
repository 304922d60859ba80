"""Connections to Microsoft that a process keeps between readings: open ones are shared by all tenants of a cloud.

A reading has a loop of its own, which ends with it; so what is kept lives in another loop, in a thread that does
nothing but send. A request carries all that it says of itself (its token, no cookie), so it does not matter who used a
connection before.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from typing import Any, Final, TypeVar

import aiohttp
from yarl import URL

from mailroll.connectors.microsoft365.channel import AT_ONCE, Channel, HttpAnswer, Timeouts
from mailroll.connectors.microsoft365.clouds import Cloud

_IDLE: Final = 60.0
"""Seconds that a connection is kept with nothing on it."""
_OPEN_MAX: Final = 100
"""Connections of one cloud at the same time."""
_CLOUDS_MAX: Final = 16

_CLOSING: Final = 5.0
"""Seconds for each part of closing."""

_Result = TypeVar("_Result")


class Lines:
    """Gives channels over connections that are kept. `close` ends all of them, and the thread."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._open: dict[tuple[Cloud, Timeouts], tuple[aiohttp.ClientSession, AsyncExitStack]] = {}

    def channel(self, cloud: Cloud, timeouts: Timeouts) -> Channel | None:
        """Return a channel for one reading; None where there are too many clouds, so that it opens one of its own."""
        with self._turn:
            key = cloud, timeouts
            if key not in self._open:
                if len(self._open) >= _CLOUDS_MAX:
                    return None
                self._open[key] = self._run(_opened(cloud, timeouts))
            return _KeptChannel(self._open[key][0], cloud.ca_file, self._begun())

    def close(self) -> None:
        with self._turn:
            kept, self._open = [*self._open.values()], {}
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        # A process that is to end waits for no connection: what does not close in time goes with it.
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(_end_all(kept), loop).result(_CLOSING)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_CLOSING)
        if not thread.is_alive():
            loop.close()

    def _begun(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="lines", daemon=True)
            self._thread.start()
        return self._loop

    def _run(self, task: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(task, self._begun()).result()


class _KeptChannel(Channel):
    """One reading's share: as many requests at the same time as a reading has connections of its own."""

    def __init__(self, session: aiohttp.ClientSession, ca_file: str, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(session, ca_file)
        self._loop = loop
        self._places = asyncio.Semaphore(AT_ONCE)

    async def send(
        self, method: str, url: URL, *, call: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpAnswer:
        async with self._places:
            sending = super().send(method, url, call=call, headers=headers, body=body)
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(sending, self._loop))


async def _opened(cloud: Cloud, timeouts: Timeouts) -> tuple[aiohttp.ClientSession, AsyncExitStack]:
    stack = AsyncExitStack()
    session = await stack.enter_async_context(Channel.session(cloud, timeouts, limit=_OPEN_MAX, idle=_IDLE))
    return session, stack


async def _end_all(kept: Iterable[tuple[aiohttp.ClientSession, AsyncExitStack]]) -> None:
    """Close what is kept, and end what nobody waits for any more, and the threads that look names up."""
    for _, stack in kept:
        await stack.aclose()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
