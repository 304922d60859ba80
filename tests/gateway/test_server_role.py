"""A role for mail servers asks what it may ask, by a connection of its own, and touches nothing else."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from mailroll.audit.models import AuditEntry
from mailroll.gateway import server_role
from mailroll.reconcile.errors import BadInput
from tests.directory.rolls import ACTING
from tests.gateway.conftest import NAME, Shelf
from tests.gateway.roles import Administrator, administrator, parameters, role


@pytest.fixture
def database(transactional_db: None) -> Iterator[Administrator]:
    with administrator() as database:
        yield database


@pytest.fixture
def name(database: Administrator) -> Iterator[str]:
    with role() as name:
        yield name


def tables(database: Administrator) -> set[str]:
    found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {str(table) for (table,) in found}


def test_the_role_gets_answers(database: Administrator, name: str, shelf: Shelf) -> None:
    shelf.has(f"bob@{NAME}")
    done = server_role.grant(database, ACTING, name)
    assert (done.role, done.beyond) == (name, ())
    assert done.password is not None
    with psycopg.connect(**parameters(user=name, password=done.password)) as asking:
        for asked, answer in (
            ("SELECT gateway.access(%s)", "DUNNO"),
            ("SELECT * FROM gateway.lookup(%s)", "OK"),
            ("SELECT result FROM gateway.relay_recipients WHERE address = %s", "OK"),
            ("SELECT * FROM gateway.relay_domain(split_part(%s, '@', 2))", "OK"),
            ("SELECT result FROM gateway.relay_domains WHERE domain = split_part(%s, '@', 2)", "OK"),
            ("SELECT gateway.answer(%s)", "accept"),
        ):
            assert asking.execute(asked, [f"bob@{NAME}"]).fetchone() == (answer,)


def test_every_table_is_closed_to_the_role(database: Administrator, name: str) -> None:
    done = server_role.grant(database, ACTING, name)
    ours = tables(database)
    assert {"directory_address", "connections_connection", "django_session", "procrastinate_jobs"} <= ours
    with psycopg.connect(**parameters(user=name, password=done.password), autocommit=True) as asking:
        for table in ours:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                asking.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier(table)))
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                asking.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def test_the_role_is_limited(database: Administrator, name: str) -> None:
    done = server_role.grant(database, ACTING, name, limit=1)
    with psycopg.connect(**parameters(user=name, password=done.password)) as asking:
        for setting, value in (("statement_timeout", "5s"), ("lock_timeout", "2s")):
            assert asking.execute("SELECT current_setting(%s)", [setting]).fetchone() == (value,)
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            psycopg.connect(**parameters(user=name, password=done.password))


def test_the_password_is_what_the_server_checks(database: Administrator, name: str) -> None:
    done = server_role.grant(database, ACTING, name)
    row = database.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [name]).fetchone()
    assert row is not None
    assert str(row[0]).startswith("SCRAM-SHA-256$")
    assert str(done.password) not in str(row[0])


def test_granting_again_changes_nothing_and_shows_no_password(database: Administrator, name: str) -> None:
    first = server_role.grant(database, ACTING, name)
    again = server_role.grant(database, ACTING, name)
    assert again == server_role.Granted(name, None, ())
    with psycopg.connect(**parameters(user=name, password=first.password)) as asking:
        assert asking.execute("SELECT gateway.access('')").fetchone() == (None,)
    entries = AuditEntry.objects.filter(action="gateway.granted").order_by("id")
    assert [(entry.subject, entry.details["created"]) for entry in entries] == [(name, True), (name, False)]


def test_the_rights_of_others_stay(database: Administrator, name: str) -> None:
    with role() as other:
        database.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(other)))
        database.execute(sql.SQL("GRANT SELECT ON directory_domain TO {}").format(sql.Identifier(other)))
        rights = "SELECT relname, relacl::text FROM pg_class WHERE relname = 'directory_domain'"
        before = database.execute(rights).fetchall()
        server_role.grant(database, ACTING, name)
        assert database.execute(rights).fetchall() == before


def test_rights_from_elsewhere_are_told(database: Administrator, name: str) -> None:
    server_role.grant(database, ACTING, name)
    database.execute(sql.SQL("GRANT SELECT (name) ON directory_domain TO {}").format(sql.Identifier(name)))
    assert server_role.grant(database, ACTING, name).beyond == ("public.directory_domain",)


def test_who_owns_the_database_is_no_role_for_a_mail_server(database: Administrator) -> None:
    with pytest.raises(BadInput) as refused:
        server_role.grant(database, ACTING, connection.settings_dict["USER"])
    assert refused.value.code == "role_too_mighty"


@pytest.mark.parametrize("bad", ["", "x" * 64, "a\0b"])
def test_what_is_no_name_of_a_role_is_refused(database: Administrator, bad: str) -> None:
    with pytest.raises(BadInput) as refused:
        server_role.grant(database, ACTING, bad)
    assert refused.value.code == "role_malformed"


def test_an_account_that_may_make_no_roles_is_told_what_to_run(database: Administrator, name: str) -> None:
    with role() as plain:
        database.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(plain)))
        with (
            psycopg.connect(**parameters(user=plain, password=""), autocommit=True) as weak,
            pytest.raises(server_role.NotAllowed) as refused,
        ):
            server_role.grant(weak, ACTING, name)
        assert database.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is None
    *told, password = refused.value.statements
    assert password == f'\\password "{name}"'
    for statement in told:
        database.execute(sql.SQL(statement))
    assert server_role.grant(database, ACTING, name) == server_role.Granted(name, None, ())


def test_after_the_statements_the_account_of_mailroll_finds_nothing_left_to_do(
    database: Administrator, name: str
) -> None:
    server_role.grant(database, ACTING, name)
    with psycopg.connect(**parameters(), autocommit=True) as own:
        assert server_role.grant(own, ACTING, name).role == name
