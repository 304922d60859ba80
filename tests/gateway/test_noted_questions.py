"""Questions to PostgreSQL are noted once a minute, and no answer waits for that or is lost by it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection

from mailroll.gateway import demand, server_role
from tests.directory.rolls import ACTING
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf
from tests.gateway.roles import Administrator, administrator, parameters, role

REFUSED = "550 5.1.1 No such recipient here"
Role = psycopg.Connection[Any]


@pytest.fixture
def database(transactional_db: None) -> Iterator[Administrator]:
    with administrator() as database:
        yield database
        # Not a model's table, so nothing else empties it.
        database.execute("DELETE FROM gateway.noted")


@pytest.fixture
def asking(database: Administrator, shelf: Shelf) -> Iterator[Role]:
    """A mail server's own connection; the roll has bob, and was read just now."""
    shelf.has(f"bob@{NAME}")
    shelf.set(read_at=datetime.now(UTC))
    with role() as name:
        made = server_role.grant(database, ACTING, name)
        with psycopg.connect(**parameters(user=name, password=made.password), autocommit=True) as line:
            yield line


def access(line: Role, address: str) -> object:
    row = line.execute("SELECT gateway.access(%s)", [address]).fetchone()
    return row and row[0]


def noted(shelf: Shelf) -> list[str]:
    return [one.kind for one in demand.last_asked(shelf.domain)]


@pytest.mark.parametrize(
    "address", [f"bob@{NAME}", f"nobody@{NAME}", f"bob@{NAME.upper()}", f"x@{ALIAS}", f"x@{SHOWN}"]
)
def test_a_question_is_noted_whatever_the_answer(asking: Role, shelf: Shelf, address: str) -> None:
    assert noted(shelf) == []
    access(asking, address)
    assert noted(shelf) == ["pgsql"]


def test_what_is_no_address_of_ours_is_not_noted(asking: Role, shelf: Shelf) -> None:
    for address in ("bob@elsewhere.example", NAME, "bob@", f"@{NAME}", ""):
        access(asking, address)
    assert noted(shelf) == []


def test_lookup_notes_as_well(asking: Role, shelf: Shelf) -> None:
    assert asking.execute("SELECT * FROM gateway.lookup(%s)", [f"bob@{NAME}"]).fetchall() == [("OK",)]
    assert noted(shelf) == ["pgsql"]


def test_it_is_written_once_a_minute(asking: Role, database: Administrator) -> None:
    access(asking, f"bob@{NAME}")
    first = database.execute("SELECT at, xmin FROM gateway.noted").fetchall()
    access(asking, f"nobody@{NAME}")
    assert database.execute("SELECT at, xmin FROM gateway.noted").fetchall() == first
    database.execute("UPDATE gateway.noted SET at = at - interval '2 minutes'")
    access(asking, f"nobody@{NAME}")
    assert database.execute("SELECT at > %s FROM gateway.noted", [first[0][0]]).fetchall() == [(True,)]


def test_mailroll_itself_is_no_gateway(shelf: Shelf, database: Administrator) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT gateway.access(%s)", [f"bob@{NAME}"])
    assert noted(shelf) == []


def test_a_transaction_that_only_reads_is_answered(asking: Role, shelf: Shelf) -> None:
    asking.execute("SET default_transaction_read_only = on")
    assert access(asking, f"bob@{NAME}") == "DUNNO"
    assert access(asking, f"nobody@{NAME}") == REFUSED
    assert noted(shelf) == []


@pytest.mark.parametrize("held", ["LOCK TABLE gateway.noted IN ACCESS EXCLUSIVE MODE", "SELECT gateway.access('x@{}')"])
def test_nobody_waits_for_whoever_notes_at_the_same_time(
    asking: Role, database: Administrator, shelf: Shelf, held: str
) -> None:
    asking.execute("SET statement_timeout = '60s'; SET lock_timeout = '60s'")
    # The administrator is not the owner, so it is noted as well, in a transaction that lasts.
    with database.transaction():
        database.execute(held.format(NAME).encode())
        assert access(asking, f"nobody@{NAME}") == REFUSED
        assert access(asking, f"bob@{NAME}") == "DUNNO"


@pytest.mark.parametrize("broken", ["RENAME TO noted_away", "ADD CONSTRAINT never CHECK (false) NOT VALID"])
def test_what_cannot_be_noted_is_answered(asking: Role, database: Administrator, broken: str) -> None:
    database.execute(f"ALTER TABLE gateway.noted {broken}".encode())
    try:
        assert access(asking, f"nobody@{NAME}") == REFUSED
        assert access(asking, f"bob@{NAME}") == "DUNNO"
    finally:
        database.execute("ALTER TABLE IF EXISTS gateway.noted_away RENAME TO noted")
        database.execute("ALTER TABLE gateway.noted DROP CONSTRAINT IF EXISTS never")


def test_a_commit_waits_for_no_standby(asking: Role) -> None:
    """What commits with a standby's leave would wait for one that is gone for as long as that takes."""
    with asking.transaction():
        access(asking, f"bob@{NAME}")
        assert asking.execute("SELECT current_setting('synchronous_commit')").fetchone() == ("off",)
