"""Another database for this process to look into, as an installation on another machine has one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def another_database(suffix: str = "elsewhere") -> Iterator[None]:
    """Have everything of this thread go to a database without tables, which is dropped afterwards."""
    own = connection.settings_dict["NAME"]
    name = f"{own}_{suffix}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    _look_into(name)
    try:
        yield
    finally:
        _look_into(own)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _look_into(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
