"""A database that Mailroll owns is told not to compile questions; one of somebody else stays as it is."""

import psycopg
import pytest
from psycopg import sql

from mailroll.cli import storage
from mailroll.schema import compilation
from tests.backup.elsewhere import another_database
from tests.gateway.roles import parameters
from tests.schema.accounts import superuser

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_makes_the_tables_switches_compiling_off() -> None:
    with another_database("compiling"):
        assert _compiles(), "so PostgreSQL begins"
        storage.ready()
        assert not _compiles()


def test_a_database_of_somebody_else_is_left_as_it_is() -> None:
    with another_database("compiling"):
        own = parameters()
        with superuser(own["dbname"]) as mighty:
            mighty.execute(sql.SQL("ALTER DATABASE {} OWNER TO postgres").format(sql.Identifier(own["dbname"])))
            try:
                compilation.switch_off()
                assert _compiles()
            finally:
                owner = sql.Identifier(own["user"])
                mighty.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(own["dbname"]), owner))


def _compiles() -> bool:
    with psycopg.connect(**parameters()) as session:
        row = session.execute("SELECT current_setting('jit') = 'on'").fetchone()
    return row == (True,)
