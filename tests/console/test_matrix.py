"""Owner, technician, viewer, stranger and nobody at every address of a domain."""

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.directory import edit
from tests.console.matrix import ROWS, Row
from tests.console.people import People
from tests.sync.world import Customer


@pytest.mark.parametrize("who", ["owner", "technician", "viewer", "stranger", "anonymous"])
def test_each_gets_what_is_theirs(customer: Customer, people: People, who: str) -> None:
    edit.add_user(customer.domain, "fax@brightwater.example", customer.acting, display_name="Fax")
    static = edit.Static("lists@brightwater.example")
    edit.add_static(customer.domain, static, customer.acting)
    customer.preview()
    here = customer.everyone()
    wrong, client = [], people.client(who)
    for row in ROWS:
        found = _ask(customer, client, row)
        if found != row.expected(who):
            wrong.append((row.route, row.method, found, row.expected(who)))
    assert wrong == []
    if who in {"viewer", "stranger", "anonymous"}:
        assert customer.everyone() == here


def test_a_run_and_a_source_of_another_domain_are_not_here(customer: Customer, people: People) -> None:
    other = edit.add_domain(customer.domain.organization, "other.example", customer.acting)
    run = customer.preview()
    client = people.client("owner")
    assert client.get(reverse("console:run", args=[other.name, run.id])).status_code == 404
    assert client.post(reverse("console:run-apply", args=[other.name, run.id])).status_code == 404
    assert client.post(reverse("console:run-discard", args=[other.name, run.id])).status_code == 404
    source = reverse("console:source-destination", args=[other.name, customer.source.owner_id])
    assert client.get(source).status_code == 404
    assert client.post(reverse("console:sync", args=[other.name]), {"beside": str(run.id)}).status_code == 404


def _ask(customer: Customer, client: Client, row: Row) -> int:
    url = reverse(f"console:{row.route}", kwargs=dict(row.of(customer)))
    response = client.get(url) if row.method == "get" else client.post(url, row.data)
    return response.status_code
