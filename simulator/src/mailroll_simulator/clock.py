"""The simulator's time: the real one until a test moves or stops it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Gives the time in UTC; can be moved on, or stopped at a chosen moment."""

    def __init__(self, at: datetime | None = None) -> None:
        self._stopped = at
        self._moved = timedelta()

    def now(self) -> datetime:
        return (self._stopped or datetime.now(UTC)) + self._moved

    def timestamp(self) -> float:
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Move the time on, or back where `seconds` is negative."""
        self._moved += timedelta(seconds=seconds)

    def stop(self, at: datetime | None = None) -> None:
        """Stop at the given moment, or at the present one."""
        self._stopped = at or self.now()
        self._moved = timedelta()

    def resume(self) -> None:
        """Follow the real time again."""
        self._stopped = None
        self._moved = timedelta()
