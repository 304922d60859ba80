"""Operators: who they are and how they are found."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.db import IntegrityError, connection, transaction

from mailroll.accounts.models import Operator
from mailroll.reconcile.errors import BadInput

pytestmark = pytest.mark.django_db


def test_an_operator_is_the_user_model() -> None:
    assert get_user_model() is Operator


def test_an_operator_signs_in_by_address_in_any_spelling() -> None:
    made = Operator.objects.create_user(" Jo@Example.COM ", "correct horse", name="Jo")
    assert made.email == "jo@example.com"
    assert authenticate(username="JO@example.com", password="correct horse") == made
    assert authenticate(username="jo@example.com", password="wrong horse") is None


def test_an_operator_without_a_password_cannot_sign_in_by_one() -> None:
    made = Operator.objects.create_user("jo@example.com")
    assert not made.has_usable_password()


def test_an_operator_who_is_not_active_cannot_sign_in() -> None:
    Operator.objects.create_user("jo@example.com", "correct horse", is_active=False)
    assert authenticate(username="jo@example.com", password="correct horse") is None


def test_a_domain_in_its_own_letters_is_kept_as_the_roll_keeps_it() -> None:
    assert Operator.objects.create_user("jo@bücher.example").email == "jo@xn--bcher-kva.example"
    assert Operator.objects.get_by_natural_key("JO@BÜCHER.example").email == "jo@xn--bcher-kva.example"


@pytest.mark.parametrize("text", ["", "jo", "@example.com", "jo@", "*@example.com"])
def test_what_is_no_address_makes_no_operator(text: str) -> None:
    with pytest.raises(BadInput) as problem:
        Operator.objects.create_user(text)
    assert problem.value.code == "operator_email_malformed"


def test_the_database_itself_refuses_an_address_in_capitals() -> None:
    made = Operator.objects.create_user("jo@example.com")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_operator SET email = 'Jo@example.com' WHERE id = %s", [made.id])


def test_cleaning_a_form_gives_the_canonical_address() -> None:
    operator = Operator(email="Jo@Example.com")
    operator.clean()
    assert operator.email == "jo@example.com"
