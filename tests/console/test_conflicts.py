"""Conflicts on the page of a run: both sides, the rule, and the way to settle it."""

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.directory import edit
from mailroll.directory.models import Address
from mailroll.insight import conflicts, reports
from mailroll.insight.why.addresses import explain
from mailroll.sync.models import Run
from tests.cli.commands import mailroll
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer


def _by_hand(customer: Customer, address: str) -> None:
    edit.add_user(customer.domain, address, customer.acting, display_name="Desk")


def _page(client: Client, run: Run) -> str:
    return client.get(reverse("console:run", args=[DOMAIN, run.id])).content.decode()


pytestmark = pytest.mark.usefixtures("today")


def test_a_hand_made_user_with_the_address_is_shown_beside_who_wants_it(customer: Customer, owner: Client) -> None:
    _by_hand(customer, f"p1@{DOMAIN}")
    run = customer.preview()
    said = words(owner.get(reverse("console:run", args=[DOMAIN, run.id])))
    assert "Show both" in said
    assert (
        f"p1@{DOMAIN} Desk User, made by hand Person 1 User, Office 365 What a person made no sync takes away." in said
    )
    link = f'href="{reverse("console:source-destination", args=[DOMAIN, customer.source.owner_id])}#adopting"'
    assert link in _page(owner, run)
    assert "Let Office 365 keep it" in said


def test_who_may_only_look_is_not_led_to_what_it_may_not_do(customer: Customer, people: People) -> None:
    _by_hand(customer, f"p1@{DOMAIN}")
    run = customer.preview()
    said = words(people.client("viewer").get(reverse("console:run", args=[DOMAIN, run.id])))
    assert "What a person made no sync takes away." in said
    assert "Let Office 365 keep it" not in said


def test_where_the_source_cannot_take_it_over_a_person_frees_the_address(customer: Customer, owner: Client) -> None:
    _by_hand(customer, f"info@{DOMAIN}")
    customer.tenant.add_user("Ann", local="ann", aliases=[f"info@{DOMAIN}"])
    page = _page(owner, customer.preview())
    assert "Let Office 365 keep it" not in page
    assert f"{reverse('console:users', args=[DOMAIN])}?q=info%40{DOMAIN}" in page


def test_two_objects_with_one_address_are_settled_where_they_are_kept(customer: Customer, owner: Client) -> None:
    customer.tenant.add_user("Ann", local="ann", aliases=[f"info@{DOMAIN}"])
    customer.sync()
    customer.tenant.add_user("Bob", local="bob", aliases=[f"info@{DOMAIN}"])
    run = customer.preview()
    said = words(owner.get(reverse("console:run", args=[DOMAIN, run.id])))
    assert "Who has it keeps it. To change it, take the address from one of both in Microsoft 365." in said
    (one,) = conflicts.of_run(run)
    assert one.holder is not None
    assert (one.holder.name, one.holder.by, one.wanted.name) == ("Ann", "Office 365", "Bob")
    assert len(conflicts.of_run(run)) == 1


def test_whose_address_it_is_in_another_domain_is_told_nowhere(customer: Customer, owner: Client) -> None:
    theirs = edit.add_domain(edit.add_organization("Someone Else", customer.acting), "other.example", customer.acting)
    edit.add_user(theirs, "p1@other.example", customer.acting, display_name="Secret")
    Address.objects.filter(address="p1@other.example").update(address=f"p1@{DOMAIN}")
    run = customer.preview()
    said = words(owner.get(reverse("console:run", args=[DOMAIN, run.id])))
    assert f"p1@{DOMAIN} Another domain of this installation Person 1 User, Office 365 Who has it keeps it." in said
    assert "Secret" not in said
    assert "other.example" not in said
    assert reports.report(run)["conflicts"][0]["holder"] is None


def test_the_command_line_and_explain_tell_both_sides(customer: Customer) -> None:
    _by_hand(customer, f"p1@{DOMAIN}")
    report = reports.report(customer.preview())
    (one,) = report["conflicts"]
    assert set(one) == {"address", "holder", "wanted", "rule", "message"}
    assert (one["rule"], one["holder"]["source"], one["wanted"]["source"]) == ("by_hand", None, "Office 365")
    assert f"Desk (p1@{DOMAIN}, made by hand) has this address" in mailroll("preview", DOMAIN).out
    customer.tenant.add_user("Ann", local="ann", aliases=[f"taken@{DOMAIN}"])
    assert not explain(f"taken@{DOMAIN}", customer.time()).accepted
