"""A person with addresses in several domains of one tenant has a row in each, and is billed once."""

import pytest

from mailroll.connections import attach, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection
from mailroll.directory import edit
from mailroll.directory.models import Domain, User
from mailroll.sync.runs import make
from mailroll_simulator import Tenant
from tests.sync import world
from tests.sync.world import DOMAIN, Customer

SECOND = "second.test"

pytestmark = pytest.mark.django_db(transaction=True)


def other_connection(customer: Customer, of: Tenant | None = None) -> Connection:
    """Another registration that reads the same tenant, or another one."""
    tenant = of or customer.tenant
    app = customer.simulator.register_app(display_name="Other", permissions=world.PERMISSIONS, redirect_uris=())
    customer.simulator.consent(app, tenant)
    credential = Credential(secret=app.add_secret())
    organization = customer.domain.organization
    offer = attach.offer(organization, "microsoft365", tenant.id, app.client_id, "custom", credential)
    return attach.attach(None, offer, attach.OnTrust(), customer.acting)


@pytest.fixture(params=["one connection", "two connections"])
def second(customer: Customer, request: pytest.FixtureRequest) -> Domain:
    """A second domain of the tenant, with one who has an address in both."""
    customer.tenant.add_domain(SECOND)
    customer.tenant.add_user("Cy", local="cy", domain=SECOND, aliases=[f"cy@{DOMAIN}"])
    customer.tenant.add_user("Di", local="di", aliases=[f"di@{SECOND}"])
    domain = edit.add_domain(customer.domain.organization, SECOND, customer.acting)
    connection = customer.connection if request.param == "one connection" else other_connection(customer)
    sources.add(domain, connection, customer.acting)
    return domain


def billed(name: str) -> list[tuple[str, bool]]:
    rows = User.objects.filter(display_name=name, retired_at__isnull=True).order_by("domain__name")
    return list(rows.values_list("domain__name", "billable"))


def test_a_person_of_two_domains_is_billed_where_the_primary_address_lies(customer: Customer, second: Domain) -> None:
    customer.sync()
    make.run(second, customer.acting)
    assert billed("Cy") == [(DOMAIN, False), (SECOND, True)]
    assert billed("Di") == [(DOMAIN, True), (SECOND, False)]


def test_a_sibling_that_this_reading_does_not_prove_is_still_where_its_people_are_billed(
    customer: Customer, second: Domain
) -> None:
    customer.sync()
    make.run(second, customer.acting)
    customer.tenant.unverify_domain(SECOND)
    customer.tenant.add_user("Ed", local="ed", domain=SECOND, aliases=[f"ed@{DOMAIN}"])
    customer.sync()
    make.run(second, customer.acting)
    assert billed("Cy") == [(DOMAIN, False), (SECOND, True)]
    assert billed("Di") == [(DOMAIN, True), (SECOND, False)]
    assert billed("Ed") == [(DOMAIN, False)], "second.test takes and bills nobody new until it is proved again"
    customer.tenant.verify_domain(SECOND)
    make.run(second, customer.acting)
    customer.sync()
    assert billed("Ed") == [(DOMAIN, False), (SECOND, True)]
