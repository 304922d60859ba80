"""One tenant with every kind of object and address: each comes out as `mess.txt` says, and is explained."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.utils import timezone

from mailroll.connections import connections
from mailroll.insight.why.addresses import explain
from mailroll.reconcile.reasons import KIND_RULES
from mailroll.sync.models import RunState
from mailroll_simulator import Simulator, Tenant
from mailroll_simulator.tenants import mess
from tests.sync import world
from tests.sync.test_since import DELTAS, by_schedule
from tests.sync.test_unchanged import settle
from tests.sync.world import PERMISSIONS, Customer

DOMAIN: Final = "mess.example"
TABLE: Final = Path(__file__).with_name("mess.txt")
WAYS: Final = ("with all permissions", "without a look at mailboxes", "hybrid")
SAME: Final = '"'
BY: Final = ("by product", "by plan")
"""Where the mailbox plans of people come from: the tenant's list of products, or their own plans."""

Outcomes = dict[tuple[str, str], str]
"""What becomes of each address of each object."""


def table(way: str) -> Outcomes:
    """Read one column of `mess.txt`."""
    rows = [
        [cell.strip() for cell in line.split("|")]
        for line in TABLE.read_text(encoding="utf-8").splitlines()
        if "|" in line
    ]
    column = rows[0].index(way)
    return {(row[0], row[1]): row[2] if row[column] == SAME else row[column] for row in rows[1:]}


def short(address: str) -> str:
    """An address as the table has it: the longest of them are cut."""
    return address if len(address) <= 48 else f"{address[:24]}…{address[-20:]}"


def addresses(tenant: Tenant) -> Iterator[tuple[str, str]]:
    """Every text of the tenant that looks like an address, once for each object, with the object's name."""
    for item in (*tenant.users, *tenant.groups, *tenant.contacts):
        other = item.properties.get("otherMails")
        seen: set[str] = set()
        for text in (item.mail, *item.proxy_addresses, *(map(str, other) if isinstance(other, list | tuple) else ())):
            prefix, colon, rest = text.partition(":")
            address = (rest if colon else prefix).strip()
            if "@" in address and address.lower() not in seen:
                seen.add(address.lower())
                yield address, item.text("displayName")


def outcome(address: str, name: str) -> str:
    """What the product makes of an address, and the rule that it names."""
    why = explain(address, timezone.now())
    codes = [reason["code"] for reason in why.reasons]
    if not why.accepted:
        return next(code for code in codes if code not in {"not_in_list", "former_address"})
    assert why.user is not None
    if why.user.display_name != name:
        return "address_taken"
    billed = "billed" if why.user.billable else "not billed"
    return f"{why.user.kind}, {billed}: {next(code for code in codes if code in KIND_RULES)}"


@pytest.fixture
def tenant() -> Tenant:
    return mess()


@pytest.fixture
def customer(transactional_db: None, simulator: Simulator, tenant: Tenant) -> Customer:
    return world.connect(simulator, tenant, DOMAIN)


def ready(customer: Customer, way: str, by: str) -> None:
    (principal,) = customer.tenant.principals.values()
    without = {"MailboxSettings.Read", "Place.Read.All"} if way == "without a look at mailboxes" else set()
    without |= {"Organization.Read.All"} if by == "by plan" else set()
    principal.roles = tuple(name for name in PERMISSIONS if name not in without)
    if way == "hybrid":
        connections.set_hybrid(customer.connection, customer.acting, on=True)


@pytest.mark.parametrize(("way", "by"), [*((way, BY[0]) for way in WAYS), (WAYS[0], BY[1])])
def test_every_address_comes_out_as_the_table_says(customer: Customer, way: str, by: str) -> None:
    ready(customer, way, by)
    assert customer.sync().state == RunState.APPLIED
    found = {(short(address), name): outcome(address, name) for address, name in addresses(customer.tenant)}
    microsofts = {key: told for key, told in found.items() if ".onmicrosoft." in key[0]}
    assert set(microsofts.values()) == {"address_onmicrosoft"}
    assert {key: told for key, told in found.items() if key not in microsofts} == table(way)
    (listing, *_) = (seen.query for seen in customer.simulator.requests.to("/users") if "$top=" in seen.query)
    assert ("assignedLicenses" in listing, "assignedPlans" in listing) == (by == "by product", by == "by plan")
    # The roll has nothing that the table does not know.
    known = {address.lower() for address, _ in addresses(customer.tenant)}
    held = {address for user in customer.everyone() for address in (user.address, *user.aliases) if address}
    assert held <= known
    assert {address.rpartition("@")[2] for address in held} == {DOMAIN}
    # Nothing is left to do, and nothing of the directory changed.
    assert customer.sync().state == RunState.UNCHANGED


def test_it_comes_out_the_same_where_half_of_it_is_told_of_later(customer: Customer) -> None:
    tenant = customer.tenant
    ready(customer, WAYS[0], BY[1])  # whom plans are asked of by id, is listed each time
    tenant.late, tenant.index_late = 0.0, 0.0
    # Of an address that two hold, whoever comes first has it, and not who is listed first.
    later = [user for user in tenant.users if "two hold" not in user.text("displayName")][::2]
    for user in later:
        tenant.delete_user(user)
    customer.sync()
    settle(customer)
    assert any(by_schedule(customer)[1] == DELTAS for _ in range(4))
    unlisted = 0
    for start in range(0, len(later), 6):
        for user in later[start : start + 6]:
            tenant.restore_user(user)
        run, asked = by_schedule(customer)
        unlisted += "/users" not in asked
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED}, run.error
    assert unlisted > 1
    found = {(short(address), name): outcome(address, name) for address, name in addresses(tenant)}
    assert {key: told for key, told in found.items() if ".onmicrosoft." not in key[0]} == table(WAYS[0])
