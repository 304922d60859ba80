"""Whoever may make roles in this test's database, and roles that are gone when their test is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection
from psycopg import sql

Administrator = psycopg.Connection[tuple[object, ...]]


def parameters(**other: Any) -> dict[str, Any]:
    """How to reach this test's database, with whatever else is given."""
    given = connection.settings_dict
    known = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": given["USER"]}
    return {name: value for name, value in {**known, "password": given["PASSWORD"], **other}.items() if value}


@contextmanager
def administrator() -> Iterator[Administrator]:
    """Connect as the embedded server's superuser, or to another server as the account that the tests were given."""
    who = {"user": "postgres", "password": ""} if connection.settings_dict["USER"] == "mailroll" else {}
    with psycopg.connect(**parameters(**who), autocommit=True) as database:
        yield database


@contextmanager
def role() -> Iterator[str]:
    """Give a name for a role, and take away the role and its rights afterwards."""
    name = f"gateway_{uuid4().hex[:12]}"
    try:
        yield name
    finally:
        with administrator() as database:
            if database.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None:
                for words in ("DROP OWNED BY {}", "DROP ROLE {}"):
                    database.execute(sql.SQL(words).format(sql.Identifier(name)))
