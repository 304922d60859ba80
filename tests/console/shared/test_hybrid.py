"""Whether a tenant is hybrid is said on its connection's page, by whoever may connect it."""

from django.urls import reverse

from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import Customer


def test_who_may_connect_a_tenant_says_that_it_is_hybrid(customer: Customer, people: People) -> None:
    url = reverse("console:connection", args=[customer.connection.id])
    owner = people.client("owner")
    assert "This tenant is hybrid" in buttons(owner.get(url))
    for value, said in (("yes", True), ("no", False)):
        assert owner.post(url, {"hybrid": value}).status_code == 302
        customer.connection.refresh_from_db()
        assert customer.connection.hybrid is said
        assert ("marked as hybrid" in words(owner.get(url))) is said


def test_nobody_else_does(customer: Customer, people: People) -> None:
    url = reverse("console:connection", args=[customer.connection.id])
    for name, status in (("technician", 403), ("viewer", 403), ("stranger", 404)):
        assert people.client(name).post(url, {"hybrid": "yes"}).status_code == status, name
        customer.connection.refresh_from_db()
        assert not customer.connection.hybrid, name
