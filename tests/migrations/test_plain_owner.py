"""A database whose owner is no superuser, made as the container's database is made: all of Mailroll's tables fit in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
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


def test_a_plain_owner_makes_the_tables_and_works_with_them(owned: str, tmp_path: Path) -> None:
    where = parameters(user=owned, password=PASSWORD, dbname=owned)
    place = f"host={quote(str(where['host']), safe='')}" + (f"&port={where['port']}" if "port" in where else "")
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{owned}:{quote(PASSWORD, safe='')}@/{owned}?{place}",
        "MAILROLL_DATA_DIR": str(tmp_path),
    }
    words = [sys.executable, "-m", "mailroll", "organization", "add", "Northgate"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(**where) as database:
        held = database.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = user")
        assert held.fetchone() == (False, False, False)
        assert database.execute("SELECT name FROM directory_organization").fetchall() == [("Northgate",)]
