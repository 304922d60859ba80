"""What time it is: the database's time, the same for every machine that works on it."""

from datetime import UTC, datetime, timedelta
from time import monotonic

from django.db import connection


def now() -> datetime:
    """Ask the database what time it is at this moment, within a transaction too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    moment: datetime = at
    return moment.astimezone(UTC)


class Clock:
    """Tells the database's time: asks for it once, and counts on from there without a connection."""

    __slots__ = ("_asked_at", "_base")

    def __init__(self, told: datetime | None = None) -> None:
        """`told`: what the database just said, where it was asked with something else."""
        self._base, self._asked_at = told, monotonic()

    def __call__(self) -> datetime:
        if self._base is None:
            self._base, self._asked_at = now(), monotonic()
        return self._base + timedelta(seconds=monotonic() - self._asked_at)
