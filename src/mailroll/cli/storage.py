"""Makes the database ready for a command: running, and with the tables of this version."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mailroll import embedded
from mailroll.accounts import installation
from mailroll.gateway import lacking
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
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with _turn():
            call_command("migrate", verbosity=0, interactive=False)
            lacking.grant_again()
    return started


def stop() -> bool:
    """Stop the embedded PostgreSQL; False where none ran or another database is in use."""
    own = installation.settings()
    return own.database_url is None and embedded.stop(own.data_dir)


@contextmanager
def _turn() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
