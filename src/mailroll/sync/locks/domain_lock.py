"""One run at a time for a domain: a lock that the database drops with the session of the process that held it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from mailroll import promises
from mailroll.connections.outside import NOTICE_THE_DEAD
from mailroll.directory import arrays
from mailroll.reconcile.errors import Refused
from mailroll.sync import states
from mailroll.sync.locks.lock_session import NAME_PART, Lock, locks
from mailroll.sync.models import UNDER_WAY, Run

SILENT: Final = promises.WORKER
"""For so long a session that holds a lock has asked nothing, where its process counts as silent."""
# The key that `alone` takes. A run at work by a living worker has a job that this worker has.
_SILENT_HOLDERS: Final = """
    SELECT DISTINCT d.name, a.application_name, a.pid, a.state_change
      FROM sync_runrequest q
      JOIN sync_run r ON r.id IN (q.id, q.run, q.decides_id) AND r.state = ANY (%(under_way)s::text[])
      JOIN directory_domain d ON d.id = r.domain_id
     CROSS JOIN LATERAL hashtextextended('mailroll:domain:' || d.id, 0) AS key
      JOIN pg_locks l ON l.locktype = 'advisory' AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.classid::bigint = (key >> 32) & 4294967295 AND l.objid::bigint = key & 4294967295
      JOIN pg_stat_activity a ON a.pid = l.pid AND a.state_change <= clock_timestamp() - %(silent)s::interval
     WHERE q.outcome IN ('', 'done') AND NOT EXISTS (
           SELECT FROM procrastinate_jobs j JOIN procrastinate_workers w ON w.id = j.worker_id
            WHERE j.status = 'doing' AND j.args ->> 'request' = q.id::text
              AND w.last_heartbeat > clock_timestamp() - %(silent)s::interval)
     ORDER BY a.state_change, d.name
"""
_ABANDONED: Final = """
    SELECT r.id, r.domain_id FROM sync_run r
     WHERE r.state = ANY (%s::text[]) AND NOT EXISTS (
           SELECT FROM hashtextextended('mailroll:domain:' || r.domain_id, 0) AS key
             JOIN pg_locks l ON l.locktype = 'advisory' AND l.objsubid = 1
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid::bigint = (key >> 32) & 4294967295 AND l.objid::bigint = key & 4294967295)
"""
_UNSETTLED: Final = "EXISTS (SELECT FROM sync_run WHERE domain_id = %s AND state = ANY(%s::text[]))"
_STATES: Final = arrays.texts((*UNDER_WAY, *states.WAITING))


@dataclass(frozen=True, slots=True)
class SilentHolder:
    """A process that holds a domain's lock and does nothing: `process` says which of which machine, as far as known.

    `session` is the number of its session at the database, which has asked nothing since.
    """

    domain: str
    process: str
    session: int
    since: datetime


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


def abandoned_runs() -> dict[UUID, UUID]:
    """Return the runs, with their domains, that say that they are under way while nobody holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute(_ABANDONED, [[state.value for state in UNDER_WAY]])
        return dict(cursor.fetchall())


def silent_holders() -> list[SilentHolder]:
    """Return the silent processes that hold the lock of a domain whose request nobody alive is at work on.

    One is settled before its run has ended where that is no answer any more (`ask.for_run`).
    """
    with connection.cursor() as cursor:
        under_way = [state.value for state in UNDER_WAY]
        values: dict[str, Any] = {"under_way": under_way, "silent": f"{SILENT.total_seconds()} s"}
        cursor.execute(_SILENT_HOLDERS, values)
        return [
            SilentHolder(domain, name.partition(NAME_PART)[2] or "unknown", session, since)
            for domain, name, session, since in cursor.fetchall()
        ]


def _key(domain: UUID) -> str:
    return f"mailroll:domain:{domain}"
