"""What is doubted: a source, a domain that is not proved, a mailbox without an address, an answer with nobody in it."""

from random import Random

import pytest

from mailroll.connections import attach, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.insight.why.addresses import explain
from mailroll.sync.models import Run, RunState
from mailroll.sync.runs import decide
from mailroll_simulator import Simulator, Tenant
from tests.sync import world
from tests.sync.world import DOMAIN, Customer

ALIAS = "brightwater.test"
OTHER = "0d5c3c55-7c40-4d5a-9a3d-7a2f7f1c9b11"

pytestmark = pytest.mark.django_db(transaction=True)


def codes(run: Run) -> dict[str, str]:
    return {finding["code"]: finding["level"] for finding in run.findings}


def facts(run: Run, code: str) -> dict[str, str]:
    (found,) = (finding["facts"] for finding in run.findings if finding["code"] == code)
    return dict(found)


@pytest.fixture
def beside(customer: Customer, simulator: Simulator) -> Customer:
    """A customer whose second source reads a tenant that has not verified the domain."""
    customer.sync()
    other = Tenant("Brightwater Two", "brightwater2.onmicrosoft.com", OTHER, Random(8))
    simulator.add_tenant(other)
    app = simulator.register_app(display_name="Two", permissions=world.PERMISSIONS, redirect_uris=())
    simulator.consent(app, other)
    credential = Credential(secret=app.add_secret())
    offer = attach.offer(customer.domain.organization, "microsoft365", other.id, app.client_id, "custom", credential)
    sources.add(customer.domain, attach.attach(None, offer, attach.OnTrust(), customer.acting), customer.acting)
    return customer


def test_a_source_in_doubt_stops_no_other(beside: Customer) -> None:
    before = beside.domain.read_at
    beside.tenant.add_user("Joiner", local="joiner")
    beside.tenant.delete_user(f"p1@{DOMAIN}")
    run = beside.sync()
    doubted = Source.objects.select_related("owner").get(domain=beside.domain, precedence=2)
    assert codes(run)["domain_not_verified"] == "holds-removals"
    assert facts(run, "domain_not_verified")["source"] == doubted.owner.label
    assert f"joiner@{DOMAIN}" in beside.roll()
    assert beside.user(f"p1@{DOMAIN}").retired_at is None
    held = run.waits_in
    assert held is not None
    assert decide.release(held.id, "They left.", beside.acting).state == RunState.APPLIED
    assert beside.user(f"p1@{DOMAIN}").retired_at is not None
    beside.domain.refresh_from_db()
    assert before != beside.domain.read_at, "a source that keeps nobody makes no reading older"


def test_an_alias_domain_that_one_reading_misses_keeps_its_addresses(customer: Customer) -> None:
    customer.tenant.add_domain(ALIAS)
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}"])
    customer.tenant.add_user("List", local="list", domain=ALIAS)
    customer.sync()
    before = customer.everyone()
    customer.tenant.unverify_domain(ALIAS)
    run = customer.sync()
    assert facts(run, "alias_domain_not_proved")["domain"] == ALIAS
    assert "The last reading without this" in facts(run, "alias_domain_not_proved")["since"]
    assert customer.everyone() == before
    assert explain(f"list@{ALIAS}", customer.time()).accepted
    customer.tenant.verify_domain(ALIAS)
    again = customer.sync()
    assert "alias_domain_not_proved" not in codes(again)
    assert customer.everyone() == before


@pytest.mark.parametrize("proxies", [[], None])
def test_a_licensed_mailbox_without_an_address_is_a_contradiction_and_stays(
    customer: Customer, proxies: list[str] | None
) -> None:
    customer.sync()
    before = customer.everyone()
    customer.tenant.change_user(f"p1@{DOMAIN}", proxyAddresses=proxies, mail=None)
    run = customer.sync()
    assert run.counts["retire"] == 0
    assert facts(run, "addresses_not_shown")["objects"] == "1"
    assert customer.everyone() == before


def test_a_reading_that_nobody_came_out_of_is_held_and_makes_the_list_no_younger(customer: Customer) -> None:
    customer.sync()
    customer.domain.refresh_from_db()
    before, read_at = customer.everyone(), customer.domain.read_at
    customer.time.pass_(hours=1)
    customer.simulator.faults.on("missing_property")
    first, second = customer.sync(), customer.sync()
    for run in (first, second):
        run.refresh_from_db()
        assert codes(run)["source_empty"] == "holds-plan"
    assert (first.state, second.state) == (RunState.SUPERSEDED, RunState.HELD)
    customer.domain.refresh_from_db()
    assert (customer.everyone(), customer.domain.read_at) == (before, read_at)
