"""Locks of the database between who changes the tables and who needs them to stay. A dead process drops them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

from mailroll.reconcile.errors import Refused

# Any numbers that no other program takes.
TABLES: Final = 0x6D61_696C
RESTORING: Final = 0x6D61_696D_72


@contextmanager
def changing() -> Iterator[None]:
    """Be the only one who changes the tables: of commands that start at once, one migrates and the others wait."""
    with _hold_lock("pg_advisory_lock(%s)", "pg_advisory_unlock(%s)", TABLES):
        yield


@contextmanager
def unchanging() -> Iterator[None]:
    """Have the tables stay as they are, beside any number of others who want that."""
    with _hold_lock("pg_advisory_lock_shared(%s)", "pg_advisory_unlock_shared(%s)", TABLES):
        yield


@contextmanager
def restoring() -> Iterator[None]:
    """Be the only one who restores; raises `Refused` at once where somebody does already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RESTORING])
        (alone,) = cursor.fetchone()
    if not alone:
        raise Refused(
            "restore_under_way",
            "Another process is restoring a backup into this installation.",
            "Wait until it ends. Then this installation is no longer empty.",
        )
    try:
        with changing():
            yield
    finally:
        _call("pg_advisory_unlock(%s)", RESTORING)


@contextmanager
def _hold_lock(take: str, give_back: str, number: int) -> Iterator[None]:
    _call(take, number)
    try:
        yield
    finally:
        _call(give_back, number)


def _call(function: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", [number])
