"""What is said about a user, and what is left unsaid."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.facts.attributes import SELECTABLE, Detailed, chosen
from mailroll.connectors.microsoft365.facts.plans import MAILBOX_PLANS
from mailroll.connectors.microsoft365.facts.records import record
from mailroll.connectors.microsoft365.facts.wire import GraphUser
from mailroll.reconcile.addresses import ProxyAddress, ProxyRole
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Record, Unreadable
from tests.connectors.hostile import TENANT, guid, user

PLAN = "efb87545-963c-4e0d-99df-69c6916d9eb0"
BASIC = "3b555118-da6a-4418-894f-7df1e2096870"
FOUNDATION = "113feb6c-3fe4-4440-bddc-54d774bf0318"


def of(thing: dict[str, Any], *attributes: str) -> Record | Unreadable:
    picked = chosen(attributes)
    kind = Detailed if picked.detailed else GraphUser
    return record(TENANT, msgspec.json.decode(json.dumps(thing), type=kind), picked)


def record_of(thing: dict[str, Any], *attributes: str) -> Record:
    found = of(thing, *attributes)
    assert isinstance(found, Record)
    return found


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in user(1).items() if key != name}


def plans(*states: tuple[str, str]) -> list[dict[str, str]]:
    return [{"servicePlanId": plan, "capabilityStatus": state, "service": "exchange"} for plan, state in states]


def test_identity_is_tenant_and_object_in_lower_case() -> None:
    assert record_of(user(1) | {"id": guid(0xABCDEF01).upper()}).id == f"{TENANT}:{guid(0xABCDEF01)}"


@pytest.mark.parametrize("name", ["", "x", f"{guid(1)}x", f"{{{guid(1)}}}", guid(1).replace("-", ""), f" {guid(1)}"])
def test_an_id_that_is_no_guid_is_no_id(name: str) -> None:
    found = of(user(1) | {"id": name})
    assert isinstance(found, Unreadable)
    assert (found.id, found.code) == (None, "id_malformed")


def test_addresses_keep_their_role_and_their_order() -> None:
    entries = ["smtp:a@contoso.com", "SMTP: Bob@contoso.com", "X500:/o=x", "sip:a@contoso.com", "SPO:x", "no prefix"]
    assert record_of(user(1, proxyAddresses=entries)).proxies == (
        ProxyAddress(ProxyRole.ALIAS, "a@contoso.com"),
        ProxyAddress(ProxyRole.PRIMARY, "Bob@contoso.com"),
        ProxyAddress(ProxyRole.OTHER, "X500:/o=x"),
        ProxyAddress(ProxyRole.OTHER, "sip:a@contoso.com"),
        ProxyAddress(ProxyRole.OTHER, "SPO:x"),
        ProxyAddress(ProxyRole.OTHER, "no prefix"),
    )


@pytest.mark.parametrize(
    ("property_", "field"),
    [
        ("proxyAddresses", "proxies"),
        ("mail", "mail"),
        ("displayName", "display_name"),
        ("assignedPlans", "mailbox_plan"),
        ("userType", "guest"),
        ("userPrincipalName", "guest"),
    ],
)
def test_what_is_absent_is_not_known(property_: str, field: str) -> None:
    assert getattr(record_of(without(property_)), field) is UNSET


def test_null_is_known_to_be_empty() -> None:
    found = record_of(user(1, proxyAddresses=None, mail=None, displayName=None, assignedPlans=None, userType=None))
    assert (found.proxies, found.mail, found.display_name, found.mailbox_plan) == ((), None, None, False)
    assert found.guest is False


def test_an_empty_list_is_empty() -> None:
    assert record_of(user(1, proxyAddresses=[])).proxies == ()


def test_nulls_for_want_of_rights_are_not_known() -> None:
    found = record_of(dict.fromkeys(user(1)) | {"id": guid(1)}, "jobTitle")
    assert (found.proxies, found.mail, found.mailbox_plan, found.guest) == (UNSET, UNSET, UNSET, UNSET)


@pytest.mark.parametrize(
    ("assigned", "has_mailbox"),
    [
        ([], False),
        (plans((PLAN, "Enabled")), True),
        (plans((PLAN, "Warning")), True),
        (plans((PLAN, "Suspended")), True),
        (plans((PLAN, "Deleted")), False),
        (plans((PLAN, "LockedOut")), True),
        (plans((PLAN.upper(), "Enabled")), True),
        (plans((PLAN, "Unheard")), False),
        (plans((FOUNDATION, "Enabled")), False),
        (plans((FOUNDATION, "Enabled"), (PLAN, "Deleted"), (PLAN, "Enabled")), True),
        ([{"servicePlanId": None, "capabilityStatus": None}, {}], False),
    ],
)
def test_a_mailbox_comes_with_an_active_plan_that_has_one(assigned: object, *, has_mailbox: bool) -> None:
    assert record_of(user(1, assignedPlans=assigned)).mailbox_plan is has_mailbox


@pytest.mark.parametrize(
    ("states", "is_lapsed"),
    [
        (("Suspended",), True),
        (("Suspended", "LockedOut", "Deleted"), True),
        (("Suspended", "Warning"), False),
        (("Enabled", "LockedOut"), False),
        (("Deleted",), False),
        ((), False),
    ],
)
def test_a_mailbox_lapses_with_the_last_plan_that_is_paid_for(states: tuple[str, ...], *, is_lapsed: bool) -> None:
    assigned = plans(*((PLAN, state) for state in states), (FOUNDATION, "Enabled"))
    assert record_of(user(1, assignedPlans=assigned)).plan_lapsed is is_lapsed


@pytest.mark.parametrize("mark", ["#microsoft.graph.agentUser", "#Microsoft.Graph.AgentUser"])
def test_an_agent_is_told_by_its_type(mark: str) -> None:
    assert record_of(user(1) | {"@odata.type": mark}).agent is True
    assert record_of(user(1) | {"@odata.type": "#microsoft.graph.user"}).agent is False
    assert record_of(user(1)).agent is False


@pytest.mark.parametrize("plan", sorted(MAILBOX_PLANS))
def test_every_listed_plan_counts(plan: str) -> None:
    assert record_of(user(1, assignedPlans=plans((plan, "Enabled")))).mailbox_plan is True


@pytest.mark.parametrize(
    ("changes", "guest"),
    [
        ({}, False),
        ({"userType": "Guest"}, True),
        ({"userType": None}, False),
        ({"userPrincipalName": "bob_ext.com#EXT#@contoso.onmicrosoft.com"}, True),
        ({"userPrincipalName": "bob_ext.com#ext#@contoso.onmicrosoft.com"}, True),
        ({"creationType": "Invitation"}, True),
        ({"creationType": "EmailVerified"}, False),
    ],
)
def test_guests_are_told_by_type_name_or_origin(changes: dict[str, Any], *, guest: bool) -> None:
    assert record_of(user(1, **changes)).guest is guest


def test_a_guest_is_known_as_one_even_where_other_properties_are_missing() -> None:
    assert record_of({"id": guid(1), "userType": "Guest"}).guest is True


@pytest.mark.parametrize(
    "changes",
    [
        {"displayName": "x" * 1_000_000},
        {"mail": "x" * 5_000},
        {"proxyAddresses": ["smtp:a@contoso.com"] * 10_000},
        {"proxyAddresses": [f"x500:{number}" for number in range(10_000)] + ["smtp:a@contoso.com"]},
        {"proxyAddresses": ["smtp:" + "x" * 1_000_000 + "@contoso.com", "smtp:a@contoso.com"]},
    ],
)
def test_what_no_mailbox_can_be_like_is_shortened_and_costs_no_address(changes: dict[str, Any]) -> None:
    found = record_of(user(1, **changes))
    assert found.id == f"{TENANT}:{guid(1)}"
    assert found.flaws == tuple(changes)
    assert found.proxies is not UNSET
    assert {"a@contoso.com", "person1@contoso.com"} & {proxy.text for proxy in found.proxies}
    assert len(found.proxies) <= 2_000
    assert all(len(proxy.text) <= 2_048 for proxy in found.proxies)


def test_an_object_without_a_guid_is_named_by_what_is_known_of_it() -> None:
    found = of(user(1, id="x", displayName="Ann\0"))
    assert isinstance(found, Unreadable)
    assert (found.id, found.name) == (None, "Ann\ufffd")
    assert set(found.addresses) == {"person1@contoso.com", "p1@contoso.com"}


def test_what_a_mailbox_can_be_like_is_read() -> None:
    entries = [f"smtp:{'x' * 300}{number}@contoso.com" for number in range(333)]
    proxies = record_of(user(1, proxyAddresses=entries)).proxies
    assert proxies is not UNSET
    assert len(proxies) == 333


def test_attributes_are_those_that_were_asked_for() -> None:
    assert record_of(user(1)).attributes == {}
    thing = user(1, accountEnabled=False, assignedLicenses=[{"skuId": BASIC.upper(), "disabledPlans": []}])
    names = ("id", "accountEnabled", "mailEnabled", "assignedLicenses", "proxyAddress", "companyName")
    assert record_of(thing, *names).attributes == {
        "id": guid(1),
        "accountEnabled": False,
        "mailEnabled": True,
        "assignedLicenses": (BASIC, "O365_BUSINESS_ESSENTIALS", "Microsoft 365 Business Basic"),
        "proxyAddresses": (
            "SMTP:person1@contoso.com",
            "smtp:p1@contoso.com",
            "person1@contoso.com",
            "p1@contoso.com",
        ),
        "companyName": UNSET,
    }


@given(st.dictionaries(st.sampled_from(sorted({each.property for each in SELECTABLE} - {"id", ""})), st.none()))
def test_every_attribute_takes_null_and_absence(changes: dict[str, None]) -> None:
    names = [each.attribute.name for each in SELECTABLE]
    thing = {"id": guid(1), "userPrincipalName": "a@contoso.com"} | {
        name: value for name, value in changes.items() if name != "userPrincipalName"
    }
    found = record_of(thing, *names).attributes
    for each in SELECTABLE:
        if each.property:
            assert (found[each.attribute.name] is UNSET) == (each.property not in thing)
        else:
            assert each.attribute.name not in found
