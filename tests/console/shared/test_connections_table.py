"""The list of connections: searched, a page at a time, and a handful of queries however many there are."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mailroll.connections.models import Connection, Source
from mailroll.console.connect import connection_view
from mailroll.directory.models import Domain, Organization, Owner
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

URL = reverse("console:connections")
REFUSED = {"code": "consent_missing", "message": "Consent was withdrawn.", "help": "Consent again."}


def _many(customer: Customer, number: int) -> None:
    """Make that many connections of customers below the provider, each with a domain, one in ten refused."""
    above = customer.domain.organization
    places = [Organization(name=f"Customer {one:03}", parent=above) for one in range(number)]
    domains = [Domain(organization=place, name=f"c{one:03}.example") for one, place in enumerate(places)]
    owners = [Owner(domain=domain, label="Office 365") for domain in domains]
    connections = [
        Connection(
            organization=place,
            kind="microsoft365",
            cloud="global",
            tenant_id=str(uuid4()),
            client_id=str(uuid4()),
            credential_kind="installation",
            health={
                "state": "ok" if one % 10 else "refused",
                "error": None if one % 10 else REFUSED,
                "tenant_name": f"Tenant {one:03}",
                "checked_at": datetime(2026, 11, 23, tzinfo=UTC).isoformat(),
                "permissions": [],
            },
        )
        for one, place in enumerate(places)
    ]
    Organization.objects.bulk_create(places)
    Domain.objects.bulk_create(domains)
    Owner.objects.bulk_create(owners)
    Connection.objects.bulk_create(connections)
    Source.objects.bulk_create(
        Source(owner=owner, domain=domain, connection=connection, group="Main", precedence=1)
        for owner, domain, connection in zip(owners, domains, connections, strict=True)
    )


@pytest.mark.parametrize("number", [50, 400])
def test_the_list_takes_a_handful_of_queries(customer: Customer, owner: Client, number: int) -> None:
    _many(customer, number)
    owner.get(URL)  # the first request of a session writes that it began
    with CaptureQueriesContext(database) as asked:
        page = words(owner.get(URL))
    assert f"1 to 50 of {number + 1}" in page
    assert len(asked) <= 12, [each["sql"][:120] for each in asked]


def test_what_needs_somebody_comes_first_and_the_rest_on_further_pages(customer: Customer, owner: Client) -> None:
    _many(customer, 60)
    first, second = words(owner.get(URL)), words(owner.get(URL, {"page": "2"}))
    assert first.index("Tenant 050") < first.index("Tenant 001")
    assert "Next page" in first
    assert "51 to 61 of 61" in second
    assert "Previous page" in second
    pressing = words(owner.get(URL, {"show": "pressing"}))
    assert "1 to 6 of 6" in pressing
    assert "Healthy" not in pressing


def test_the_database_ranks_them_as_they_are_judged(customer: Customer) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    ends = (
        None,
        *(now + days + step for days in (timedelta(), timedelta(days=30)) for step in (-tick, tick - tick, tick)),
    )
    own = customer.connection
    for state, error, at in product((None, "ok", "refused", "incomplete", "lessened"), (None, REFUSED), ends):
        own.health, own.credential_ends_at = {"state": state, "error": error}, at
        if state is None:
            del own.health["state"]
        own.save()
        (rank,) = Connection.objects.annotate(rank=connection_view.rank_in_sql(now)).values_list("rank", flat=True)
        assert connection_view.MARKS[rank] == connection_view.judge(state, error, at, now)[0], (state, error, at)


def test_it_is_found_by_tenant_organization_and_domain(customer: Customer, owner: Client) -> None:
    _many(customer, 12)
    for text in ("TENANT 007", "customer 007", "c007.exam"):
        page = words(owner.get(URL, {"q": text}))
        assert "1 to 1 of 1" in page, text
        assert "Tenant 007" in page
    assert "1 to 1 of 1" in words(owner.get(URL, {"q": customer.connection.tenant_id[4:].upper()}))
    assert "No connection matches" in words(owner.get(URL, {"q": "nowhere"}))


def test_nothing_of_others_is_found(customer: Customer, people: People) -> None:
    _many(customer, 3)
    page = words(people.client("stranger").get(URL, {"q": "Tenant"}))
    assert "Nothing is connected yet." in page


def test_domains_of_others_are_neither_named_nor_counted_nor_found(
    customer: Customer, people: People, owner: Client
) -> None:
    others = people.stranger.memberships.get().organization
    domain = Domain.objects.create(organization=others, name="aspen.example")
    label = Owner.objects.create(domain=domain, label="Office 365")
    Source.objects.create(
        owner=label, domain=domain, connection=customer.connection, group="Main", precedence=1, enabled=False
    )
    page = words(owner.get(URL))
    assert DOMAIN in page
    assert "aspen" not in page
    assert "1 more" not in page
    assert "No connection matches" in words(owner.get(URL, {"q": "aspen.example"}))


def test_what_nobody_offers_is_passed_over(customer: Customer, owner: Client) -> None:
    for asked in ({"page": "0"}, {"page": "x"}, {"page": "9" * 40}, {"show": "?"}):
        assert "1 to 1 of 1" in words(owner.get(URL, asked)), asked
