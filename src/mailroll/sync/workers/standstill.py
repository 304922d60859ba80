"""Keeps what a worker says while the database refuses what one of its tasks needs, though the worker itself lives.

It stands in the cache, in the same database: an entry ends by itself once no worker says it any more.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.core.cache import cache
from django.db import Error as DatabaseError

from mailroll.sync.schedules import pace

_SAID_FOR: Final = 2 * int(pace.PULSE_LONGEST)
"""Seconds, in which a worker that goes on failing has said it again."""


class WorkerTask(StrEnum):
    """A task that a worker does beside its runs; the value is the key of its entry in the cache."""

    PULSE = "pulse-standstill"
    TICK = "tick-standstill"


@dataclass(frozen=True, slots=True)
class Standstill:
    """Since when a task fails, and with which kind of error: its text may name somebody."""

    since: datetime
    error: str


@dataclass(slots=True)
class TaskTries:
    """How often the database refused a task of this process in a row."""

    task: WorkerTask
    _failures: int = 0
    _standstill: Standstill | None = None

    def fail(self, error: DatabaseError, now: datetime, beat: float) -> float:
        """Say it where people look; returns after how many seconds to try again, ever more of them."""
        self._failures += 1
        self._standstill = self._standstill or Standstill(now, kind(error))
        # Where the database is away altogether, nothing can be said there, and nobody could read it.
        with suppress(DatabaseError):
            cache.set(self.task, (self._standstill.since.isoformat(), self._standstill.error), _SAID_FOR)
        return pace.pulse_wait(self._failures, beat)

    def succeed(self) -> None:
        if self._standstill is not None:
            self._failures, self._standstill = 0, None
            with suppress(DatabaseError):
                cache.delete(self.task)


def kind(error: DatabaseError) -> str:
    """Return the class of an error, and PostgreSQL's code where it has one."""
    code = getattr(error.__cause__, "sqlstate", None)
    return type(error).__name__ + (f", {code}" if code else "")


def newest(task: WorkerTask) -> Standstill | None:
    """Return what a worker said last of a task, unless it goes on or was heard of no more."""
    cached_pair = cache.get(task)
    return None if cached_pair is None else Standstill(datetime.fromisoformat(cached_pair[0]), cached_pair[1])
