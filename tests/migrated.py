"""The embedded server as tests need it, made ready once for all workers that run beside each other."""

import fcntl
from pathlib import Path
from typing import Final

import psycopg
from django.core.management import call_command
from django.db import connection

from mailroll import embedded
from mailroll.embedded.places import ROLE
from mailroll.schema import age
from mailroll.schema.blueprint import Blueprint

NAME: Final = "migrated"


def allow_quiet_emptying(folder: Path) -> None:
    """Let our account do without triggers where it says so; see `tests.emptying`."""
    with (folder / "allowed.lock").open("w", encoding="ascii") as turn:
        # Two grants at once would trip over each other.
        fcntl.flock(turn, fcntl.LOCK_EX)
        with psycopg.connect(embedded.administrator(folder).dsn, autocommit=True) as mighty:
            mighty.execute(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}".encode())


def template(folder: Path) -> str:
    """Make a database with all tables; return its name. Nobody can connect to it, as only such a one is copied."""
    with (folder / "migrated.lock").open("w", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                _make()
    connection.close()
    return NAME


def _make() -> None:
    own = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME}")
    _look_into(NAME)
    # As people get it: a test holds that the tables are those of all migrations, which take ten times as long.
    Blueprint.read().build(age.known())
    call_command("migrate", verbosity=0)
    _look_into(own)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS false")


def _look_into(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
