"""Connections to Microsoft that a process keeps between readings: open ones are shared by all tenants of a cloud.

A reading has a loop of its own, which ends with it; so what is kept lives in another loop, in a thread that does
nothing but send. A request carries all that it says of itself (its token, no cookie), so it does not matter who used a
connection before.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any, Final, TypeVar

import aiohttp
from yarl import URL

from mailroll.connectors.microsoft365.http import authorities
from mailroll.connectors.microsoft365.http.channel import AT_ONCE, Channel, HttpAnswer, Timeouts
from mailroll.connectors.microsoft365.http.clouds import Cloud

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
        self._open: dict[tuple[Cloud, Timeouts], _Line] = {}

    def channel(self, cloud: Cloud, timeouts: Timeouts) -> Channel | None:
        """Return a channel for one reading; None where there are too many clouds, so that it opens one of its own."""
        with self._turn:
            key = cloud, timeouts
            if key not in self._open:
                if len(self._open) >= _CLOUDS_MAX:
                    return None
                self._open[key] = _Line(cloud, timeouts)
            return _KeptChannel(self._open[key], self._running_loop())

    def begin(self, question: Coroutine[Any, Any, _Result]) -> "Future[_Result]":
        """Ask in the loop that sends, from another thread: many questions at once need no other loop.

        What it does besides asking is to be brief: everybody who sends has to wait for it.
        """
        with self._turn:
            loop = self._running_loop()
        return asyncio.run_coroutine_threadsafe(question, loop)

    def close(self) -> None:
        with self._turn:
            lines, self._open = [*self._open.values()], {}
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        # A process that is to end waits for no connection: what does not close in time goes with it.
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(_end_all(lines), loop).result(_CLOSING)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_CLOSING)
        if not thread.is_alive():
            loop.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="lines", daemon=True)
            self._thread.start()
        return self._loop


class _Line:
    """Connections to one cloud, opened in their own loop with the first request."""

    def __init__(self, cloud: Cloud, timeouts: Timeouts) -> None:
        self.ca_file = cloud.ca_file
        self._opening = Channel.session(cloud, timeouts, limit=_OPEN_MAX, idle=_IDLE)
        self._stack = AsyncExitStack()
        self._turn = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def session(self) -> aiohttp.ClientSession:
        async with self._turn:
            if self._session is None:
                self._session = await self._stack.enter_async_context(self._opening)
            return self._session

    async def close(self) -> None:
        await self._stack.aclose()


class _KeptChannel(Channel):
    """One reading's share: as many requests at the same time as a reading has connections of its own."""

    def __init__(self, line: _Line, loop: asyncio.AbstractEventLoop) -> None:
        self._trusted = authorities.trusted(line.ca_file)  # a file that is not there is told before anything is asked
        self._line = line
        self._loop = loop
        self._places = asyncio.Semaphore(AT_ONCE)
        self._channel: Channel | None = None

    async def send(
        self,
        method: str,
        url: URL,
        *,
        call: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        notify: Callable[[], object] | None = None,
    ) -> HttpAnswer:
        async with self._places:
            loop = asyncio.get_running_loop()
            if notify is not None and loop is not self._loop:
                notify = partial(loop.call_soon_threadsafe, notify)
            question = partial(
                Channel.send, method=method, url=url, call=call, headers=headers, body=body, notify=notify
            )
            sending = self._send_over_line(question)
            if loop is self._loop:
                return await sending
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(sending, self._loop))

    async def _send_over_line(self, question: Callable[[Channel], Coroutine[Any, Any, HttpAnswer]]) -> HttpAnswer:
        if self._channel is None:
            self._channel = Channel(await self._line.session(), self._line.ca_file, self._trusted)
        return await question(self._channel)


async def _end_all(lines: Iterable[_Line]) -> None:
    """Close what is kept, and end what nobody waits for any more, and the threads that sign in."""
    for line in lines:
        await line.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
