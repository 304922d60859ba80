"""Refuses a pooler that gives the sessions of the database away: a lock held through one keeps nobody out."""

from typing import Final

from django.db import connection

from mailroll.reconcile.errors import BadInput
from mailroll.sync.locks.lock_session import open_session

PATIENCE: Final = 10.0
"""Seconds for the database to notice that a session has ended: milliseconds, unless the machine is very busy."""

# Any number that no other program takes. Nobody waits for it, as everybody only shares it.
_TRIED = 0x6D61_696D
_TAKE = "SELECT pg_backend_pid() FROM pg_advisory_lock_shared(%s)"
_HELD = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = %s AND objsubid = 1"
    " AND classid = 0 AND objid::bigint = %s)"
)


def refuse_transaction_pooling(patience: float = PATIENCE) -> None:
    """Make sure that a lock lives exactly as long as the session that took it; raises `BadInput` otherwise.

    PgBouncer in transaction mode keeps the lock for whoever comes next, or drops it with the statement where it is told
    to reset always. Tried with 1.18. To compare the processes of two statements proves nothing: while there is little
    to do, both get the same one.
    """
    with open_session() as session:
        row = session.execute(_TAKE, [_TRIED]).fetchone()
        process = row[0] if row else None
        lasts = _is_held(process)
    if not lasts or not _ends(process, patience):
        raise BadInput(
            "transaction_pooling",
            "DATABASE_URL leads to a pooler that shares sessions of the database between clients, as PgBouncer does in"
            " transaction mode. The locks that keep two runs of a domain apart do not hold there.",
            "Set pool_mode = session for this database in PgBouncer, or name PostgreSQL itself in DATABASE_URL.",
        )


def _ends(process: int | None, patience: float) -> bool:
    for _ in range(int(patience / 0.05)):
        if not _is_held(process):
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
    return False


def _is_held(process: int | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [process, _TRIED])
        (is_held,) = cursor.fetchone()
    return bool(is_held)
