"""The connection of the tests' own thread to the database, made as new in place of being closed.

A new one takes the server 7 ms and us 2, and a test would have five: a run gives its connection back before it asks
a directory, and Django closes what a test leaves.
"""

import threading

import psycopg
from django.db import connection


def renewed() -> bool:
    """Leave nothing of its session to the next; whether that could be done."""
    if connection.connection is None or connection.in_atomic_block:
        return False
    try:
        connection.connection.execute("DISCARD ALL")  # where no test counts it
        connection.init_connection_state()
    except psycopg.Error:
        return False
    return True


class GivenBack:
    """Stands for Django's connection where a run closes it: other threads close theirs, as they end."""

    def close(self) -> None:
        if threading.current_thread() is not threading.main_thread() or not renewed():
            connection.close()

    def __getattr__(self, name: str) -> object:
        return getattr(connection, name)
