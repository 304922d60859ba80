"""What the database itself refuses, whoever writes."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mailroll.directory.models import Address, Group
from tests.directory.rolls import Roll

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(roll: Roll, other: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann", "a.smith")), ("bob", roll.state("bob", "bob")))
    other.has(("dan", other.state("dan", "dan")))


def _refused(statement: str, *values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "text",
    [
        "Ann@brightwater.example",
        "ann@Brightwater.example",
        "ann",
        "a@b@c.example",
        "an n@b.example",
        "@b.example",
        "a@b",
        f"{'a' * 250}@b.example",
        "ann@bücher.example",
    ],
)
def test_an_address_that_is_not_canonical(roll: Roll, people: None, text: str) -> None:
    _refused("UPDATE directory_address SET address = %s WHERE address = %s", text, roll.address("bob"))


@pytest.mark.parametrize(
    "text", ["Brightwater.example", "localhost", "a b.example", "bücher.example", f"{'a' * 251}.xy"]
)
def test_a_domain_that_is_not_canonical(roll: Roll, text: str) -> None:
    _refused("UPDATE directory_domain SET name = %s WHERE id = %s", text, roll.domain.id)


def test_an_address_in_letters_of_its_own_is_canonical(roll: Roll, people: None) -> None:
    Address.objects.filter(address=roll.address("bob")).update(address="née@xn--bcher-kva.example")


def test_one_address_for_two_users(roll: Roll, other: Roll, people: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.create(
            address=roll.address("ann"), user_id=other.key("dan"), domain=other.domain, is_primary=False
        )


def test_two_primary_addresses_for_one_user(roll: Roll, people: None) -> None:
    _refused("UPDATE directory_address SET is_primary = true WHERE user_id = %s", roll.key("ann"))


def test_one_object_twice_in_a_domain(roll: Roll, people: None) -> None:
    _refused("UPDATE directory_user SET external_id = 'x' WHERE domain_id = %s", roll.domain.id)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'unheard-of'",
        "object_type = 'device'",
        "external_id = ''",
        "content_hash = repeat('a', 31)",
        "content_hash = repeat('A', 32)",
        "content_hash = repeat('a', 31) || chr(10)",
        "kind = NULL",
    ],
)
def test_a_user_with_values_that_nothing_else_knows(roll: Roll, people: None, change: str) -> None:
    _refused(f"UPDATE directory_user SET {change} WHERE id = %s", roll.key("ann"))


def test_a_row_that_refers_to_another_domain(roll: Roll, other: Roll, people: None) -> None:
    elsewhere = Group.objects.get(domain=other.domain)
    _refused("UPDATE directory_user SET group_id = %s WHERE id = %s", elsewhere.id, roll.key("ann"))
    _refused("UPDATE directory_user SET owner_id = %s WHERE id = %s", other.owner.id, roll.key("ann"))
    _refused("UPDATE directory_user SET domain_id = %s WHERE id = %s", other.domain.id, roll.key("ann"))
    _refused("UPDATE directory_address SET user_id = %s WHERE address = %s", other.key("dan"), roll.address("bob"))
    _refused("UPDATE directory_address SET domain_id = %s WHERE address = %s", other.domain.id, roll.address("bob"))


def test_anything_that_others_still_refer_to_going_away(roll: Roll, people: None) -> None:
    _refused("DELETE FROM directory_user WHERE id = %s", roll.key("ann"))
    _refused("DELETE FROM directory_group WHERE domain_id = %s", roll.domain.id)
    _refused("DELETE FROM directory_owner WHERE domain_id = %s", roll.domain.id)
