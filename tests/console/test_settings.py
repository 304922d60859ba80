"""The settings of organizations, and how a domain or an organization leaves."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import support
from mailroll.accounts.models import Membership, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections import removal
from mailroll.connections.models import Connection, Source
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, Group, Organization, Owner, User
from mailroll.sync.models import Run, RunChange
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

_HOLD = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
"""What a run in another process holds for as long as it goes."""


def _acting() -> Acting:
    return Acting("test:priya")


def _url(organization: Organization, route: str = "organization") -> str:
    return reverse(f"console:{route}", args=[organization.id])


@pytest.fixture
def place(customer: Customer) -> Organization:
    return customer.domain.organization


def test_who_administers_one_organization_is_taken_to_it(place: Organization, people: People) -> None:
    url = reverse("console:settings")
    assert people.client("owner").get(url)["Location"] == _url(place)
    assert people.client("technician").get(url).status_code == 403
    assert people.client("anonymous").get(url).status_code == 302
    edit.add_organization("Branch", _acting(), parent=place)
    listed = words(people.client("owner").get(url))
    assert f"Branch {place.name} 0" in listed
    assert "Somebody Else" not in listed


def test_organizations_are_found_by_their_name_and_by_a_domain_of_theirs(place: Organization, owner: Client) -> None:
    branch = edit.add_organization("Branch", _acting(), parent=place)
    edit.add_domain(branch, "kestrel.example", _acting())
    edit.add_organization("Kestrel Works", _acting(), parent=place)
    edit.add_organization("Kestrel of Others", _acting())
    url = reverse("console:settings")
    for text, count in (("kestrel", 2), ("KESTREL.", 1), ("works", 1), ("nowhere", 0)):
        listed = words(owner.get(url, {"q": text}))
        assert f"All {count} Nobody of their own {count}" in listed, text
        assert "Others" not in listed
    # Too many to be named by their keys.
    Organization.objects.bulk_create(Organization(name=f"Kestrel {one}", parent=place) for one in range(1_000))
    listed = words(owner.get(url, {"q": "kestrel"}))
    assert "All 1,002 Nobody of their own 1,002" in listed
    assert "Others" not in listed


def test_name_and_help_are_saved_and_shown_on_the_user_sync_tab(
    customer: Customer, place: Organization, owner: Client
) -> None:
    given = {"name": "Brightwater Dental", "help_url": "https://help.example/", "ticket_url": "mailto:it@help.example"}
    page = words(owner.post(_url(place), given, follow=True))
    assert "Saved." in page
    assert "Brightwater Dental" in page
    tab = owner.get(reverse("console:user-sync", args=[DOMAIN])).content.decode()
    assert 'href="https://help.example/"' in tab
    assert 'href="mailto:it@help.example"' in tab
    said = AuditEntry.objects.get(action="organization.support_set")
    assert said.details == {"help_url": "https://help.example/", "ticket_url": "mailto:it@help.example"}


def test_help_comes_from_above_where_an_organization_says_nothing(place: Organization) -> None:
    branch = edit.add_organization("Branch", _acting(), parent=place)
    support.settle(place, _acting(), name=place.name, help_url="https://a.example/", ticket_url="")
    support.settle(branch, _acting(), name="Branch", help_url="", ticket_url="https://b.example/")
    branch.refresh_from_db()
    assert support.support_for(branch) == support.Support("https://a.example/", "https://b.example/")


def test_every_fault_of_the_settings_is_told_and_nothing_is_saved(place: Organization, owner: Client) -> None:
    given = {"name": "x" * 201, "help_url": "javascript:alert(1)", "ticket_url": "http://plain.example/"}
    page = owner.post(_url(place), given)
    assert page.status_code == 422
    said = words(page)
    assert "The name is longer than 200 characters." in said
    assert said.count("Write it as https://host/page") == 2
    page = owner.post(_url(place), {**given, "name": "Another"})
    assert page.status_code == 422
    place.refresh_from_db()
    assert (place.name, place.help_url) == ("Brightwater Joinery", "")
    assert not AuditEntry.objects.filter(action="organization.renamed").exists()


def test_a_customer_is_added_below_and_removed_while_it_is_empty(place: Organization, owner: Client) -> None:
    page = words(owner.post(_url(place, "customer-add"), {"name": "Branch"}, follow=True))
    assert f"Branch was added below {place.name}." in page
    branch = Organization.objects.get(name="Branch")
    assert branch.parent == place
    assert "mail is not touched" in words(owner.get(_url(branch, "organization-remove")))
    assert "Branch was removed." in words(owner.post(_url(branch, "organization-remove"), follow=True))
    assert not Organization.objects.filter(name="Branch").exists()


def test_below_a_customer_are_few_unless_who_stands_on_top_adds_them(
    place: Organization, people: People, settings: Settings
) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, customers_below=2)
    customer = edit.add_organization("Weststrand", _acting(), parent=place)
    Membership.objects.create(operator=people.technician, organization=customer, role=Role.ADMINISTRATOR)
    below = customer
    for name in ("One", "Two"):
        # However deep they stand.
        people.client("technician").post(_url(below, "customer-add"), {"name": name})
        below = Organization.objects.get(name=name)
    for at in (customer, below):
        said = words(people.client("technician").post(_url(at, "customer-add"), {"name": "Three"}, follow=True))
        assert "2 organizations are below Weststrand, and there may be no more." in said
    assert not Organization.objects.filter(name="Three").exists()
    assert "Three was added" in words(
        people.client("owner").post(_url(below, "customer-add"), {"name": "Three"}, follow=True)
    )


def test_an_organization_with_domains_or_on_top_stays(place: Organization, owner: Client) -> None:
    branch = edit.add_organization("Branch", _acting(), parent=place)
    edit.add_domain(branch, "branch.example", _acting())
    assert "still has domains" in words(owner.post(_url(branch, "organization-remove"), follow=True))
    assert "stands at the top" in words(owner.post(_url(place, "organization-remove"), follow=True))
    assert Organization.objects.filter(name="Branch").exists()


def test_a_domain_leaves_with_everything_that_is_kept_of_it(
    customer: Customer, place: Organization, owner: Client
) -> None:
    other = edit.add_domain(place, "other.example", _acting())
    edit.add_user(other, "jo@other.example", _acting())
    customer.sync()
    customer.preview()
    url = reverse("console:domain-remove", args=[DOMAIN])
    asks = words(owner.get(url))
    assert "12 users, 1 source and 2 runs go at once" in asks
    assert "take the domain out of the gateway first" in asks
    wrong = owner.post(url, {"name": "other.example"})
    assert wrong.status_code == 422
    assert f"Type {DOMAIN} to remove it." in words(wrong)
    done = words(owner.post(url, {"name": f" {DOMAIN.upper()} "}, follow=True))
    assert f"{DOMAIN} was removed with its list, sources and runs." in done
    left: list[tuple[type[Model], int]] = [
        *((User, 1), (Address, 1), (Group, 1), (Owner, 0), (Source, 0), (Run, 0), (RunChange, 0), (Domain, 1)),
        (Connection, 1),
    ]
    assert [(model, model._default_manager.count()) for model, _ in left] == left
    told = AuditEntry.objects.filter(subject=DOMAIN, action__startswith="domain.").order_by("id")
    assert [entry.action for entry in told] == ["domain.added", "domain.emptied", "domain.removed"]
    assert told[1].details == {"runs": 2, "sources": 1}


def test_a_domain_stays_while_a_run_of_it_is_under_way(customer: Customer, owner: Client) -> None:
    customer.sync()
    key = f"mailroll:domain:{customer.domain.id}"

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [key])

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(hold).result()
        page = owner.post(reverse("console:domain-remove", args=[DOMAIN]), {"name": DOMAIN})
        elsewhere.submit(lambda: connection.close()).result()  # noqa: PLW0108 - the thread's own connection
    assert page.status_code == 422
    assert "A run of this domain is under way. Wait for it to end, or cancel it, and try again." in words(page)
    assert len(customer.roll()) == 12


def test_roles_and_connections_of_a_removed_organization_go_with_it(place: Organization, people: People) -> None:
    branch = edit.add_organization("Branch", _acting(), parent=place)
    Membership.objects.create(operator=people.viewer, organization=branch, role="viewer")
    removal.remove_organization(branch, _acting())
    assert not Membership.objects.filter(operator=people.viewer).exclude(organization=place).exists()


def test_an_organization_stays_whose_connection_a_domain_uses(place: Organization, owner: Client) -> None:
    place.parent = edit.add_organization("Northgate", _acting())
    place.save()
    assert "still has domains" in words(owner.post(_url(place, "organization-remove"), follow=True))
    assert Source.objects.filter(connection__organization=place).exists()


def test_many_domains_of_an_organization_are_shown_a_page_at_a_time(place: Organization, owner: Client) -> None:
    Domain.objects.bulk_create([Domain(name=f"many{number:03}.example", organization=place) for number in range(60)])
    number = place.domains.count()
    first, second = words(owner.get(_url(place))), words(owner.get(f"{_url(place)}?page=2"))
    assert f"1 to 50 of {number} · Next page" in first
    assert f"51 to {number} of {number} · Previous page" in second
    assert "many059.example" in second
    assert "many059.example" not in first
