"""Roles for mail servers that an earlier version made: what they lack is found, and a migration gives it to them."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from mailroll.gateway import server_role
from mailroll.gateway.missing_rights import LackingRole, grant_again, lacking
from tests.directory.rolls import ACTING
from tests.gateway.roles import Administrator, administrator, parameters, role


@pytest.fixture
def database(transactional_db: None) -> Iterator[Administrator]:
    with administrator() as database:
        yield database


@pytest.fixture
def made(database: Administrator) -> Iterator[server_role.Granted]:
    with role() as name:
        yield server_role.grant(database, ACTING, name)


def of(name: str) -> LackingRole | None:
    return next((one for one in lacking() if one.role == name), None)


def read_only(database: Administrator, name: str, everywhere: bool) -> None:
    words = "ALTER ROLE {} SET" if everywhere else "ALTER ROLE {} IN DATABASE {} SET"
    named = (sql.Identifier(name), sql.Identifier(connection.settings_dict["NAME"]))
    database.execute(sql.SQL(words + " default_transaction_read_only = on").format(*named))


def test_a_role_that_was_just_made_lacks_nothing(made: server_role.Granted) -> None:
    assert of(made.role) is None


def test_a_right_that_is_missing_is_named_and_granted_again(database: Administrator, made: server_role.Granted) -> None:
    name = sql.Identifier(made.role)
    database.execute(sql.SQL("REVOKE ALL ON FUNCTION gateway.lookup(text) FROM {}").format(name))
    database.execute(sql.SQL("REVOKE ALL ON gateway.relay_domains FROM {}").format(name))
    found = of(made.role)
    assert found == LackingRole(made.role, ("gateway.lookup(text)", "gateway.relay_domains"), unnoted=False)
    assert found.words == (f"The database role {made.role} may not use gateway.lookup(text), gateway.relay_domains.")
    grant_again()
    assert of(made.role) is None
    with psycopg.connect(**parameters(user=made.role, password=made.password)) as asking:
        assert asking.execute("SELECT result FROM gateway.lookup('x@unknown.example')").fetchone() is None


def test_who_may_not_ask_is_no_role_of_a_mail_server(database: Administrator, made: server_role.Granted) -> None:
    name = sql.Identifier(made.role)
    database.execute(sql.SQL("REVOKE ALL ON FUNCTION gateway.access(text) FROM {}").format(name))
    assert of(made.role) is None
    grant_again()
    right = "SELECT has_function_privilege(%s, 'gateway.access(text)', 'EXECUTE')"
    assert database.execute(right, [made.role]).fetchone() == (False,)


def test_a_role_that_begins_as_read_only_is_not_noted(database: Administrator, made: server_role.Granted) -> None:
    read_only(database, made.role, everywhere=False)
    assert of(made.role) == LackingRole(made.role, (), unnoted=True)
    server_role.grant(database, ACTING, made.role)
    assert of(made.role) is None
    # What is said of this database counts before what is said of all.
    read_only(database, made.role, everywhere=True)
    assert of(made.role) is None
    database.execute(
        sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(
            sql.Identifier(made.role), sql.Identifier(connection.settings_dict["NAME"])
        )
    )
    assert of(made.role) == LackingRole(made.role, (), unnoted=True)


def test_where_mailroll_may_change_no_role_it_goes_on_and_still_tells(
    database: Administrator, made: server_role.Granted
) -> None:
    row = database.execute(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = %s", [connection.settings_dict["USER"]]
    ).fetchone()
    read_only(database, made.role, everywhere=False)
    database.execute(sql.SQL("REVOKE ALL ON gateway.relay_recipients FROM {}").format(sql.Identifier(made.role)))
    grant_again()
    allowed = row == (True,)
    assert of(made.role) == (None if allowed else LackingRole(made.role, (), unnoted=True))
