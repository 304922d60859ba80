"""Accounts of the database that may do more than Mailroll's."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from tests.gateway.roles import Administrator, parameters


@contextmanager
def superuser(database: str) -> Iterator[Administrator]:
    """The account that the tests were given, where that is one; else the embedded server's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (mighty,) = cursor.fetchone()
    who = {} if mighty else {"user": "postgres", "password": ""}
    with psycopg.connect(**parameters(dbname=database, **who), autocommit=True) as session:
        yield session
