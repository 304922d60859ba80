"""Makes the database ready for a command: running, and with the tables of this version."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from mailroll import embedded
from mailroll.accounts import installation
from mailroll.sync import pooling

# Any number that no other program takes: two commands that start at once must not both migrate.
_MIGRATING = 0x6D61696C


def ready() -> bool:
    """Start the embedded PostgreSQL where it is the one in use, and bring the tables up to date.

    True where this call started it, and so has to stop it if it lives on. Raises `BadInput` where another database is
    in use and no lock holds there.
    """
    own, started = installation.settings(), False
    if own.database_url is None:
        started = embedded.ensure(own.data_dir, tell=lambda words: print(words, file=sys.stderr)).by_this_call
    else:
        pooling.refuse_transaction_pooling()
    if is_behind():
        from mailroll.gateway import lacking  # noqa: PLC0415 - only a new version needs it

        with _turn():
            call_command("migrate", verbosity=0, interactive=False)
            lacking.grant_again()
    return started


def stop() -> bool:
    """Stop the embedded PostgreSQL; False where none ran or another database is in use."""
    own = installation.settings()
    return own.database_url is None and embedded.stop(own.data_dir)


def is_behind() -> bool:
    """Whether a migration of this version was not made yet."""
    return not migrations() <= MigrationRecorder(connection).applied_migrations().keys()


def migrations() -> set[tuple[str, str]]:
    """Return the app and name of every migration, by the names of files: importing them all takes a while."""
    folders = [(app.label, Path(app.path) / "migrations") for app in apps.get_app_configs()]
    return {(label, file.stem) for label, folder in folders for file in folder.glob("[!_]*.py")}


@contextmanager
def _turn() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
