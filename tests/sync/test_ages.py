"""How old what was read is: kept for each source, and so for the domain, by readings that nobody doubts."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

import pytest

from mailroll.connections import attach, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.directory.models import Domain
from mailroll.sync.models import Run, RunState
from mailroll.sync.runs import decide
from mailroll_simulator import Tenant
from tests.sync import world
from tests.sync.world import DOMAIN, Customer

OTHER = "0d5c3c55-7c40-4d5a-9a3d-7a2f7f1c9b11"

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Pair:
    """A customer with a second source, of a tenant of its own."""

    customer: Customer
    tenant: Tenant
    second: Source

    def sync(self) -> datetime:
        """Sync an hour later, and return when that was."""
        self.customer.time.pass_(hours=1)
        self.customer.sync()
        return self.customer.time()


@pytest.fixture
def pair(customer: Customer) -> Pair:
    """The second tenant has not verified the domain yet."""
    other = Tenant("Brightwater Two", "brightwater2.onmicrosoft.com", OTHER, Random(8))
    customer.simulator.add_tenant(other)
    app = customer.simulator.register_app(display_name="Two", permissions=world.PERMISSIONS, redirect_uris=())
    customer.simulator.consent(app, other)
    credential = Credential(secret=app.add_secret())
    offer = attach.offer(customer.domain.organization, "microsoft365", other.id, app.client_id, "custom", credential)
    connection = attach.attach(None, offer, attach.OnTrust(), customer.acting)
    return Pair(customer, other, sources.add(customer.domain, connection, customer.acting))


def at(source: Source) -> datetime | None:
    return Source.objects.get(owner=source.owner_id).read_at


def age(customer: Customer) -> tuple[bool, datetime | None]:
    domain = Domain.objects.get(id=customer.domain.id)
    return domain.has_source, domain.read_at


def test_a_domain_is_as_old_as_its_oldest_source(pair: Pair) -> None:
    pair.tenant.add_domain(DOMAIN)
    pair.tenant.add_user("Two", local="two", domain=DOMAIN)
    both = pair.sync()
    assert (at(pair.customer.source), at(pair.second), age(pair.customer)) == (both, both, (True, both))
    pair.tenant.unverify_domain(DOMAIN)
    later = pair.sync()
    assert (at(pair.customer.source), at(pair.second)) == (later, both)
    assert age(pair.customer) == (True, both), "what the second source has is as old as its last good reading"
    pair.tenant.verify_domain(DOMAIN)
    again = pair.sync()
    assert age(pair.customer) == (True, again)


def test_a_source_that_was_never_read_makes_no_list_older(pair: Pair) -> None:
    first = pair.sync()
    assert at(pair.second) is None
    assert age(pair.customer) == (True, first)


def test_switching_and_removing_sources_counts_at_once(pair: Pair) -> None:
    pair.tenant.add_domain(DOMAIN)
    pair.tenant.add_user("Two", local="two", domain=DOMAIN)
    both = pair.sync()
    pair.tenant.unverify_domain(DOMAIN)
    later = pair.sync()
    customer = pair.customer
    sources.set_switch(pair.second, SourceSwitch.ENABLED, customer.acting, on=False)
    assert age(customer) == (True, later)
    sources.set_switch(pair.second, SourceSwitch.ENABLED, customer.acting, on=True)
    assert age(customer) == (True, both)
    sources.remove_keeping_users(pair.second, customer.acting)
    assert age(customer) == (True, later)
    attach.detach(customer.source, customer.acting)
    assert age(customer) == (False, None), "without a source nothing grows old"


def test_a_domain_whose_source_is_new_was_never_read(customer: Customer) -> None:
    assert age(customer) == (True, None)
    sources.choose(customer.domain, "microsoft365", customer.acting)
    sources.remove_retiring_users(customer.source, customer.acting)
    assert age(customer) == (False, None), "one that waits to be connected is none to read"


def test_an_answer_without_anybody_counts_for_nothing_where_nobody_is_kept_either(pair: Pair) -> None:
    pair.tenant.add_domain(DOMAIN)
    first = pair.sync()
    assert at(pair.second) is None
    assert age(pair.customer) == (True, first)


def test_a_reading_that_is_not_whole_counts_for_nothing(customer: Customer) -> None:
    customer.sync()
    before = customer.time()
    customer.time.pass_(hours=1)
    # An object without an id: whose it is cannot be told.
    customer.simulator.faults.on("missing_id", user=f"p9@{DOMAIN}")
    assert customer.sync().state in {RunState.APPLIED, RunState.UNCHANGED}
    assert (at(customer.source), age(customer)) == (before, (True, before))


def test_many_mailboxes_without_an_address_make_a_reading_suspect(customer: Customer) -> None:
    customer.sync()
    before = customer.time()
    customer.time.pass_(hours=1)
    for number in range(4):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", proxyAddresses=[], mail=None)
    customer.sync()
    assert at(customer.source) == before


def test_a_preview_makes_no_list_younger_until_it_is_applied(customer: Customer) -> None:
    preview = customer.preview()
    read_at = customer.time()
    assert age(customer) == (True, None)
    customer.time.pass_(minutes=30)
    decide.apply(preview.id, customer.acting)
    assert age(customer) == (True, read_at)


def test_an_older_reading_makes_no_list_older(customer: Customer) -> None:
    customer.sync()
    customer.tenant.add_user("Joiner", local="joiner")
    preview = customer.preview()
    customer.time.pass_(hours=1)
    # What it plans does not touch the preview's plan.
    Source.objects.update(read_at=customer.time())
    decide.apply(preview.id, customer.acting)
    assert at(customer.source) == customer.time()


def test_a_reading_of_the_future_is_none(customer: Customer) -> None:
    customer.sync()
    Source.objects.update(read_at=customer.time().replace(year=2031))
    customer.sync()
    assert (at(customer.source), age(customer)) == (customer.time(), (True, customer.time()))


def held(customer: Customer) -> Run | None:
    return Run.objects.filter(domain=customer.domain, state=RunState.HELD).first()


def test_held_removals_and_held_growth_are_as_young_as_their_reading(customer: Customer) -> None:
    customer.sync()
    for number in range(8):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    for _ in range(2):
        customer.time.pass_(hours=1)
        customer.sync()
        assert held(customer) is not None
        assert (at(customer.source), age(customer)) == (customer.time(), (True, customer.time()))


def test_a_plan_held_whole_by_its_growth_is_as_young_as_its_reading(customer: Customer) -> None:
    customer.sync()
    for number in range(60):
        customer.tenant.add_user(f"New {number}", local=f"new{number}")
    for _ in range(2):
        customer.time.pass_(hours=1)
        assert customer.sync().state in {RunState.HELD, RunState.UNCHANGED}
        waiting = held(customer)
        assert waiting is not None
        assert waiting.read_at == customer.time()
        assert (at(customer.source), age(customer)) == (customer.time(), (True, customer.time()))
