"""What a run has seen of a connection is kept with it: refusals, permissions that went and came, and its name."""

from typing import Any

import pytest

from mailroll.audit.models import AuditEntry
from mailroll.connections import check, health, sources
from mailroll.connections.sources import SourceSwitch
from mailroll.insight import overview
from mailroll.insight.overview import Cause
from mailroll.sync.models import RunState
from tests.sync.test_siblings import other_connection
from tests.sync.world import PERMISSIONS, Customer

PLACES = "Place.Read.All"


def principal(customer: Customer) -> Any:
    return customer.tenant.principals[customer.connection.client_id]


def kept(customer: Customer) -> dict[str, Any]:
    customer.connection.refresh_from_db()
    found: dict[str, Any] = customer.connection.health
    return found


def states(customer: Customer) -> dict[str, str]:
    return {each["name"]: each["state"] for each in kept(customer)["permissions"]}


def told(customer: Customer, action: str) -> list[dict[str, Any]]:
    entries = AuditEntry.objects.filter(action=action, subject=str(customer.connection.id))
    return list(entries.values_list("details", flat=True))


def test_a_run_that_is_not_let_in_says_so_at_the_connection_until_one_is(customer: Customer) -> None:
    customer.sync()
    holder = customer.tenant.principals.pop(customer.connection.client_id)
    assert customer.sync().state == RunState.FAILED
    found = kept(customer)
    assert found["state"] == "refused"
    assert "Consent was withdrawn by an administrator of Brightwater Joinery" in found["error"]["message"]
    assert states(customer)["User.Read.All"] == "granted", "what was known stays"
    customer.tenant.principals[customer.connection.client_id] = holder
    assert customer.sync().state != RunState.FAILED
    assert (kept(customer)["state"], kept(customer)["error"]) == ("ok", None)


@pytest.mark.parametrize(
    ("gone", "code"), [(PLACES, "permission_lost"), ("OrgContact.Read.All", "type_unread")], ids=["places", "contacts"]
)
def test_a_lost_recommended_permission_is_a_finding_once_and_stands_with_the_connection(
    customer: Customer, gone: str, code: str
) -> None:
    check.check(customer.connection, customer.domain, customer.acting)
    principal(customer).roles = tuple(name for name in PERMISSIONS if name != gone)
    run = customer.sync()
    assert [one["code"] for one in run.findings if one["code"] in {"permission_lost", "type_unread"}] == [code]
    assert (kept(customer)["state"], health.lost(kept(customer))) == ("lessened", (gone,))
    assert told(customer, "connection.permission_lost") == [{"permission": gone}]
    standing = overview.standing(customer.domain, customer.time())
    assert standing.cause is Cause.PERMISSION
    customer.sync()
    assert len(told(customer, "connection.permission_lost")) == 1
    principal(customer).roles = PERMISSIONS
    again = customer.sync()
    assert not [one for one in again.findings if one["code"] in {"permission_lost", "type_unread"}]
    assert (kept(customer)["state"], states(customer)[gone]) == ("ok", "granted")


def test_what_one_connection_lost_is_told_although_the_reading_of_another_names_the_same(customer: Customer) -> None:
    also = sources.add(customer.domain, other_connection(customer), customer.acting)
    assert also.connection is not None
    sources.set_switch(also, SourceSwitch.CONTACTS, customer.acting, on=False)
    check.check(also.connection, customer.domain, customer.acting)
    for one in (customer.connection, also.connection):
        holder = customer.tenant.principals[one.client_id]
        holder.roles = tuple(name for name in PERMISSIONS if name != "OrgContact.Read.All")
    check.check(also.connection, customer.domain, customer.acting)
    assert {"type_unread", "permission_lost"} <= {one["code"] for one in customer.sync().findings}


@pytest.mark.parametrize("gone", [PLACES, "OrgContact.Read.All"])
def test_what_two_connections_lack_in_the_same_words_is_said_once(customer: Customer, gone: str) -> None:
    also = sources.add(customer.domain, other_connection(customer), customer.acting)
    assert also.connection is not None
    for one in (customer.connection, also.connection):
        check.check(one, customer.domain, customer.acting)
        customer.tenant.principals[one.client_id].roles = tuple(name for name in PERMISSIONS if name != gone)
    told = [one for one in customer.sync().findings if one["code"] in {"permission_lost", "type_unread"}]
    assert len(told) == 1


def test_what_was_never_granted_is_not_lost(customer: Customer) -> None:
    principal(customer).roles = tuple(name for name in PERMISSIONS if name != PLACES)
    check.check(customer.connection, customer.domain, customer.acting)
    run = customer.sync()
    assert "permission_lost" not in {one["code"] for one in run.findings}
    assert (kept(customer)["state"], states(customer)[PLACES]) == ("ok", "missing")
