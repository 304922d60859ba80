"""One run at a time for a domain: a lock that the database drops with the session of the process that held it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from mailroll.connections.outside import NOTICE_THE_DEAD
from mailroll.reconcile.errors import Refused
from mailroll.sync.lock_session import Lock, locks
from mailroll.sync.models import UNDER_WAY, Run
from mailroll.sync.runs import states

_UNSETTLED: Final = "EXISTS (SELECT FROM sync_run WHERE domain_id = %s AND state = ANY(%s::text[]))"
_STATES: Final = [state.value for state in (*UNDER_WAY, *states.WAITING)]


class AlreadyRunning(Refused):
    """A run of the domain is under way; an answer rather than a fault. `run` is its id where it is known."""

    def __init__(self, run: UUID | None) -> None:
        super().__init__(
            "already_running",
            "A run of this domain is under way.",
            "Wait for it to end, or cancel it, and try again.",
        )
        self.run = run


@contextmanager
def alone(domain: UUID, now: datetime) -> Iterator[None]:
    """Hold the domain's lock; raises `AlreadyRunning`. What a dead process left behind is settled first."""
    with locks.holding(_key(domain)) as lock:
        if lock is None:
            under_way = Run.objects.filter(domain=domain, state__in=UNDER_WAY).first()
            raise AlreadyRunning(under_way.id if under_way else None)
        with connection.cursor() as cursor:
            cursor.execute(f"{NOTICE_THE_DEAD}, {_UNSETTLED}", [domain, _STATES])
            *_, unsettled = cursor.fetchone()
        if unsettled:
            states.settle(domain, now)
        yield


def held(domain: UUID) -> Lock:
    """Return the domain's lock as this process holds it; raises `LockLost` where the session has ended."""
    return locks.held(_key(domain))


def taken(domain: UUID) -> bool:
    """Whether anybody holds the domain's lock: only then is a run that says so really under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks, hashtextextended(%s, 0) AS key WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = (key >> 32) & 4294967295 AND objid::bigint = key & 4294967295 AND objsubid = 1)",
            [_key(domain)],
        )
        (is_held,) = cursor.fetchone()
    return bool(is_held)


def _key(domain: UUID) -> str:
    return f"mailroll:domain:{domain}"
