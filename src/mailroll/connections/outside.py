"""Waits for an outside directory, and holds no connection to the database for as long as that may take."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections

Answer = TypeVar("Answer")

# What a machine held that went away without a word shall not live for the two hours that are usual.
NOTICE_THE_DEAD = (
    "SELECT set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),"
    " set_config('tcp_keepalives_count', '3', false)"
)
BRIEF: Final = 0.5
"""Seconds for which a connection is kept that nothing asks: most answers come sooner, and a new one costs PostgreSQL a
process, which has to learn of each table anew.
"""


class LentConnection:
    """The connection of a thread that waits, lent to what asks the database meanwhile.

    It is given back where nothing asks for a while, and what asks then opens it anew.
    """

    def __init__(self) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._mutex = threading.Lock()
        self._is_used = False
        self._connection.inc_thread_sharing()

    def give_back_unused(self) -> None:
        """Give it back unless anything was asked since the last time."""
        with self._mutex:
            if not self._is_used:
                self._connection.close()
            self._is_used = False

    def use(self, query: Callable[[], Answer]) -> Answer:
        """Put a query of another thread."""
        own = connections[DEFAULT_DB_ALIAS]
        try:
            with self._mutex:
                # One that answered within the last moments is taken to be there.
                if not self._is_used:
                    self._close_unusable()
                self._is_used = False
                connections[DEFAULT_DB_ALIAS] = self._connection
                self.open()
                answer = query()
                self._is_used = True
                return answer
        finally:
            connections[DEFAULT_DB_ALIAS] = own

    def take_back(self) -> None:
        """Let its own thread have it again, alone."""
        self._connection.dec_thread_sharing()
        self._close_unusable()

    def open(self) -> None:
        if self._connection.connection is None:
            with self._connection.cursor() as cursor:
                cursor.execute(NOTICE_THE_DEAD)

    def _close_unusable(self) -> None:
        """Close one whose server may have gone, and come back, meanwhile without a word."""
        if self._connection.connection is not None and not self._connection.is_usable():
            self._connection.close()


_LENT: ContextVar[LentConnection] = ContextVar("lent")


def ask(question: Coroutine[Any, Any, Answer]) -> Answer:
    """Await an answer that may take minutes. Where it is not brief, the thread's connection is given back meanwhile.

    Inside a transaction there is none to give back.
    """
    if connection.in_atomic_block:
        return _await(question)
    lent = LentConnection()
    lending = _LENT.set(lent)
    try:
        answer = _await(_lending(question, lent))
    finally:
        _LENT.reset(lending)
        lent.take_back()
    lent.open()
    return answer


async def _lending(question: Coroutine[Any, Any, Answer], lent: LentConnection) -> Answer:
    async def give_back() -> None:
        while True:
            await asyncio.sleep(BRIEF)
            await asyncio.to_thread(lent.give_back_unused)

    giving_back = asyncio.create_task(give_back())
    try:
        return await question
    finally:
        giving_back.cancel()


def later(query: Callable[[], Answer]) -> Callable[[], Awaitable[Answer]]:
    """Make a query of the database one that can be put in the midst of a question to an outside directory.

    It has a thread of its own for it, and the connection of the one that waits. Inside a transaction, which no other
    thread can see into, it is put at once.
    """
    if connection.in_atomic_block:
        answer = query()

        async def at_hand() -> Answer:
            return answer

        return at_hand

    async def put() -> Answer:
        return await asyncio.to_thread(_LENT.get().use, query)

    return put


def _await(question: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine to its end; the answer passes by its task.

    Python 3.11 writes a task and its result down as text when it ends: a whole reading, twice
    (https://github.com/python/cpython/issues/112559).
    """
    answers: list[Answer] = []

    async def keep() -> None:
        answers.append(await question)

    asyncio.run(keep())
    return answers[0]
