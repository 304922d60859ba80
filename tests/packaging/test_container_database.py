"""The script of the container's database makes a role that owns it and may do nothing else.

That such a role is enough for Mailroll is shown by `tests/schema/test_owner.py`.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from pytest_django import DjangoDbBlocker

from mailroll.embedded import binaries
from tests.gateway.roles import administrator, parameters

SCRIPT = Path(__file__).parents[2] / "container/database.sh"
PASSWORD = "quote ' and $dollar"


@pytest.fixture
def owned(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A name that a role and its database have, both gone afterwards."""
    name = f"plain_{uuid4().hex[:12]}"
    with django_db_blocker.unblock(), administrator() as database:
        given = database.info
        environment = {
            **os.environ,
            "PATH": os.pathsep.join((str(binaries.installed() / "bin"), os.environ["PATH"])),
            "PGHOST": given.host,
            "PGPORT": str(given.port),
            "PGUSER": given.user,
            "PGPASSWORD": given.password,
            "PGDATABASE": "postgres",
            "MAILROLL_DATABASE_NAME": name,
            "MAILROLL_DATABASE_PASSWORD": PASSWORD,
        }
        subprocess.run([str(shutil.which("sh")), str(SCRIPT)], env=environment, check=True, timeout=300)  # noqa: S603
        try:
            yield name
        finally:
            for words in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "DROP ROLE IF EXISTS {}"):
                database.execute(sql.SQL(words).format(sql.Identifier(name)))


def test_it_makes_an_owner_without_other_rights(owned: str) -> None:
    with psycopg.connect(**parameters(user=owned, password=PASSWORD, dbname=owned)) as database:
        held = database.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = user")
        assert held.fetchone() == (False, False, False)
        made = database.execute(
            "SELECT datdba::regrole::text, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = %s", [owned]
        )
        assert made.fetchone() == (owned, "UTF8")
        database.execute("CREATE TABLE directory_organization (name text)")
