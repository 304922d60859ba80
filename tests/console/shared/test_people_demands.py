"""The page on which an organization says of whom it demands a second factor."""

from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import demands
from mailroll.accounts.models import Membership, Role
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.settings import Demand
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer


@pytest.fixture
def path(customer: Customer) -> str:
    return reverse("console:organization-sign-in", args=[customer.domain.organization_id])


def test_the_page_says_whom_each_level_touches_and_who_has_none(people: People, path: str) -> None:
    Authenticator.objects.create(user=people.owner, type=Authenticator.Type.TOTP, data={})
    page = words(people.client("owner").get(path))
    assert "Nobody has to A password is enough." in page
    assert "They connect, invite and change settings. The only one has one" in page
    assert "Technicians release removals. 1 of 2 has none" in page
    assert "Viewers too. 2 of 3 have none" in page
    assert "Tom Ellery" in page.partition("Who has no second factor")[2]


def test_a_demand_is_saved_and_holds_at_once(people: People, path: str, customer: Customer) -> None:
    owner = people.client("owner")
    Authenticator.objects.create(user=people.owner, type=Authenticator.Type.TOTP, data={})
    said = words(owner.post(path, {"demand": "technicians"}, follow=True))
    assert "demands a second factor of administrators and technicians now." in said
    assert people.client("technician").get("/").headers["Location"] == reverse("mfa_index")
    assert "A role of yours asks for a second factor." in words(people.client("technician").get(reverse("mfa_index")))
    assert people.client("viewer").get("/").status_code == 200
    assert owner.post(path, {"demand": "emperors"}, follow=True).status_code == 200
    assert demands.demand_on(customer.domain.organization).level is Demand.TECHNICIANS


def test_a_weaker_level_than_above_is_not_offered(people: People, customer: Customer) -> None:
    top = customer.domain.organization
    branch = edit.add_organization("Branch", Acting("test:setup"), parent=top)
    Membership.objects.create(operator=people.viewer, organization=branch, role=Role.ADMINISTRATOR)
    Authenticator.objects.create(user=people.viewer, type=Authenticator.Type.TOTP, data={})
    demands.demand(top, Demand.TECHNICIANS, by=people.owner)
    page = people.client("viewer").get(reverse("console:organization-sign-in", args=[branch.id]))
    assert 'value="nobody"' not in page.content.decode()
    assert f"{top.name} demands it of administrators and technicians" in words(page)


def test_an_installation_that_switched_it_off_says_so(people: People, path: str, settings: Settings) -> None:
    assert "MAILROLL_SECOND_FACTOR is nobody" in words(people.client("owner").get(path))
    Authenticator.objects.create(user=people.owner, type=Authenticator.Type.TOTP, data={})
    settings.MAILROLL = replace(settings.MAILROLL, second_factor=Demand.TECHNICIANS)
    assert "MAILROLL_SECOND_FACTOR" not in words(people.client("owner").get(path))
