"""The Groups tab: added, renamed, removed, and what leads there follows."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.connections import sources
from mailroll.directory import edit
from mailroll.directory.models import Group
from mailroll.reconcile.errors import Refused
from mailroll.sync.runs import decide
from tests.console.pages import buttons, words
from tests.sync.world import DOMAIN, Customer


@pytest.fixture
def clinical(customer: Customer) -> Group:
    """A group that everybody of the domain is led to."""
    sources.send_to_new(customer.source, "Clinical", customer.acting)
    customer.sync()
    return Group.objects.get(domain=customer.domain, name="Clinical")


def _page(client: Client) -> Any:
    return client.get(reverse("console:groups", args=[DOMAIN]))


def _url(route: str, group: Group) -> str:
    return reverse(f"console:{route}", args=[DOMAIN, group.id])


def test_groups_are_listed_with_users_and_the_sources_that_lead_there(
    customer: Customer, clinical: Group, owner: Client
) -> None:
    page = words(_page(owner))
    assert "Main Main takes everyone no other source places. 0 0 None Cannot be removed" in page
    assert f"Clinical 12 12 {customer.source.owner.label}" in page


def test_a_group_is_added_and_a_second_of_the_name_is_not(customer: Customer, owner: Client) -> None:
    url = reverse("console:group-add", args=[DOMAIN])
    assert "Theatre was added." in words(owner.post(url, {"name": " Theatre "}, follow=True))
    again = owner.post(url, {"name": "Theatre"})
    assert again.status_code == 422
    assert "has a group “Theatre” already" in words(again)
    assert "A group needs a name" in words(owner.post(url, {"name": " "}))


def test_a_renamed_group_keeps_its_users_and_its_sources_and_old_plans_lapse(
    customer: Customer, clinical: Group, owner: Client
) -> None:
    customer.tenant.add_user("Amara Osei", local="a.osei")
    old = customer.preview()
    done = owner.post(_url("group-rename", clinical), {"name": "Dental"}, follow=True)
    assert "Clinical is called Dental now." in words(done)
    with pytest.raises(Refused) as problem:
        decide.apply(old.id, customer.acting)
    assert problem.value.code == "plan_moved_on"
    customer.sync()
    assert {user.group for user in customer.roll().values()} == {"Dental"}
    assert set(Group.objects.values_list("name", flat=True)) == {"Main", "Dental"}


def test_the_users_of_a_removed_group_go_to_main_and_so_does_its_source(
    customer: Customer, clinical: Group, owner: Client
) -> None:
    asks = words(owner.get(_url("group-remove", clinical)))
    assert "Its 12 users go to Main at once." in asks
    assert f"{customer.source.owner.label} leads to Main from then on." in asks
    done = words(owner.post(_url("group-remove", clinical), follow=True))
    assert "Clinical was removed. Its 12 users are in Main now." in done
    customer.source.refresh_from_db()
    assert customer.source.group == "Main"
    customer.sync()
    assert {user.group for user in customer.roll().values()} == {"Main"}


def test_main_cannot_be_removed_or_renamed(customer: Customer, owner: Client) -> None:
    main = Group.objects.get(domain=customer.domain, name="Main")
    assert "Main cannot be removed" in words(owner.post(_url("group-remove", main), follow=True))
    assert "Main cannot be renamed" in words(owner.post(_url("group-rename", main), {"name": "All"}))
    assert not {"Rename Main", "Remove Main"} & set(buttons(_page(owner)))


def test_a_group_of_another_domain_is_not_here(customer: Customer, clinical: Group, owner: Client) -> None:
    other = edit.add_domain(customer.domain.organization, "other.example", customer.acting)
    for route in ("group-rename", "group-remove"):
        url = reverse(f"console:{route}", args=[other.name, clinical.id])
        assert owner.post(url, {"name": "x"}).status_code == 404
    assert Group.objects.filter(id=clinical.id).exists()


def test_many_groups_are_shown_a_page_at_a_time(customer: Customer, owner: Client) -> None:
    Group.objects.bulk_create(
        [Group(domain=customer.domain, name=f"Team {number:03}", key=f"team {number:03}") for number in range(120)]
    )
    first, second = words(_page(owner)), words(owner.get(f"{reverse('console:groups', args=[DOMAIN])}?page=2"))
    assert "1 to 100 of 121 · Next page" in first
    assert "101 to 121 of 121 · Previous page" in second
    assert ("Team 000" in first, "Team 119" in first, "Team 119" in second) == (True, False, True)
