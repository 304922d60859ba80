"""Waits for an outside directory, and holds no connection to the database meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from django.db import connection

Answer = TypeVar("Answer")

# What a machine held that went away without a word shall not live for the two hours that are usual.
NOTICE_THE_DEAD = (
    "SELECT set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),"
    " set_config('tcp_keepalives_count', '3', false)"
)


def ask(question: Coroutine[Any, Any, Answer]) -> Answer:
    """Await an answer that may take minutes. The thread's connection is given back before, and opened anew after.

    Inside a transaction there is none to give back.
    """
    if connection.in_atomic_block:
        return _await(question)
    connection.close()
    answer = _await(question)
    with connection.cursor() as cursor:
        cursor.execute(NOTICE_THE_DEAD)
    return answer


def later(query: Callable[[], Answer]) -> Callable[[], Awaitable[Answer]]:
    """Make a query of the database one that can be put in the midst of a question to an outside directory.

    It has a thread of its own for it, whose connection is given back with the answer. Inside a transaction, which no
    other thread can see into, it is put at once.
    """
    if connection.in_atomic_block:
        answer = query()

        async def at_hand() -> Answer:
            return answer

        return at_hand

    def look() -> Answer:
        try:
            return query()
        finally:
            connection.close()

    async def ask() -> Answer:
        return await asyncio.to_thread(look)

    return ask


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
