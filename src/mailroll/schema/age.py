"""Whether the tables are those of this version. A process that knows others says so and stops."""

from collections.abc import Collection
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from django.apps import apps
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder

from mailroll.reconcile.errors import MailrollError

Migrations = Collection[tuple[str, str]]
_OURS: Final = "mailroll."


class SchemaAge(StrEnum):
    """The tables, seen from this version."""

    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    """A later version has changed them, whatever else is missing."""


class OtherTables(MailrollError):
    """The tables are of another version than this process: it can do nothing with them, however often it tries."""

    def __str__(self) -> str:
        return f"{super().__str__()} ({self.code})"


@cache
def known() -> frozenset[tuple[str, str]]:
    """Return the app and name of every migration, by the names of files: importing them all takes a while.

    As this process found them first: to install another version changes the files, and not what it runs.
    """
    folders = [(app.label, Path(app.path) / "migrations") for app in apps.get_app_configs()]
    return frozenset((label, file.stem) for label, folder in folders for file in folder.glob("[!_]*.py"))


def applied() -> set[tuple[str, str]]:
    """Return the migrations that the database says were made."""
    return set(MigrationRecorder(connection).applied_migrations())


def unknown(migrations: Migrations) -> list[str]:
    """Name those of these migrations that only a later version can have made.

    Of our own apps, which never drop one. Others join old ones into one, so that a later version of theirs may lack
    what an earlier one had.
    """
    own = {app.label for app in apps.get_app_configs() if app.name.startswith(_OURS)}
    return sorted(f"{label}.{name}" for label, name in set(migrations) - known() if label in own)


def age() -> SchemaAge:
    migrations = applied()
    if unknown(migrations):
        return SchemaAge.NEWER
    return SchemaAge.CURRENT if known() <= migrations else SchemaAge.OLDER


def refuse_newer() -> None:
    """Raise `OtherTables` where a later version has changed the tables."""
    if changes := unknown(applied()):
        raise OtherTables(
            "database_newer",
            f"A later version of Mailroll has changed the tables ({changes[-1]}), and this one does not know them.",
            "Install that version here too, and start again.",
        )


def outdated() -> OtherTables | None:
    """Return what `refuse_newer` raises; None also where the database does not answer, which says nothing of that."""
    try:
        refuse_newer()
    except OtherTables as refusal:
        return refusal
    except Error:
        return None
    return None


def refuse_others() -> None:
    """Raise `OtherTables` where the tables are not exactly those of this version."""
    refuse_newer()
    if not known() <= applied():
        raise OtherTables(
            "database_older",
            "The tables are those of an earlier version of Mailroll.",
            "Run: mailroll database migrate",
        )
