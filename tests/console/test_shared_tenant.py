"""One tenant, several domains: one connection, each domain with its own addresses, and a way to those missing here."""

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.connections import check, share, sources
from mailroll.connections.models import Connection, Source
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import BadInput, NotVerified, Refused
from mailroll.sync.runs import make
from mailroll_simulator import Tenant
from tests.cli.commands import mailroll
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

FREIGHT = "freight.example"
USE = "Use the connection to Brightwater Joinery"


@pytest.fixture
def tenant(tenant: Tenant) -> Tenant:
    tenant.add_domain(FREIGHT)
    for name in ("jo", "kim"):
        tenant.add_user(name.title(), local=name, domain=FREIGHT, aliases=[f"{name}@{DOMAIN}"])
    return tenant


@pytest.fixture
def checked(customer: Customer) -> Customer:
    check.check(customer.connection, customer.domain, customer.acting)
    return customer


def _add(customer: Customer, name: str = FREIGHT, organization: Organization | None = None) -> Domain:
    return edit.add_domain(organization or customer.domain.organization, name, customer.acting)


def _url(route: str, source: Source) -> str:
    return reverse(f"console:{route}", args=[source.domain.name, source.owner_id])


def _usable(domain: Domain, operator: Operator) -> list[Connection]:
    return share.usable(Domain.objects.select_related("organization").get(id=domain.id), operator)


def test_a_domain_of_the_tenant_that_is_missing_here_is_a_note_with_a_button(checked: Customer, people: People) -> None:
    run = checked.preview()
    url = reverse("console:run", args=[DOMAIN, run.id])
    told = (
        f"{FREIGHT} is verified in this tenant, but it is none of your domains here: when everybody was"
        " last compared, 2 addresses there were not taken."
    )
    add = reverse("console:domain-add")
    link = f'href="{add}?name={FREIGHT}&amp;organization={checked.domain.organization_id}">Add domain</a>'
    for name, may in [("owner", True), ("technician", False), ("viewer", False)]:
        page = people.client(name).get(url)
        assert told in words(page)
        assert (link in page.content.decode()) is may
        editor = people.client(name).get(_url("source", checked.source)).content.decode()
        assert "None of your domains here" in editor
        assert (f'aria-label="Add domain {FREIGHT}"' in editor) is may
    assert run.state == "planned"
    said = mailroll("preview", DOMAIN).out
    assert f"{told} Add it with: mailroll domain add {FREIGHT} --organization 'Brightwater Joinery'" in said


def test_after_adding_it_the_same_connection_is_one_click_away(checked: Customer, owner: Client) -> None:
    form = owner.get(f"{reverse('console:domain-add')}?name={FREIGHT}")
    assert f'value="{FREIGHT}"' in form.content.decode()
    page = owner.post(reverse("console:domain-add"), {"name": FREIGHT}, follow=True)
    assert f"{FREIGHT} was added." in words(page)
    assert f"Brightwater Joinery is connected already, and {FREIGHT} is verified in this tenant." in words(page)
    assert "The audit log keeps that you decided it." in words(page)
    assert USE in buttons(page)
    share = reverse("console:source-share", args=[FREIGHT])
    page = owner.post(share, {"connection": str(checked.connection.id)}, follow=True)
    assert "Connected to Office 365. 2 mailboxes of freight.example can be read." in words(page)
    assert "Also in this Console" in words(page)
    source = Source.objects.get(domain__name=FREIGHT)
    assert (source.connection, source.enabled) == (checked.connection, True)
    entry = AuditEntry.objects.get(action="source.connected")
    assert (entry.subject, entry.details["connection"]) == (FREIGHT, str(checked.connection.id))
    assert entry.details["on_consent_of_before"] is True
    assert entry.actor == "operator:priya@northgate.example"


def test_each_domain_takes_its_own_addresses_and_each_person_is_billed_once(checked: Customer) -> None:
    domain = _add(checked)
    sources.add(domain, checked.connection, checked.acting)
    run = checked.sync()
    assert "tenant_domain_not_here" not in {finding["code"] for finding in run.findings}
    make.run(domain, checked.acting)
    here = checked.roll()
    checked.domain = domain
    there = checked.roll()
    assert {address.partition("@")[2] for address in (*here, *there)} == {DOMAIN, FREIGHT}
    assert (here[f"jo@{DOMAIN}"].billable, there[f"jo@{FREIGHT}"].billable) == (False, True)
    assert len(there) == 2


def test_a_source_that_waits_offers_the_connection_and_takes_it_up(checked: Customer, owner: Client) -> None:
    source = sources.choose(_add(checked), "microsoft365", checked.acting)
    page = owner.get(_url("source", source))
    assert USE in buttons(page)
    owner.post(_url("source-use", source), {"connection": str(checked.connection.id)})
    source.refresh_from_db()
    assert source.connection == checked.connection
    checked.connection.refresh_from_db()
    assert checked.connection.health["people"] == {DOMAIN: 12, FREIGHT: 2}


def test_another_customer_s_connection_is_never_shown_nor_used(checked: Customer, people: People) -> None:
    theirs = _add(checked, organization=Organization.objects.get(name="Somebody Else"))
    source = sources.choose(theirs, "microsoft365", checked.acting)
    client = people.client("stranger")
    for url in (_url("source", source), reverse("console:source-add", args=[FREIGHT])):
        assert "Brightwater" not in words(client.get(url))
    for url in (_url("source-use", source), reverse("console:source-share", args=[FREIGHT])):
        page = words(client.post(url, {"connection": str(checked.connection.id)}, follow=True))
        assert "cannot use this connection, or no longer." in page
        assert "Brightwater" not in page
    source.refresh_from_db()
    assert source.connection is None
    # Nor does the customer whose tenant it is learn that somebody has the domain.
    told = words(people.client("owner").get(reverse("console:run", args=[DOMAIN, checked.preview().id])))
    assert f"{FREIGHT} is verified in this tenant, but it is none of your domains here" in told
    assert "Somebody Else" not in told


def test_a_connection_above_is_for_those_who_may_connect_there_too(checked: Customer, people: People) -> None:
    branch = edit.add_organization("Branch", checked.acting, parent=checked.domain.organization)
    domain = _add(checked, organization=branch)
    local = Operator.objects.create_user("local@northgate.example", name="Local")
    Membership.objects.create(operator=local, organization=branch, role=Role.ADMINISTRATOR)
    assert _usable(domain, people.owner) == [checked.connection]
    assert _usable(domain, people.technician) == []
    assert _usable(domain, local) == []
    source = sources.choose(domain, "microsoft365", checked.acting)
    with pytest.raises(BadInput) as unknown:
        share.use(source, checked.connection.id, local, checked.acting)
    assert unknown.value.code == "connection_unknown"
    share.use(source, checked.connection.id, people.owner, checked.acting)
    assert source.connection == checked.connection
    assert make.run(domain, checked.acting).state == "applied"
    finding = {one["code"] for one in checked.preview().findings}
    assert "tenant_domain_not_here" not in finding


def test_the_tenant_proves_the_domain_anew_when_it_is_taken_up(checked: Customer, people: People) -> None:
    domain = _add(checked)
    source = sources.choose(domain, "microsoft365", checked.acting)
    checked.tenant.unverify_domain(FREIGHT)
    with pytest.raises(NotVerified) as refused:
        share.use(source, checked.connection.id, people.owner, checked.acting)
    assert refused.value.code == "domain_not_verified"
    source.refresh_from_db()
    assert source.connection is None
    assert AuditEntry.objects.get(action="connect.refused").details["code"] == "domain_not_verified"
    other = _add(checked, "unknown.example")
    assert _usable(other, people.owner) == []


def test_a_connection_nobody_checked_yet_may_be_tried_and_another_tenant_is_refused(
    customer: Customer, people: People
) -> None:
    domain = _add(customer)
    assert _usable(domain, people.owner) == [customer.connection]
    source = sources.choose(domain, "microsoft365", customer.acting)
    Source.objects.filter(owner=source.owner_id).update(tenant="another")
    source.refresh_from_db()
    with pytest.raises(Refused) as refused:
        share.use(source, customer.connection.id, people.owner, customer.acting)
    assert refused.value.code == "other_tenant"
    page = people.client("owner").get(_url("source", source))
    assert not [button for button in buttons(page) if button.startswith("Use the connection")]


def test_an_alias_domain_of_the_tenant_is_here(checked: Customer, owner: Client) -> None:
    edit.add_domain_alias(checked.domain, FREIGHT, checked.acting)
    assert f"Alias domain of {DOMAIN}" in words(owner.get(_url("source", checked.source)))
    run = checked.preview()
    assert "tenant_domain_not_here" not in {finding["code"] for finding in run.findings}
