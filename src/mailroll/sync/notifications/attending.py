"""The chore that queues connections whose subscriptions are due, and what its jobs do. Their rows are the truth."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from mailroll.accounts import installation
from mailroll.audit import clock
from mailroll.connections.models import Connection, PartedSubscription
from mailroll.connections.subscriptions import parting, upkeep
from mailroll.sync import tasks
from mailroll.sync.notifications import wanted

EVERY: Final = timedelta(seconds=20)
TOGETHER: Final = 2
"""Jobs of this kind at once, in which Microsoft asks us back: they shall keep no sync waiting."""


class Attendant:
    """One process's turn at it; another process may do the same at the same time."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def keep(self, now: datetime) -> None:
        if self._last is not None and timedelta(0) <= now - self._last < EVERY:
            return
        self._last = now
        queue_due(now)


def queue_due(now: datetime) -> None:
    room = TOGETHER - tasks.attending()
    if room <= 0:
        return
    if PartedSubscription.objects.exists():
        tasks.enqueue_parting()
    for key in wanted.due(now, installation.settings().notification_url or "", room):
        tasks.enqueue_attending(key)


def attend(connection: UUID) -> None:
    row = Connection.objects.filter(id=connection).first()
    if row is not None:
        upkeep.attend(row, wanted.types(connection), installation.settings().notification_url, clock.now())


def end_parted() -> None:
    parting.end_parted(clock.now())


keep: Final = Attendant().keep
