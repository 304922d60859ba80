"""Waiting for others: in the database, for a condition, and never longer than five minutes."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

TENTHS = 3000


def until(condition: Callable[[], bool], what: str, alive: Callable[[], bool] = lambda: True) -> None:
    """Wait until a condition holds; `alive` tells whether it still can."""
    for _ in range(TENTHS):
        if condition():
            return
        if not alive():
            pytest.fail(f"what should bring it about has ended: {what}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.1)")
    pytest.fail(f"this never came: {what}")


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def drop_connections_of_others() -> None:
    """End every other session, and wait until it is gone: its locks are free only after its client was told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity"
            # Whatever vacuums at this moment may be ended by a superuser alone.
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
            [TENTHS * 100],
        )


def beside(work: Callable[[], object]) -> threading.Thread:
    """Do something on another thread with a connection of its own."""

    def closing() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=closing)
    thread.start()
    return thread
