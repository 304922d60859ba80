"""The chore that queues connections whose subscriptions are due, and what its jobs do. Their rows are the truth."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from mailroll.accounts import installation
from mailroll.audit import clock
from mailroll.connections.models import Connection, PartedSubscription
from mailroll.connections.subscriptions import termination, upkeep
from mailroll.sync import tasks
from mailroll.sync.notifications import coverage

EVERY: Final = timedelta(seconds=20)
"""How often a process looks what is due; where there was more than was queued, with its next turn."""
TOGETHER: Final = 4
"""Jobs of this kind at once, in which Microsoft asks us back: they shall keep no sync waiting."""


class Attendant:
    """One process's turn at it; another process may do the same at the same time."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def keep(self, now: datetime) -> None:
        if self._last is None or not timedelta(0) <= now - self._last < EVERY:
            self._last = now if queue_due(now) else None


def queue_due(now: datetime) -> bool:
    """Queue as many as there is room for, and return whether that was all."""
    room = TOGETHER - tasks.attending()
    if room <= 0:
        return False
    if PartedSubscription.objects.exists():
        tasks.enqueue_parting()
    keys = coverage.due(now, installation.settings().notification_url or "", room)
    for key in keys:
        tasks.enqueue_attending(key)
    return len(keys) < room


def attend(connection: UUID) -> None:
    row = Connection.objects.filter(id=connection).first()
    if row is not None:
        upkeep.attend(row, coverage.types(connection), installation.settings().notification_url, clock.now())


def end_parted() -> None:
    termination.end_parted(clock.now())


keep: Final = Attendant().keep
