"""The settings of a domain: alias domains added, seen and removed."""

from django.test import Client
from django.urls import reverse

from mailroll.audit.models import AuditEntry
from mailroll.connections import check
from mailroll.directory import edit, queries
from mailroll.directory.models import Organization
from mailroll.insight.why.addresses import explain
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

ALIAS = "brightwater.test"


def _url(route: str = "domain-settings") -> str:
    return reverse(f"console:{route}", args=[DOMAIN])


def test_the_settings_are_reached_from_the_head_by_who_may_change_them(people: People) -> None:
    for name, may in [("owner", True), ("technician", False)]:
        tab = people.client(name).get(reverse("console:user-sync", args=[DOMAIN])).content.decode()
        assert (f'href="{_url()}"' in tab) is may


def test_an_alias_domain_is_added_and_shows_what_it_brings(customer: Customer, owner: Client) -> None:
    customer.tenant.add_domain(ALIAS)
    customer.tenant.add_user("Ann", local="ann", aliases=[f"ann@{ALIAS}"])
    assert "Only addresses that the tenant really lists count" in words(owner.get(_url()))
    page = words(owner.post(_url("domain-alias-add"), {"name": f" {ALIAS.upper()} "}, follow=True))
    assert f"{ALIAS} is an alias domain. Its addresses join the list at the next run." in page
    assert f"{ALIAS} Not checked yet 0" in page
    customer.sync()
    check.check(customer.connection, customer.domain, customer.acting)
    assert f"{ALIAS} Verified 1" in words(owner.get(_url()))
    assert f"or in an alias domain: {ALIAS}." in words(owner.get(_url("user-add")))
    entry = AuditEntry.objects.get(action="domain.alias_added")
    assert (entry.subject, entry.details) == (DOMAIN, {"alias": ALIAS, "proved": True})
    assert "Alias domain added" in words(owner.get(reverse("console:audit")))


def test_only_whoever_stands_at_the_top_adds_an_alias_domain_on_their_word(customer: Customer, owner: Client) -> None:
    top = edit.add_organization("Provider", customer.acting)
    Organization.objects.filter(id=customer.domain.organization_id).update(parent=top)
    page = words(owner.post(_url("domain-alias-add"), {"name": ALIAS}, follow=True))
    assert "Its addresses join the list once it is proved." in page
    assert queries.accepted(customer.domain) == {DOMAIN}
    customer.tenant.add_domain(ALIAS)
    check.check(customer.connection, customer.domain, customer.acting)
    assert f"{ALIAS} Verified, not proved yet 0" in words(owner.get(_url()))
    customer.sync()
    assert f"{ALIAS} Verified 0" in words(owner.get(_url()))


def test_an_alias_domain_that_no_tenant_has_is_told_as_such(customer: Customer, owner: Client) -> None:
    check.check(customer.connection, customer.domain, customer.acting)
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting)
    assert f"{ALIAS} Not verified 0" in words(owner.get(_url()))
    why = explain(f"ann@{ALIAS}", customer.time())
    assert "alias_not_verified" in {reason["code"] for reason in why.reasons}
    why = explain(f"nobody@{DOMAIN}", customer.time())
    assert "alias_not_verified" not in {reason["code"] for reason in why.reasons}


def test_what_cannot_be_an_alias_domain_is_told_beside_the_field(customer: Customer, owner: Client) -> None:
    for name, told in [("*.test", "stands for many domains"), (DOMAIN, "is the domain itself"), ("", "mail domain")]:
        page = owner.post(_url("domain-alias-add"), {"name": name})
        assert page.status_code == 422
        assert told in words(page)
        assert f'value="{name}"' in page.content.decode()


def test_an_alias_domain_in_use_by_hand_stays_until_its_addresses_are_gone(customer: Customer, owner: Client) -> None:
    edit.add_domain_alias(customer.domain, ALIAS, customer.acting, proved=True)
    user = edit.add_user(customer.domain, f"fax@{ALIAS}", customer.acting)
    page = words(owner.post(_url("domain-alias-remove"), {"name": ALIAS}, follow=True))
    assert f"1 user made by hand has addresses in {ALIAS}" in page
    edit.remove_user(customer.domain, user, customer.acting)
    page = words(owner.post(_url("domain-alias-remove"), {"name": ALIAS}, follow=True))
    assert f"{ALIAS} is no alias domain any more." in page
