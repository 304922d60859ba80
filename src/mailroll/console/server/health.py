"""What whoever watches the machine asks: whether this process lives, and whether it can serve. Nobody signs in for it.

`/livez` says that the process answers. `/readyz` says more, a line each, and is 503 where the Console can serve nobody:
the database does not answer, or its tables are those of another version. That no worker lives is told too, and is 503
only for `/readyz?worker`: a balancer shall not take the Console away because of it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.db import Error, connection

from mailroll import promises
from mailroll.console.server.asgi import Application, Receive, Scope, Send, answer
from mailroll.measures.shared_look import SharedLook
from mailroll.schema import age
from mailroll.schema.age import SchemaAge
from mailroll.sync import tasks

PATIENCE: Final = 5.0
"""Seconds for the database to answer."""
_KEPT: Final = 1.0
"""Seconds that an answer is given again: however many ask, the database is asked once a second."""

_HEADERS: Final = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class HealthState:
    """What a look found. `migrations` and `worker` are false where the database did not answer."""

    database: bool
    migrations: bool
    worker: bool
    newer: bool = False
    """Whether the tables are those of a later version."""

    @property
    def serves(self) -> bool:
        return self.database and self.migrations

    def __str__(self) -> str:
        facts = {
            "database": "answers" if self.database else "does not answer",
            "migrations": self._tables,
            "worker": "seen"
            if self.worker
            else f"none seen within {promises.in_words(promises.WORKER)}"
            if self.database
            else "not known",
        }
        return "".join(f"{name}: {words}\n" for name, words in facts.items())

    @property
    def _tables(self) -> str:
        if self.newer:
            return "of a later version"
        return "applied" if self.migrations else "missing" if self.database else "not known"


_AWAY: Final = HealthState(database=False, migrations=False, worker=False)


def examine() -> HealthState:
    """Ask the database, in a session that ends with the answer."""
    try:
        tables = age.age()
        current = tables is SchemaAge.CURRENT
        worker = current and tasks.staffed()
        return HealthState(database=True, migrations=current, worker=worker, newer=tables is SchemaAge.NEWER)
    except Error:
        return _AWAY
    finally:
        connection.close()


class HealthDoor:
    """Stands before everything else: whoever watches knows neither our host name nor has a place among visitors."""

    def __init__(
        self, inner: Application, look: Callable[[], HealthState] = examine, patience: float = PATIENCE
    ) -> None:
        self._inner = inner
        thread = ThreadPoolExecutor(1, "health")
        self._state = SharedLook(look, thread, lifetime=_KEPT, patience=patience, otherwise=lambda: _AWAY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} else ""
        if path == "/livez":
            await answer(send, HTTPStatus.OK, b"alive\n", _HEADERS)
        elif path == "/readyz":
            state = await self._state()
            ready = state.serves and (state.worker or not scope["query_string"].startswith(b"worker"))
            status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
            await answer(send, status, str(state).encode(), _HEADERS)
        else:
            await self._inner(scope, receive, send)
