"""Keeps what a worker says while the database refuses what it needs to ask the directories of quiet domains.

It stands in the cache, in the same database: an entry ends by itself once no worker says it any more.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.db import Error as DatabaseError

from mailroll.sync.pace import PULSE_LONGEST

_KEY: Final = "pulse-standstill"
_SAID_FOR: Final = 2 * int(PULSE_LONGEST)
"""Seconds, in which a worker that goes on failing has said it again."""


@dataclass(frozen=True, slots=True)
class Standstill:
    """Since when a worker fails, and with which kind of error: its text may name somebody."""

    since: datetime
    error: str


def tell(standstill: Standstill) -> None:
    # Where the database is away altogether, nothing can be said there, and nobody could read it.
    with suppress(DatabaseError):
        cache.set(_KEY, (standstill.since.isoformat(), standstill.error), _SAID_FOR)


def take_back() -> None:
    with suppress(DatabaseError):
        cache.delete(_KEY)


def newest() -> Standstill | None:
    """Return what a worker said last, unless it goes on or was heard of no more."""
    cached_pair = cache.get(_KEY)
    return None if cached_pair is None else Standstill(datetime.fromisoformat(cached_pair[0]), cached_pair[1])
