"""Alias domains in a run: their addresses join the list where the tenant really lists them."""

import pytest

from mailroll.connections import check, sources
from mailroll.connections.models import Connection
from mailroll.directory import edit, queries
from mailroll.insight import alias_domains
from mailroll.insight.why.addresses import explain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import Refused
from mailroll.sync.runs import decide, make
from tests.sync.world import DOMAIN, Customer

ALIAS = "brightwater.test"

pytestmark = pytest.mark.django_db(transaction=True)


def _codes(customer: Customer, address: str) -> set[str]:
    return {reason["code"] for reason in explain(address, customer.time()).reasons}


def test_addresses_in_an_alias_domain_count_where_the_tenant_has_verified_it(customer: Customer) -> None:
    customer.tenant.add_domain(ALIAS)
    customer.tenant.add_domain("unproved.test", verified=False)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}", "ann@unproved.test", "ann@other.test"])
    customer.tenant.add_user("Bob", local="bob", domain=ALIAS)
    customer.sync()
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == ()
    for name in (ALIAS, "unproved.test"):
        edit.add_domain_alias(customer.domain, name, customer.acting)
    customer.sync()
    roll = customer.roll()
    assert roll[f"ann@{DOMAIN}"].aliases == (f"ann@{ALIAS}",)
    assert (roll[f"bob@{ALIAS}"].billable, len(roll)) == (True, 14)
    assert "held_by_user" in _codes(customer, f"ann@{ALIAS}")
    assert "not_listed" in _codes(customer, f"nobody@{ALIAS}")
    assert "not_in_list" in _codes(customer, "ann@unproved.test")
    assert _codes(customer, "ann@other.test") == {"domain_not_here"}


def test_what_an_alias_domain_brought_goes_with_it_by_a_plan(customer: Customer) -> None:
    customer.tenant.add_domain(ALIAS)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}"])
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    waiting = customer.preview()
    edit.remove_domain_alias(customer.domain, ALIAS, customer.acting)
    with pytest.raises(Refused) as moved:
        decide.apply(waiting.id, customer.acting)
    assert moved.value.code == "plan_moved_on"
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    customer.sync()
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == (f"ann@{ALIAS}",)
    edit.remove_domain_alias(customer.domain, ALIAS, customer.acting)
    run = customer.sync()
    assert (run.counts["update"], customer.roll()[f"ann@{DOMAIN}"].aliases) == (1, ())


def test_whose_primary_address_is_in_the_alias_domain_of_another_domain_is_billed_there(customer: Customer) -> None:
    for name in ("second.test", ALIAS):
        customer.tenant.add_domain(name)
    customer.tenant.add_user("Cy", local="cy", domain=ALIAS, aliases=[f"cy@{DOMAIN}"])
    second = edit.add_domain(customer.domain.organization, "second.test", customer.acting)
    edit.add_domain_alias(second, ALIAS, customer.acting)
    sources.add(second, customer.connection, customer.acting)
    customer.sync()
    make.run(second, customer.acting)
    assert customer.roll()[f"cy@{DOMAIN}"].billable is False
    customer.domain = second
    assert customer.roll()[f"cy@{ALIAS}"].billable is True


def test_a_squatter_gets_nothing_and_the_owner_has_it_by_proof(customer: Customer) -> None:
    """Another organization registered the name first; when its own tenant proves it later, both are told."""
    squatter = edit.add_domain(edit.add_organization("Squatter Ltd", customer.acting), "squatter.test", customer.acting)
    edit.add_domain_alias(squatter, ALIAS, customer.acting)
    with pytest.raises(edit.Malformed):
        edit.add_user(squatter, f"ann@{ALIAS}", customer.acting)
    customer.tenant.add_domain(ALIAS)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}"])
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    customer.sync()
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == (f"ann@{ALIAS}",)
    assert queries.accepted(squatter) == {"squatter.test"}
    edit.prove_aliases(squatter, [DomainName(ALIAS)], customer.acting)
    run = customer.sync()
    assert [(one["code"], one["facts"]["domain"]) for one in run.findings] == [("alias_claimed", ALIAS)]
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == (f"ann@{ALIAS}",)


def test_a_second_proof_takes_nothing_and_is_told(customer: Customer) -> None:
    other = edit.add_domain(edit.add_organization("First Ltd", customer.acting), "first.test", customer.acting)
    edit.add_domain_alias(other, ALIAS, customer.acting, proved=True)
    customer.tenant.add_domain(ALIAS)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}"])
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    run = customer.sync()
    assert [one["code"] for one in run.findings] == ["alias_proved_elsewhere"]
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == ()
    assert [one.elsewhere for one in alias_domains.of_domain(customer.domain)] == [True]


def test_a_custom_cloud_that_nobody_at_the_top_vouches_for_proves_nothing(customer: Customer) -> None:
    Connection.objects.update(vouched=False)
    customer.tenant.add_domain(ALIAS)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}"])
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    check.check(customer.connection, customer.domain, customer.acting)
    run = customer.sync()
    assert [(one["code"], one["facts"]["domain"]) for one in run.findings] == [("alias_not_vouched", ALIAS)]
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == ()
    assert [(one.verified, one.proved) for one in alias_domains.of_domain(customer.domain)] == [(True, False)]
    edit.remove_domain_alias(customer.domain, ALIAS, customer.acting)
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting, proved=True)
    assert customer.sync().findings == []
    assert customer.roll()[f"ann@{DOMAIN}"].aliases == (f"ann@{ALIAS}",)
