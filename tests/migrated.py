"""A migrated database that is made once, and copied for each of the workers that run beside each other."""

import fcntl
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connection

NAME: Final = "migrated"


def template(folder: Path) -> str:
    """Return the name of the database, which nobody can connect to: a copy is made of one that nobody is in."""
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
    call_command("migrate", verbosity=0)
    _look_into(own)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS false")


def _look_into(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
