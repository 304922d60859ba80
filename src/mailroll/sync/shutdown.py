"""How what is under way in a process of ours is ended: tasks until they heard it, the process at a deadline."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Coroutine, Iterable, Mapping
from types import FrameType
from typing import Any, Final, TypeVar

log = logging.getLogger(__name__)

Key = TypeVar("Key")
Result = TypeVar("Result")

_AGAIN: Final = 0.1
"""Seconds after which a task that goes on is cancelled once more."""


async def cancel(tasks: "Iterable[asyncio.Task[Any]]") -> None:
    """Cancel tasks until all of them have ended.

    Once is not enough: before Python 3.12 `asyncio.wait_for` swallows a cancellation that comes together with what it
    waited for (https://github.com/python/cpython/issues/86296), and a pool of connections waits so for one of them. A
    worker that slept, and woke with all of its connections gone and a signal to end, went on for ever.
    """
    ending = pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_AGAIN)
    # Nobody may ask for their errors any more, and then asyncio would complain.
    await asyncio.gather(*ending, return_exceptions=True)


async def all_of(work: Mapping[Key, Coroutine[Any, Any, Result]]) -> dict[Key, Result]:
    """Await several at once, each under a key; where one raises, end the others."""
    tasks = {key: asyncio.ensure_future(coroutine) for key, coroutine in work.items()}
    try:
        await asyncio.gather(*tasks.values())
    finally:
        await cancel(tasks.values())
    return {key: task.result() for key, task in tasks.items()}


def set_deadline(seconds: float) -> None:
    """End the process in so many seconds, unless it has ended by then.

    Python waits for every thread before it ends, and a thread that waits for a database or a directory cannot be
    stopped. What it had not committed is undone by the database, and the next worker does it.
    """
    last = threading.Timer(seconds, _end)
    last.daemon = True
    last.start()


def _end() -> None:
    # Where each thread stood: whoever reads the log can tell what was waited for.
    log.error("this process did not end in time and is cut off: %s", "; ".join(_places(sys._current_frames())))  # noqa: SLF001 - no other way to see other threads
    os._exit(1)


def _places(frames: Mapping[int, FrameType]) -> list[str]:
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return [
        f"{names.get(thread, thread)} in {frame.f_code.co_name} ({frame.f_code.co_filename}:{frame.f_lineno})"
        for thread, frame in frames.items()
        if thread != threading.get_ident()
    ]
