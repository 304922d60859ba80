"""A command finds the tables of its own version, makes them, or says whose they are."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from mailroll.cli import storage
from mailroll.schema import age
from mailroll.schema.age import OtherTables, SchemaAge
from tests.cli.commands import mailroll

pytestmark = pytest.mark.django_db


def test_the_names_of_files_are_the_migrations_that_django_knows() -> None:
    assert age.known() == set(MigrationLoader(connection).disk_migrations)


def test_a_migration_that_is_missing_is_missed() -> None:
    assert age.age() is SchemaAge.CURRENT
    MigrationRecorder(connection).record_unapplied("sync", "0001_initial")
    assert age.age() is SchemaAge.OLDER
    with pytest.raises(OtherTables) as refused:
        storage.as_it_is()
    assert refused.value.code == "database_older"


@pytest.mark.parametrize("words", [("domain", "list"), ("backup", "file"), ("database", "migrate")])
def test_tables_of_a_later_version_are_left_alone(words: tuple[str, ...]) -> None:
    MigrationRecorder(connection).record_applied("sync", "9999_later")
    assert age.age() is SchemaAge.NEWER
    answer = mailroll(*words, "--json")
    assert (answer.exit_code, answer.document["error"]["code"]) == (1, "database_newer")


def test_what_another_library_no_longer_has_makes_no_later_version() -> None:
    MigrationRecorder(connection).record_applied("auth", "0001_joined_into_another")
    assert age.age() is SchemaAge.CURRENT
