"""Home for those who may see no domain: what each of them is told, and what would help."""

import pytest
from django.test import Client

from mailroll.accounts import memberships
from mailroll.accounts.models import Operator, Role
from mailroll.directory import edit
from tests.console.pages import words
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def jo() -> Operator:
    return Operator.objects.create_user("jo@example.com", "some words of four", name="Jo")


@pytest.fixture
def browser(jo: Operator) -> Client:
    client = Client()
    client.force_login(jo)
    return client


def test_who_has_no_role_is_told_who_can_give_one(customer: Customer, browser: Client) -> None:
    page = words(browser.get("/"))
    assert "None that you may see." in page
    assert "You have no role yet" in page
    assert "mailroll membership add jo@example.com --organization NAME --role administrator" in page
    assert "mailroll organization add" not in page
    assert DOMAIN not in page


def test_an_installation_without_an_organization_says_how_to_make_one(browser: Client) -> None:
    page = words(browser.get("/"))
    assert "This Console has no organization yet." in page
    assert "mailroll organization add NAME mailroll membership add jo@example.com" in page


def test_who_sees_an_organization_without_a_domain_is_told_so(
    customer: Customer, jo: Operator, browser: Client
) -> None:
    empty = edit.add_organization("Nothing Yet", customer.acting)
    memberships.grant(jo, empty, Role.VIEWER, customer.acting)
    page = words(browser.get("/"))
    assert "The organizations that you may see have no domain yet. One of their administrators can add it." in page
    assert "You have no role yet" not in page
