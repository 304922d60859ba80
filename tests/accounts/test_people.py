"""Roles that operators give to each other: nobody reaches further than their own, and somebody is always left."""

import pytest

from mailroll.accounts import access, demands, people
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, MailrollError, Refused
from mailroll.settings import Demand

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Organization:
    return Organization.objects.create(name="Northgate")


@pytest.fixture
def customer(provider: Organization) -> Organization:
    return Organization.objects.create(name="Brightwater", parent=provider)


def _held(name: str, place: Organization, role: Role) -> Membership:
    made, _ = Operator.objects.get_or_create(email=f"{name}@example.com")
    return Membership.objects.create(operator=made, organization=place, role=role.value)


@pytest.fixture
def boss(provider: Organization) -> Operator:
    return _held("boss", provider, Role.ADMINISTRATOR).operator


def test_an_administrator_changes_and_takes_roles_below_and_it_is_told(boss: Operator, customer: Organization) -> None:
    held = _held("jo", customer, Role.VIEWER)
    people.change_role(held, Role.ADMINISTRATOR, by=boss)
    assert access.may_settle(held.operator, customer)
    held.refresh_from_db()
    people.remove(held, by=boss)
    assert access.role_in(held.operator, customer) is None
    told = AuditEntry.objects.order_by("id").values_list("actor", "action", "subject")
    assert list(told) == [
        ("operator:boss@example.com", "membership.changed", "jo@example.com"),
        ("operator:boss@example.com", "membership.removed", "jo@example.com"),
    ]


def test_the_last_administrator_of_the_top_is_neither_removed_nor_demoted(
    boss: Operator, provider: Organization
) -> None:
    held = boss.memberships.get()
    with pytest.raises(Refused) as problem:
        people.change_role(held, Role.VIEWER, by=boss)
    assert problem.value.code == "administrator_is_the_last"
    off = _held("off", provider, Role.ADMINISTRATOR)
    Operator.objects.filter(id=off.operator_id).update(is_active=False)
    with pytest.raises(Refused):
        people.remove(held, by=boss)
    _held("two", provider, Role.ADMINISTRATOR)
    people.change_role(held, Role.VIEWER, by=boss)
    assert access.role_in(boss, provider) is Role.VIEWER


def test_the_last_of_a_customer_goes_where_the_provider_has_one(boss: Operator, customer: Organization) -> None:
    held = _held("jo", customer, Role.ADMINISTRATOR)
    people.remove(held, by=boss)
    own = Membership.objects.create(operator=boss, organization=customer, role="administrator")
    people.remove(own, by=boss)
    assert access.role_in(boss, customer) is Role.ADMINISTRATOR


def test_two_administrators_of_the_top_cannot_both_leave(boss: Operator, provider: Organization) -> None:
    other = _held("two", provider, Role.ADMINISTRATOR)
    people.remove(boss.memberships.get(), by=other.operator)
    with pytest.raises(MailrollError):
        people.remove(other, by=boss)
    with pytest.raises(Refused):
        people.remove(other, by=other.operator)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_a_role_where_they_do_not_administer(
    boss: Operator, provider: Organization, customer: Organization, role: Role
) -> None:
    for giver in (_held("technician", provider, Role.TECHNICIAN), _held("viewer", provider, Role.VIEWER)):
        with pytest.raises(Refused) as problem:
            people.check_grant(customer, role, by=giver.operator)
        assert problem.value.code == "role_not_yours_to_give"
    local = _held("local", customer, Role.ADMINISTRATOR)
    people.check_grant(customer, role, by=local.operator)
    with pytest.raises(BadInput):
        people.check_grant(provider, role, by=local.operator)


def test_a_customers_administrator_does_not_touch_the_provider_or_another_customer(
    boss: Operator, provider: Organization, customer: Organization
) -> None:
    local = _held("local", customer, Role.ADMINISTRATOR).operator
    sibling = Organization.objects.create(name="Coldharbour", parent=provider)
    theirs = _held("other", sibling, Role.VIEWER)
    for held in (boss.memberships.get(), theirs):
        with pytest.raises(BadInput) as problem:
            people.remove(held, by=local)
        assert problem.value.code == "membership_unknown"
        with pytest.raises(BadInput):
            people.change_role(held, Role.ADMINISTRATOR, by=local)
    with pytest.raises(BadInput):
        demands.demand(sibling, Demand.EVERYBODY, by=local)
    assert [one.operator.email for one in people.managed(local)] == ["local@example.com"]
    assert AuditEntry.objects.count() == 0
