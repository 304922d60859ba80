"""A domain is added to the customer whose page one comes from, and customers of one name are told apart."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer

ADD = "/domains/add/"


@pytest.fixture
def below(customer: Customer) -> Organization:
    """A second organization below the first, by the same name as another."""
    acting = Acting("test:setup")
    first = edit.add_organization("Hale & Finch", acting, parent=customer.domain.organization)
    edit.add_domain(first, "halefinch.example", acting)
    return edit.add_organization("Hale & Finch", acting, parent=customer.domain.organization)


def test_add_a_domain_on_a_customers_page_stands_on_that_customer(below: Organization, owner: Client) -> None:
    link = f"{ADD}?organization={below.id}"
    assert f'href="{link}"' in owner.get(reverse("console:organization", args=[below.id])).content.decode()
    page = owner.get(link)
    assert "Add a domain to Hale & Finch" in words(page)
    assert "<select" not in page.content.decode().split('class="narrow"')[1]
    owner.post(link, {"name": "second.example"})
    assert Domain.objects.get(name="second.example").organization == below


def test_without_a_customer_nobody_is_chosen_beforehand(below: Organization, owner: Client) -> None:
    page = owner.post(ADD, {"name": "second.example"})
    assert (page.status_code, Domain.objects.filter(name="second.example").exists()) == (422, False)
    assert "Choose the organization that the domain belongs to." in words(page)
    owner.post(ADD, {"name": "second.example", "organization": str(below.id)})
    assert Domain.objects.get(name="second.example").organization == below


def test_a_customer_of_somebody_else_is_never_replaced_by_another(
    people: People, owner: Client, below: Organization
) -> None:
    foreign = str(Organization.objects.get(name="Somebody Else").id)
    for key in (foreign, str(uuid4()), "x"):
        assert owner.get(f"{ADD}?organization={key}").status_code == 404, key
        assert owner.post(f"{ADD}?organization={key}", {"name": "second.example"}).status_code == 404, key
        assert not Domain.objects.filter(name="second.example").exists(), key


def test_customers_of_one_name_are_told_apart(below: Organization, owner: Client) -> None:
    edit.add_domain(below, "second.example", Acting("test:setup"))
    for page in (owner.get("/"), owner.get(ADD)):
        assert "Hale & Finch (halefinch.example)" in words(page)
        assert "Hale & Finch (second.example)" in words(page)
    assert "Brightwater Joinery (" not in words(owner.get("/"))
