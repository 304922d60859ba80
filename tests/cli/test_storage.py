"""Whether the tables are those of this version is known without importing a migration."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from mailroll.cli import storage

pytestmark = pytest.mark.django_db


def test_the_names_of_files_are_the_migrations_that_django_knows() -> None:
    assert storage.migrations() == set(MigrationLoader(connection).disk_migrations)


def test_a_migration_that_is_missing_is_missed() -> None:
    assert not storage.is_behind()
    MigrationRecorder(connection).record_unapplied("sync", "0001_initial")
    assert storage.is_behind()
