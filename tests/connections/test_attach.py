"""Connections and sources: credentials stay secret, and one customer's connection is no other's."""

from random import Random
from uuid import uuid4

import pytest
from django.db import connection as database

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections import attach, check, credentials, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection, Source
from mailroll.directory import edit
from mailroll.directory.models import Address
from mailroll.insight.why.addresses import explain
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.sealing import SealingError
from mailroll_simulator import Tenant
from tests.sync.world import DOMAIN, PERMISSIONS, Customer

ACTING = Acting("test:priya")


def test_a_secret_is_nowhere_in_the_database(customer: Customer) -> None:
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{customer.secret}%"])
            assert cursor.fetchone() == (0,), table


def test_a_sealed_credential_does_not_open_in_another_row(customer: Customer) -> None:
    stranger = Connection(
        id=uuid4(),
        organization=customer.connection.organization,
        kind="microsoft365",
        cloud="custom",
        tenant_id=customer.connection.tenant_id,
        client_id=customer.connection.client_id,
        login_url=customer.connection.login_url,
        graph_url=customer.connection.graph_url,
        sealed_credential=customer.connection.sealed_credential,
    )
    with pytest.raises(SealingError):
        credentials.access(stranger)


def test_a_check_names_each_permission(customer: Customer) -> None:
    health = check.ask(customer.connection).health
    assert health.tenant == customer.tenant.id
    assert DOMAIN in health.domains
    assert {permission.name for permission in health.permissions} == set(PERMISSIONS)
    assert {permission.state.value for permission in health.permissions} == {"granted"}


def test_a_connection_without_what_is_merely_recommended_is_ok_and_one_without_what_is_needed_is_not(
    customer: Customer,
) -> None:
    principal = customer.tenant.principals[customer.connection.client_id]
    principal.roles = ("User.Read.All", "Domain.Read.All", "Organization.Read.All")
    assert check.check(customer.connection, None, ACTING) is None
    found = customer.connection.health
    assert found["state"] == "ok"
    states = {one["name"]: (one["state"], one["required"]) for one in found["permissions"]}
    assert states["Place.Read.All"] == ("missing", False)
    principal.roles = ("User.Read.All", "Organization.Read.All")
    assert check.check(customer.connection, None, ACTING) is None
    assert customer.connection.health["state"] == "incomplete"


def test_another_organization_s_connection_is_unknown(customer: Customer) -> None:
    other = edit.add_organization("Someone Else", ACTING)
    domain = edit.add_domain(other, "other.example", ACTING)
    with pytest.raises(BadInput) as unknown:
        sources.add(domain, customer.connection, ACTING)
    assert unknown.value.code == "connection_unknown"


def test_a_link_reaches_no_connection_above_its_organization(customer: Customer) -> None:
    branch = edit.add_organization("Branch", ACTING, parent=customer.domain.organization)
    customer.tenant.add_domain("branch.example")
    source = sources.choose(edit.add_domain(branch, "branch.example", ACTING), "microsoft365", ACTING)
    policy = attach.Proved(check.ask(customer.connection, source.domain), None)
    with pytest.raises(BadInput) as unknown:
        attach.attach(source, customer.connection, policy, ACTING)
    assert unknown.value.code == "connection_unknown"
    assert Source.objects.get(owner=source.owner_id).connection is None


@pytest.mark.parametrize(("who", "vouched"), [("top", True), ("branch", False), ("link", False)])
def test_who_stands_at_the_top_vouches_for_a_connection(customer: Customer, who: str, vouched: bool) -> None:
    assert credentials.access(customer.connection).proves, "who has the shell stands at the top"
    top = customer.domain.organization
    branch = edit.add_organization("Branch", ACTING, parent=top)
    domain = edit.add_domain(branch, "branch.example", ACTING)
    tenant = Tenant("Branch", "branch.onmicrosoft.com", "0d5c3c55-7c40-4d5a-9a3d-7a2f7f1c9b11", Random(8))
    tenant.add_domain(domain.name)
    customer.simulator.add_tenant(tenant)
    app = customer.simulator.register_app(display_name="Branch", permissions=PERMISSIONS, redirect_uris=())
    customer.simulator.consent(app, tenant)
    credential = Credential(secret=app.add_secret())
    offer = attach.offer(branch, "microsoft365", tenant.id, app.client_id, "custom", credential)
    operator = None if who == "link" else Operator.objects.create_user("jo@example.com", "a password of jo")
    if operator is not None:
        place = top if who == "top" else branch
        Membership.objects.create(operator=operator, organization=place, role=Role.ADMINISTRATOR)
        # A viewer at the top is no more than a viewer there.
        Membership.objects.get_or_create(operator=operator, organization=top, defaults={"role": Role.VIEWER})
    source = sources.choose(domain, "microsoft365", ACTING)
    made = attach.attach(source, offer, attach.Proved(check.ask(offer, domain), operator), ACTING)
    assert credentials.access(Connection.objects.get(id=made.id)).proves is vouched


def test_what_is_added_on_trust_replaces_no_credential_that_works(customer: Customer) -> None:
    held = customer.connection
    offer = attach.offer(
        held.organization, held.kind, held.tenant_id, held.client_id, held.cloud, Credential(secret="not-the-secret")
    )
    assert attach.attach(None, offer, attach.OnTrust(), ACTING).id != held.id
    assert credentials.access(Connection.objects.get(id=held.id)).values["secret"] == customer.secret


def test_nothing_of_a_domain_attached_on_trust_is_synced_that_the_tenant_has_not_verified(customer: Customer) -> None:
    domain = edit.add_domain(customer.domain.organization, "unverified.example", ACTING)
    sources.add(domain, customer.connection, ACTING)
    customer.domain = domain
    run = customer.sync()
    assert "domain_not_verified" in {finding["code"] for finding in run.findings}
    assert customer.everyone() == []


def test_two_sources_have_two_places_in_the_order(customer: Customer) -> None:
    second = sources.add(customer.domain, customer.connection, ACTING)
    assert second.precedence == customer.source.precedence + 1
    with pytest.raises(Refused) as taken:
        sources.add(customer.domain, customer.connection, ACTING, precedence=second.precedence)
    assert taken.value.code == "precedence_taken"


def test_setting_up_is_in_the_audit_trail_without_the_secret(customer: Customer) -> None:
    entries = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(entries) == ["organization.added", "domain.added", "connection.added", "source.added"]
    assert customer.secret not in str(list(AuditEntry.objects.values()))


def test_an_unread_source_holds_removals_and_lets_new_people_in(customer: Customer) -> None:
    customer.sync()
    broken = customer.simulator.register_app(display_name="Broken", permissions=PERMISSIONS, redirect_uris=())
    dead = attach.offer(
        customer.connection.organization,
        "microsoft365",
        customer.tenant.id,
        broken.client_id,
        "custom",
        Credential(secret="not-the-secret"),
    )
    sources.add(customer.domain, attach.attach(None, dead, attach.OnTrust(), ACTING), ACTING)
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.add_user("New Joiner", local="joiner")
    run = customer.sync()
    assert (run.counts["create"], run.counts["retire"]) == (1, 0)
    assert "source_unread" in {finding["code"] for finding in run.findings}
    assert f"p1@{DOMAIN}" in customer.roll()


def test_every_address_is_explained(customer: Customer) -> None:
    codes = {
        f"P0@{DOMAIN.upper()}": "held_by_user",
        f"nobody@{DOMAIN}": "not_listed",
        f"guest@{DOMAIN}": "guest",
        f"*@{DOMAIN}": "address_wildcard",
        "somebody@unknown.example": "domain_not_here",
        "bob": "address_syntax",
    }
    customer.tenant.add_guest("A Guest", mail="guest@outside.example", proxyAddresses=[f"SMTP:guest@{DOMAIN}"])
    customer.sync()
    for address, code in codes.items():
        why = explain(address, customer.time())
        assert why.accepted is (code == "held_by_user"), address
        assert code in {reason["code"] for reason in why.reasons}, address
        assert all(reason["message"] for reason in why.reasons), address


def test_a_retired_user_is_accepted_for_a_day(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.sync()
    assert explain(f"p1@{DOMAIN}", customer.time()).accepted
    ended = Address.objects.filter(address=f"p1@{DOMAIN}")
    ended.update(ending_since=customer.time(), confirmed_at=customer.time())
    customer.time.pass_(hours=25)
    why = explain(f"p1@{DOMAIN}", customer.time())
    assert not why.accepted
    assert {"retired", "gone_at_source"} <= {reason["code"] for reason in why.reasons}
