"""The blueprint makes the tables that all migrations make; where it is behind or ahead, migrations do."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection

from mailroll.cli import storage
from mailroll.schema import age
from mailroll.schema.age import SchemaAge
from mailroll.schema.blueprint import Blueprint
from tests.backup.elsewhere import another_database
from tests.conftest import address
from tools.blueprint import drawn

pytestmark = pytest.mark.django_db(transaction=True)

_COUNTED = "SELECT pg_catalog.setval("
_SPELT = re.compile(r"[()]|::[a-z ]+(\[\])?")
"""What PostgreSQL writes otherwise in a definition once it has read its own writing."""
_ROWS = re.compile(r"^INSERT INTO .*?;$", re.DOTALL | re.MULTILINE)
"""Of kinds and permissions, whose numbers are those of the order in which they came."""
_OF_THE_SERVER = re.compile(r"^ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);$", re.MULTILINE)
"""What Debian's PostgreSQL 15.20 notes by itself among the options of columns; seen in `pg_attribute`."""


def test_a_new_database_is_the_one_that_migrations_make() -> None:
    """Every statement of pg_dump. A test's own database was built, too."""
    with another_database("migrated"):
        call_command("migrate", verbosity=0)
        made = _tables(), _permissions(), age.applied()
    with another_database("blueprint"):
        storage.ready()
        assert age.age() is SchemaAge.CURRENT
        call_command("migrate", check_unapplied=True, verbosity=0)
        assert (_tables(), _permissions(), age.applied()) == made


def test_the_blueprint_makes_all_but_what_came_after_it() -> None:
    blueprint = Blueprint.read()
    with another_database("blueprint"):
        assert blueprint.build(age.known())
        assert age.applied() == blueprint.migrations
        assert not blueprint.build(age.known()), "there are tables already"


def test_a_blueprint_that_has_more_than_this_installation_makes_nothing() -> None:
    blueprint = Blueprint.read()
    with another_database("blueprint"):
        ahead = replace(blueprint, migrations=blueprint.migrations | {("procrastinate", "9999_later")})
        assert not ahead.build(age.known())
        assert connection.introspection.table_names() == []


def test_a_blueprint_leaves_a_database_of_somebody_else_as_it_is() -> None:
    with another_database("blueprint"):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE theirs ()")
        assert not Blueprint.read().build(age.known())
        assert connection.introspection.table_names() == ["theirs"]


def _tables() -> str:
    """All but how far a test has counted."""
    text = _OF_THE_SERVER.sub("", _ROWS.sub("", drawn(address())))
    statements = [line for line in text.splitlines() if line and not line.startswith(_COUNTED)]
    return _SPELT.sub("", "\n".join(statements))


def _permissions() -> set[tuple[str, ...]]:
    kind = ("content_type__app_label", "content_type__model")
    return set(Permission.objects.values_list(*kind, "codename", "name"))
