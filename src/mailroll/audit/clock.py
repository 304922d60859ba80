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
    _Offset.hear(moment)
    return moment.astimezone(UTC)


def shown() -> datetime:
    """Return the time by which pages say how long ago something was: the database's, as this process last heard it.

    Nothing is asked for it. Before anything was, it is the machine's.
    """
    return datetime.now(UTC) + _Offset.ahead


class _Offset:
    ahead = timedelta()

    @classmethod
    def hear(cls, moment: datetime) -> None:
        cls.ahead = moment - datetime.now(UTC)


class Clock:
    """Tells the database's time: asks for it once, and counts on from there without a connection."""

    __slots__ = ("_asked_at", "_base")

    def __init__(self, database_time: datetime | None = None) -> None:
        """`database_time`: what the database just said, where it was asked with something else."""
        self._base, self._asked_at = database_time, monotonic()
        if database_time is not None:
            _Offset.hear(database_time)

    def __call__(self) -> datetime:
        if self._base is None:
            self._base, self._asked_at = now(), monotonic()
        return self._base + timedelta(seconds=monotonic() - self._asked_at)
