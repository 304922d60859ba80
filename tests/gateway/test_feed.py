"""Whichever way the roll changes, the feed says where; and what left on purpose is in the ledger."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from mailroll.directory import departures, edit
from mailroll.directory.models import Address
from tests.directory.rolls import ACTING
from tests.gateway.conftest import ALIAS, NAME, Shelf

MANY = 2_001
_COPY = "COPY directory_address (address, user_id, domain_id, is_primary) FROM STDIN"


def rows(query: str, *values: str | UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall()) if cursor.description else []


def taken() -> set[tuple[Any, ...]]:
    """Return what the feed says, and clear it."""
    return set(rows("DELETE FROM gateway.feed RETURNING domain_id, address"))


def ledger(shelf: Shelf) -> list[str]:
    return [row[0] for row in rows("SELECT address FROM directory_departure WHERE domain_id = %s", shelf.domain.id)]


@pytest.fixture(autouse=True)
def clean(shelf: Shelf) -> None:
    rows("DELETE FROM directory_departure")
    rows("SELECT set_config('mailroll.departures', '', true)")
    taken()


def test_every_change_of_an_address_is_told(shelf: Shelf) -> None:
    key = shelf.domain.id
    shelf.has(f"bob@{NAME}")
    assert taken() == {(key, f"bob@{NAME}")}
    rows("UPDATE directory_address SET ending_since = now()")
    assert taken() == {(key, f"bob@{NAME}")}
    rows("UPDATE directory_address SET address = %s", f"ann@{NAME}")
    assert taken() == {(key, f"bob@{NAME}"), (key, f"ann@{NAME}")}
    rows("DELETE FROM directory_address")
    assert taken() == {(key, f"ann@{NAME}")}
    shelf.awaits(f"joiner@{NAME}")
    assert taken() == {(key, f"joiner@{NAME}")}


def test_a_statement_that_changes_nothing_tells_nothing(shelf: Shelf) -> None:
    rows("UPDATE directory_address SET ending_since = now() WHERE false")
    rows("DELETE FROM directory_address")
    assert taken() == set()


def test_many_at_once_are_one_row_of_the_domain(shelf: Shelf) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for number in range(MANY):
            copy.write_row((f"n{number}@{NAME}", shelf.user, shelf.domain.id, False))
    assert taken() == {(shelf.domain.id, None)}
    rows("UPDATE directory_address SET ending_since = now()")
    assert taken() == {(shelf.domain.id, None)}
    rows("DELETE FROM directory_address WHERE address = %s", f"n0@{NAME}")
    assert taken() == {(shelf.domain.id, f"n0@{NAME}")}
    rows("DELETE FROM directory_address WHERE address <> %s", f"n1@{NAME}")
    assert taken() == {(shelf.domain.id, f"n{number}@{NAME}") for number in range(2, MANY)}


def test_domains_and_their_names_are_told(shelf: Shelf) -> None:
    shelf.set(plus_tags=False)
    assert taken() == {(shelf.domain.id, "")}
    edit.add_domain_alias(shelf.domain, "other.example", ACTING, proved=True)
    assert taken() == {(shelf.domain.id, "")}


def test_old_rows_go_by_themselves(shelf: Shelf) -> None:
    rows("INSERT INTO gateway.feed (at) SELECT now() - interval '25 hours' FROM generate_series(1, 1500)")
    shelf.set(plus_tags=False)
    shelf.set(plus_tags=True)
    assert taken() == {(shelf.domain.id, "")}


def test_who_departs_by_an_edit_is_in_the_ledger(shelf: Shelf) -> None:
    user = edit.add_user(shelf.domain, f"bob@{NAME}", ACTING, aliases=[f"robert@{NAME}"])
    edit.remove_alias(shelf.domain, user, f"robert@{NAME}", ACTING)
    assert ledger(shelf) == [f"robert@{NAME}"]
    edit.remove_user(shelf.domain, user, ACTING)
    assert sorted(ledger(shelf)) == [f"bob@{NAME}", f"robert@{NAME}"]


def test_what_goes_without_a_word_is_not_in_the_ledger(shelf: Shelf) -> None:
    shelf.has(f"bob@{NAME}")
    Address.objects.all().delete()
    assert ledger(shelf) == []


def test_a_transaction_means_what_it_says_and_no_later_one(transactional_db: None) -> None:
    with transaction.atomic():
        departures.mean()
    with transaction.atomic():
        assert rows("SELECT current_setting('mailroll.departures', true)") == [("",)]


def test_a_domain_and_an_alias_domain_depart_by_name(shelf: Shelf) -> None:
    shelf.has(f"bob@{NAME}")
    edit.remove_domain_alias(shelf.domain, ALIAS, ACTING)
    assert ledger(shelf) == [ALIAS]
    rows("SELECT set_config('mailroll.departures', '', true)")
    edit.remove_domain(shelf.domain, ACTING)
    assert ledger(shelf) == [ALIAS, NAME]
