"""The functions that mail servers ask: in their words, without a raise where one would hurt, and found by an index."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from mailroll.directory.models import Serving
from mailroll.gateway.answers import ACCESS, Answer
from tests.directory.rolls import NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf
from tests.gateway.test_answers import fill

FAR = timedelta(days=36_500)


def rows(query: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def access(address: str) -> Any:
    ((said,),) = rows("SELECT gateway.access(%s)", address)
    return said


@pytest.fixture
def fresh(shelf: Shelf) -> Shelf:
    """Filled, and read long enough ahead of any clock that only its age could speak against it."""
    fill(shelf)
    rows_of_now = "UPDATE directory_domain SET read_at = now()"
    with connection.cursor() as cursor:
        cursor.execute(rows_of_now)
        cursor.execute(
            "UPDATE directory_address SET ending_since = ending_since + (now() - %s), confirmed_at = confirmed_at"
            " + (now() - %s) WHERE ending_since IS NOT NULL",
            [NOON, NOON],
        )
    return shelf


@pytest.mark.parametrize(
    ("local", "begins"),
    [
        ("bob", "DUNNO"),
        ("bob+x", "DUNNO"),
        ("leaving", "DUNNO"),
        ("left", "450 4.2.1 "),
        ("joiner", "450 4.2.1 "),
        ("gone", "550 5.1.1 "),
        ("nobody", "550 5.1.1 "),
    ],
)
def test_access_answers_in_words(fresh: Shelf, local: str, begins: str) -> None:
    assert access(f"{local}@{NAME}").startswith(begins)


def test_access_leaves_others_alone_and_parts_of_an_address_unanswered(fresh: Shelf) -> None:
    assert access("bob@elsewhere.example") == "DUNNO"
    assert [access(part) for part in (NAME, f"@{NAME}", "bob@", "example", ".example", "")] == [None] * 6


def test_access_puts_off_where_it_cannot_say(fresh: Shelf) -> None:
    fresh.set(read_at=NOON - FAR)
    assert access(f"nobody@{NAME}").startswith("451 4.3.0 ")


def test_access_does_not_raise_when_its_tables_are_gone(fresh: Shelf) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE directory_address RENAME TO directory_address_away")
        cursor.execute("SELECT gateway.access(%s)", [f"bob@{NAME}"])
        (said,) = cursor.fetchone()
    assert said.startswith("451 4.3.0 ")


def test_lookup_has_a_row_for_yes_and_none_for_no(fresh: Shelf) -> None:
    asked = "SELECT * FROM gateway.lookup(%s)"
    assert rows(asked, f"bob@{SHOWN}") == [("OK",)]
    for address in (f"nobody@{NAME}", f"@{NAME}", "bob@elsewhere.example", "bob"):
        assert rows(asked, address) == []


@pytest.mark.parametrize("local", ["left", "joiner"])
def test_lookup_fails_where_neither_is_true(fresh: Shelf, local: str) -> None:
    with pytest.raises(DatabaseError, match="no answer for this address now"), transaction.atomic():
        rows("SELECT * FROM gateway.lookup(%s)", f"{local}@{NAME}")


def test_names_and_addresses_that_arrive_twice_encoded_are_found(fresh: Shelf) -> None:
    """What Postfix before 3.8 makes of a U-label: UTF-8 that the connection takes for LATIN1."""
    twice = SHOWN.encode().decode("latin-1")
    assert access(f"bob@{twice}") == "DUNNO"
    assert rows("SELECT * FROM gateway.relay_domain(%s)", twice) == [("OK",)]
    assert rows("SELECT * FROM gateway.relay_domain(%s)", SHOWN) == [("OK",)]


def test_domains_are_listed_by_every_name_they_are_asked_by(fresh: Shelf) -> None:
    listed = {name for (name,) in rows("SELECT domain FROM gateway.relay_domains")}
    assert listed == {NAME, SHOWN, ALIAS}
    assert rows("SELECT * FROM gateway.relay_domain(%s)", "BOOKS.example") == [("OK",)]
    assert rows("SELECT * FROM gateway.relay_domain(%s)", "elsewhere.example") == []


def test_the_view_lists_who_is_accepted(fresh: Shelf) -> None:
    listed = {address for (address,) in rows("SELECT address FROM gateway.relay_recipients")}
    people = {f"{local}@{NAME}" for local in ("bob", "leaving", "unconfirmed")} | {f"sales@{ALIAS}"}
    assert listed == people | {f"postmaster@{name}" for name in (NAME, SHOWN, ALIAS)}
    fresh.set(serving=Serving.PASS)
    assert {f"@{NAME}", f"@{ALIAS}"} <= {address for (address,) in rows("SELECT address FROM gateway.relay_recipients")}


def test_nobody_may_ask_without_a_grant(fresh: Shelf) -> None:
    open_to_all = """
        SELECT nspname FROM pg_namespace WHERE nspname = 'gateway' AND has_schema_privilege('public', oid, 'USAGE')
        UNION ALL
        SELECT proname FROM pg_proc WHERE pronamespace = 'gateway'::regnamespace
           AND has_function_privilege('public', oid, 'EXECUTE')
        UNION ALL
        SELECT relname FROM pg_class WHERE relnamespace = 'gateway'::regnamespace
           AND has_table_privilege('public', oid, 'SELECT')
    """
    assert rows(open_to_all) == []


def test_python_has_the_same_words(shelf: Shelf) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = 'gateway.access(text)'::regprocedure")
        (source,) = cursor.fetchone()
    said = {answer: f"WHEN '{answer}' THEN '{words}'" in source for answer, words in ACCESS.items()}
    assert said == dict.fromkeys(Answer, True)
